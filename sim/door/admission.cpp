#include "sim/door/admission.hpp"

#include <fmt/format.h>

namespace pitstop::sim {
namespace {

constexpr Seconds greatest_skew = std::chrono::minutes(5);

bool speaks_json(Service service) {
  return service == Service::kms || service == Service::ssm || service == Service::scheduler;
}

// The codes are EC2's; where a service has another one for the same, its API turns it into that.
std::unexpected<ApiError> unknown_key() {
  return refuse("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
}

std::unexpected<ApiError> wrong_signature() {
  return refuse("SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided.",
                403);
}

// The rest means more than one thing at EC2: "Common errors" of the API References of EC2, of the
// services that speak the Query protocol, and of those that speak JSON.
std::unexpected<ApiError> expired_key(Service service) {
  if (service == Service::ec2) {
    return refuse("RequestExpired", "Request has expired.");
  }
  return refuse(speaks_json(service) ? "ExpiredTokenException" : "ExpiredToken",
                "The security token included in the request is expired", 403);
}

std::unexpected<ApiError> wrong_date(Service service, WallTime dated_at, WallTime now) {
  if (service == Service::ec2) {
    return refuse("RequestExpired",
                  fmt::format("Request has expired. Timestamp date is {}", rfc3339(dated_at)));
  }
  const auto when = dated_at < now ? "expired" : "not yet current";
  return refuse("SignatureDoesNotMatch",
                fmt::format("Signature {}: {} is not within 5 min of {}", when, rfc3339(dated_at),
                            rfc3339(now)),
                403);
}

}  // namespace

WallTime Admission::date_of(const HttpRequest& request) const {
  const auto correction = request.signature ? request.signature->correction : Milliseconds(0);
  return client_.wall() + correction;
}

Answer<void> Admission::admit(const AwsSignature& signature, WallTime dated_at, Service service,
                              WallTime now) const {
  const auto known = keys_.find(signature.access_key_id);
  if (known == keys_.end() || known->second.token != signature.session_token.reveal()) {
    return unknown_key();
  }
  if (std::chrono::abs(now - dated_at) > greatest_skew) {
    return wrong_date(service, dated_at, now);
  }
  if (known->second.secret != signature.secret_access_key.reveal()) {
    return wrong_signature();
  }
  if (known->second.expires && *known->second.expires <= now) {
    return expired_key(service);
  }
  return {};
}

}  // namespace pitstop::sim
