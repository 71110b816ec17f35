#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <array>

#include "support/fault_server.hpp"
#include "support/openssl.hpp"

namespace pitstop::test {
namespace {

using testing::EndsWith;

struct Visit {
  long verdict = -1;  ///< X509_V_OK or what is wrong with the certificate
  std::string reply;
};

/// Fetches / from the server, whatever the certificate is worth.
Visit visit(const FaultServer& server, const std::filesystem::path& trusted, const char* address) {
  const OpensslPointer<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_client_method()));
  if (!trusted.empty()) {
    SSL_CTX_load_verify_locations(context.get(), trusted.c_str(), nullptr);
  }
  const BioPointer connection(BIO_new_ssl_connect(context.get()));
  BIO_set_conn_hostname(connection.get(), fmt::format("127.0.0.1:{}", server.port()).c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address);
  if (BIO_do_handshake(connection.get()) != 1) {
    return {};
  }
  Visit visit{SSL_get_verify_result(ssl), {}};
  BIO_puts(connection.get(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::array<char, 4096> part;
  int got = 0;
  while ((got = BIO_read(connection.get(), part.data(), part.size())) > 0) {
    visit.reply.append(part.data(), static_cast<std::size_t>(got));
  }
  return visit;
}

TEST(FaultServerTls, IsTrustedByWhoKnowsItsCertificate) {
  FaultServer server({.tls = CertificateOptions{}});
  server.on_any().always().reply(200, std::string(100'000, 'x') + "<ok/>");

  const auto seen = visit(server, server.ca_file(), "127.0.0.1");

  EXPECT_EQ(seen.verdict, X509_V_OK);
  EXPECT_THAT(seen.reply, EndsWith("x<ok/>"));
  EXPECT_THAT(server.endpoint(), testing::StartsWith("https://127.0.0.1:"));
}

TEST(FaultServerTls, IsNotTrustedByOthers) {
  FaultServer server({.tls = CertificateOptions{}});
  EXPECT_EQ(visit(server, {}, "127.0.0.1").verdict, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
  EXPECT_EQ(visit(server, server.ca_file(), "127.0.0.2").verdict, X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST(FaultServerTls, CanBeExpired) {
  FaultServer server({.tls = CertificateOptions{.expired = true}});
  EXPECT_EQ(visit(server, server.ca_file(), "127.0.0.1").verdict, X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST(FaultServerTls, FailsInTheSameWays) {
  FaultServer server({.tls = CertificateOptions{}});
  server.on_any().nth(1).close_unanswered();
  server.on_any().nth(2).garbage("?");

  EXPECT_EQ(visit(server, server.ca_file(), "127.0.0.1").reply, "");
  EXPECT_EQ(visit(server, server.ca_file(), "127.0.0.1").reply, "?");
}

}  // namespace
}  // namespace pitstop::test
