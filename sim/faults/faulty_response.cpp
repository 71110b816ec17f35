#include "sim/faults/faulty_response.hpp"

#include <fmt/format.h>

namespace pitstop::sim {
namespace {

HttpResponse error(int status, std::string_view code, std::string_view message) {
  return {status,
          {{"Content-Type", "text/xml;charset=UTF-8"}},
          fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Errors><Error><Code>{}"
                      "</Code><Message>{}</Message></Error></Errors><RequestID>"
                      "00000000-0000-0000-0000-000000000000</RequestID></Response>",
                      code, message)};
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

std::optional<HttpResponse> faulty_response(FaultKind kind) {
  switch (kind) {
    case FaultKind::throttled:
      return error(503, "RequestLimitExceeded", "Request limit exceeded.");
    case FaultKind::unavailable:
      return error(503, "Unavailable", "The server is overloaded and cannot handle the request.");
    case FaultKind::internal_error:
      return error(500, "InternalError", "An internal error has occurred");
    case FaultKind::no_capacity:
      return error(500, "InsufficientInstanceCapacity",
                   "We currently do not have sufficient capacity in the Availability Zone you "
                   "requested.");
    case FaultKind::denied:
      return error(403, "UnauthorizedOperation",
                   "You are not authorized to perform this operation.");
    case FaultKind::html_page:
      return html_page();
    case FaultKind::none:
    case FaultKind::cut_reply:
    case FaultKind::lost_request:
    case FaultKind::lost_reply:
    case FaultKind::late:
      break;
  }
  return std::nullopt;
}

bool is_silent(FaultKind kind) {
  return kind == FaultKind::lost_request || kind == FaultKind::lost_reply ||
         kind == FaultKind::late;
}

}  // namespace pitstop::sim
