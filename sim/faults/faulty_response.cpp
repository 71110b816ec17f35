#include "sim/faults/faulty_response.hpp"

#include "sim/refusal.hpp"

namespace pitstop::sim {
namespace {

std::optional<ApiError> error_of_ec2(FaultKind kind) {
  switch (kind) {
    case FaultKind::throttled:
      return ApiError{"RequestLimitExceeded", "Request limit exceeded.", 503};
    case FaultKind::unavailable:
    case FaultKind::contention:
      return ApiError{"Unavailable", "The server is overloaded and cannot handle the request.",
                      503};
    case FaultKind::internal_error:
      return ApiError{"InternalError", "An internal error has occurred", 500};
    case FaultKind::no_capacity:
      return ApiError{"InsufficientInstanceCapacity",
                      "We currently do not have sufficient capacity in the Availability Zone you "
                      "requested.",
                      500};
    case FaultKind::denied:
      return ApiError{"UnauthorizedOperation", "You are not authorized to perform this operation.",
                      403};
    default:
      return std::nullopt;
  }
}

/// What services other than EC2 call their errors.
struct Words {
  std::string_view throttled;
  int throttled_status;
  std::string_view unavailable;
  std::string_view internal_error;
  std::string_view denied;
  int denied_status;
};

Words words_of(Service service) {
  switch (service) {
    case Service::ec2:
    case Service::auto_scaling:
    case Service::load_balancing:
      break;
    case Service::scheduler:
      return {"ThrottlingException",   429, "ServiceUnavailable", "InternalServerException",
              "AccessDeniedException", 403};
    case Service::kms:
      return {"ThrottlingException",   400, "DependencyTimeoutException", "KMSInternalException",
              "AccessDeniedException", 400};
    case Service::ssm:
      return {"ThrottlingException",   400, "ServiceUnavailable", "InternalServerError",
              "AccessDeniedException", 400};
  }
  return {"Throttling", 400, "ServiceUnavailable", "InternalFailure", "AccessDenied", 403};
}

std::optional<ApiError> error_of_another(FaultKind kind, Service service) {
  const auto words = words_of(service);
  switch (kind) {
    case FaultKind::throttled:
      return ApiError{std::string(words.throttled), "Rate exceeded", words.throttled_status};
    case FaultKind::contention:
      if (service == Service::auto_scaling) {
        return ApiError{"ResourceContention",
                        "The Auto Scaling group has a pending update: try again later.", 500};
      }
      [[fallthrough]];
    case FaultKind::unavailable:
    case FaultKind::no_capacity:
      return ApiError{std::string(words.unavailable), "The service is not available at the moment.",
                      503};
    case FaultKind::internal_error:
      return ApiError{std::string(words.internal_error), "Unexpected error encountered.", 500};
    case FaultKind::denied:
      return ApiError{std::string(words.denied), "You are not authorized to perform this action.",
                      words.denied_status};
    default:
      return std::nullopt;
  }
}

HttpResponse html_page() {
  return {503,
          {{"Content-Type", "text/html"}},
          "<html><head><title>503 Service Unavailable</title></head><body><center><h1>503 Service "
          "Unavailable</h1></center></body></html>"};
}

}  // namespace

bool takes_effect(FaultKind kind) {
  switch (kind) {
    case FaultKind::none:
    case FaultKind::internal_error:
    case FaultKind::cut_reply:
    case FaultKind::lost_reply:
    case FaultKind::late:
    case FaultKind::false_refusal:
      return true;
    case FaultKind::throttled:
    case FaultKind::unavailable:
    case FaultKind::no_capacity:
    case FaultKind::contention:
    case FaultKind::denied:
    case FaultKind::html_page:
    case FaultKind::lost_request:
      return false;
  }
  return true;
}

std::optional<HttpResponse> faulty_response(const Fault& fault, Service service) {
  if (fault.kind == FaultKind::html_page) {
    return html_page();
  }
  if (fault.kind == FaultKind::false_refusal) {
    const ApiError error{fault.code, "The request was refused, and carried out.", fault.status};
    return refusal_of(service, error, no_request_id);
  }
  const auto error =
      service == Service::ec2 ? error_of_ec2(fault.kind) : error_of_another(fault.kind, service);
  if (!error) {
    return std::nullopt;
  }
  return refusal_of(service, *error, no_request_id);
}

bool is_silent(FaultKind kind) {
  return kind == FaultKind::lost_request || kind == FaultKind::lost_reply ||
         kind == FaultKind::late;
}

}  // namespace pitstop::sim
