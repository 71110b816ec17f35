#pragma once

#include <memory>

#include "support/certificate.hpp"
#include "support/loopback.hpp"

namespace pitstop::test {

/// The server's side of TLS.
class TlsServer {
 public:
  explicit TlsServer(const Certificate& certificate);
  ~TlsServer();

  /// Shakes hands over a connection; throws ConnectionLost if the client does not want to.
  std::unique_ptr<ByteStream> accept(Socket& socket) const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace pitstop::test
