#include "support/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <string>

#include "base/check.hpp"
#include "support/openssl.hpp"

namespace pitstop::test {

namespace {

BioPointer reading(const std::string& text) {
  return BioPointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// OpenSSL sees two buffers in memory; the socket is ours to wait on.
class TlsStream final : public ByteStream {
 public:
  TlsStream(SSL_CTX* context, Socket& socket)
      : ssl_(SSL_new(context)),
        incoming_(BIO_new(BIO_s_mem())),
        outgoing_(BIO_new(BIO_s_mem())),
        socket_(socket) {
    CHECK(ssl_ != nullptr && incoming_ != nullptr && outgoing_ != nullptr);
    SSL_set_bio(ssl_.get(), incoming_, outgoing_);
    complete([this] { return SSL_accept(ssl_.get()); });
  }

  std::size_t read(std::span<char> into) override {
    const auto size = static_cast<int>(into.size());
    return complete([&] { return SSL_read(ssl_.get(), into.data(), size); });
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      constexpr std::size_t record = 16384;
      const auto part = bytes.substr(0, record);
      const auto size = static_cast<int>(part.size());
      bytes.remove_prefix(complete([&] { return SSL_write(ssl_.get(), part.data(), size); }));
    }
  }

 private:
  /// Repeats a step of OpenSSL until it has what it needs; returns its positive result, 0 at the
  /// end.
  template <class Step>
  std::size_t complete(Step step) {
    while (true) {
      ERR_clear_error();
      const int result = step();
      const int error = SSL_get_error(ssl_.get(), result);
      send_outgoing();
      if (result > 0) {
        return static_cast<std::size_t>(result);
      }
      if (error == SSL_ERROR_ZERO_RETURN) {
        return 0;
      }
      if (error != SSL_ERROR_WANT_READ) {
        throw ConnectionLost("TLS failed");
      }
      if (!receive()) {
        return 0;
      }
    }
  }

  void send_outgoing() {
    std::array<char, 16384> part;
    int got = 0;
    while ((got = BIO_read(outgoing_, part.data(), part.size())) > 0) {
      socket_.write({part.data(), static_cast<std::size_t>(got)});
    }
  }

  bool receive() {
    std::array<char, 16384> part;
    const auto got = socket_.read(part);
    BIO_write(incoming_, part.data(), static_cast<int>(got));
    return got > 0;
  }

  OpensslPointer<SSL, SSL_free> ssl_;
  BIO* incoming_;  ///< owned by `ssl_`, both of them
  BIO* outgoing_;
  Socket& socket_;
};

}  // namespace

struct TlsServer::Context {
  OpensslPointer<SSL_CTX, SSL_CTX_free> ssl{SSL_CTX_new(TLS_server_method())};
};

TlsServer::TlsServer(const Certificate& certificate) : context_(std::make_unique<Context>()) {
  const BioPointer certificate_text = reading(certificate.certificate);
  const BioPointer key_text = reading(certificate.private_key);
  const OpensslPointer<X509, X509_free> shown(
      PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
  const OpensslPointer<EVP_PKEY, EVP_PKEY_free> key(
      PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  CHECK(SSL_CTX_use_certificate(context_->ssl.get(), shown.get()) == 1);
  CHECK(SSL_CTX_use_PrivateKey(context_->ssl.get(), key.get()) == 1);
}

TlsServer::~TlsServer() = default;

std::unique_ptr<ByteStream> TlsServer::accept(Socket& socket) const {
  return std::make_unique<TlsStream>(context_->ssl.get(), socket);
}

}  // namespace pitstop::test
