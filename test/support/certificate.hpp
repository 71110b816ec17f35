#pragma once

#include <string>

namespace pitstop::test {

struct CertificateOptions {
  std::string names = "DNS:localhost,IP:127.0.0.1";  ///< whom it is valid for, as OpenSSL writes it
  bool expired = false;
};

/// Both in PEM.
struct Certificate {
  std::string certificate;
  std::string private_key;
};

/// Signed by itself: a client trusts it when it is given as the CA.
Certificate make_certificate(const CertificateOptions& options = {});

}  // namespace pitstop::test
