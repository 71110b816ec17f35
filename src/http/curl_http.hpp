#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/semaphore.hpp"
#include "http/http.hpp"

namespace pitstop {

struct CurlSettings {
  /// PEM file of the certificate authorities to trust (AWS_CA_BUNDLE); the system's if absent.
  std::optional<std::string> ca_bundle = {};
  std::string user_agent = "pitstop";
  /// Requests beyond that wait their turn, in order.
  std::size_t most_at_once = 32;
  /// By which signatures are dated, as the request leaves; null: by curl's own, which cannot be
  /// corrected.
  const Clock* clock = nullptr;
};

/// Http over libcurl: kept connections, verified TLS, SigV4 signatures, proxies from the
/// environment (https_proxy, http_proxy, no_proxy as curl has them). Never follows a redirect.
class CurlHttp final : public Http {
 public:
  CurlHttp(Executor executor, CurlSettings settings);
  ~CurlHttp() override;

  Task<Result<HttpResponse>> send(HttpRequest request) override;

 private:
  class Transfers;
  Semaphore turns_;
  std::shared_ptr<Transfers> transfers_;
};

}  // namespace pitstop
