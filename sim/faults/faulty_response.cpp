#include "sim/faults/faulty_response.hpp"

#include <fmt/format.h>

#include "sim/scheduler/api.hpp"

namespace pitstop::sim {
namespace {

constexpr auto no_request_id = "00000000-0000-0000-0000-000000000000";

std::optional<ApiError> error_of_ec2(FaultKind kind) {
  switch (kind) {
    case FaultKind::throttled:
      return ApiError{"RequestLimitExceeded", "Request limit exceeded.", 503};
    case FaultKind::unavailable:
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

std::optional<ApiError> error_of_scheduler(FaultKind kind) {
  switch (kind) {
    case FaultKind::throttled:
      return ApiError{"ThrottlingException", "Rate exceeded", 429};
    case FaultKind::unavailable:
    case FaultKind::no_capacity:
      return ApiError{"ServiceUnavailable", "The service is not available at the moment.", 503};
    case FaultKind::internal_error:
      return ApiError{"InternalServerException", "Unexpected error encountered.", 500};
    case FaultKind::denied:
      return ApiError{"AccessDeniedException", "You are not authorized to perform this action.",
                      403};
    default:
      return std::nullopt;
  }
}

HttpResponse as_xml(const ApiError& error) {
  return {error.status,
          {{"Content-Type", "text/xml;charset=UTF-8"}},
          fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Errors><Error><Code>{}"
                      "</Code><Message>{}</Message></Error></Errors><RequestID>{}</RequestID>"
                      "</Response>",
                      error.code, error.message, no_request_id)};
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
      return true;
    case FaultKind::throttled:
    case FaultKind::unavailable:
    case FaultKind::no_capacity:
    case FaultKind::denied:
    case FaultKind::html_page:
    case FaultKind::lost_request:
      return false;
  }
  return true;
}

std::optional<HttpResponse> faulty_response(FaultKind kind, Service service) {
  if (kind == FaultKind::html_page) {
    return html_page();
  }
  const auto error = service == Service::ec2 ? error_of_ec2(kind) : error_of_scheduler(kind);
  if (!error) {
    return std::nullopt;
  }
  return service == Service::ec2 ? as_xml(*error) : scheduler_refusal(*error, no_request_id);
}

bool is_silent(FaultKind kind) {
  return kind == FaultKind::lost_request || kind == FaultKind::lost_reply ||
         kind == FaultKind::late;
}

}  // namespace pitstop::sim
