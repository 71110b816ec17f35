#pragma once

#include <optional>
#include <string>

#include "aws/identity.hpp"
#include "aws/service_api.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "http/http.hpp"

namespace pitstop {

/// A call of a service other than EC2, whatever its protocol.
struct ServiceCall {
  std::string action;  ///< "EnterStandby"
  /// Whether an attempt whose answer is lost may have changed something.
  bool changes = false;
  std::string method = "POST";
  std::string target = "/";  ///< path and query, behind the endpoint
  std::vector<HttpHeader> headers = {};
  std::string body = {};
  std::optional<Duration> patience = {};
};

struct ServiceOutcome {
  /// The body of the answer.
  Result<std::string> reply;
  /// Whether an attempt may have happened without our seeing its answer.
  bool may_have_happened = false;

  /// What the last attempt said, unless an earlier one may have happened: `unknown_fate`.
  Error error() &&;
};

/// Calls services that do no harm when they are called twice: calls are made again as their errors
/// say, with the waits of base/backoff, until the patience ends (that of the call, or the usual
/// one).
class ServiceCaller {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  ServiceCaller(const ServiceApi& api, Http& http, Identity& identity, Clock& clock, Random& random,
                Milliseconds attempt_timeout, Duration patience)
      : api_(api),
        http_(http),
        identity_(identity),
        clock_(clock),
        random_(random),
        attempt_timeout_(attempt_timeout),
        patience_(patience) {}

  /// Until it has an answer that lasts.
  Task<ServiceOutcome> call(ServiceCall call);

  const ServiceApi& api() const { return api_; }

 private:
  /// Once: the body of a success.
  Task<Result<std::string>> attempt(ServiceCall call);
  Result<HttpRequest> request_for(const ServiceCall& call) const;

  const ServiceApi& api_;
  Http& http_;
  Identity& identity_;
  Clock& clock_;
  Random& random_;
  Milliseconds attempt_timeout_;
  Duration patience_;
};

}  // namespace pitstop
