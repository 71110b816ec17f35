#include "sim/front/front.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "sim/faults/faulty_response.hpp"
#include "sim/refusal.hpp"
#include "sim/state_json.hpp"
#include "sim/truth_json.hpp"

namespace pitstop::sim {
namespace {

/// By then every client has given up.
constexpr auto late_by = Seconds(60);

/// The service that the signature names, whether it is a good one or not; empty without one.
std::string signed_service(const HttpRequest& request) {
  const auto headers = headers_named(request, "authorization");
  const auto authorization =
      headers.empty() ? std::nullopt : std::optional(parse_authorization(headers.front()));
  return authorization && *authorization ? (*authorization)->service : "";
}

HttpResponse json_page(const nlohmann::ordered_json& json) {
  constexpr int indent = 2;
  const auto text = json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return {200, {{"Content-Type", "application/json"}}, text + '\n'};
}

HttpResponse text_page(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain;charset=UTF-8"}}, std::move(text) + '\n'};
}

HttpResponse not_allowed(const char* instead) {
  auto response = text_page(405, fmt::format("ask with {}", instead));
  response.headers.push_back({"Allow", instead});
  return response;
}

}  // namespace

Front::Cloud::Cloud(const Clock& clock, const Scenario& scenario)
    : begun(clock.now()), simulator(clock, scenario), faults(scenario.faults, scenario.seed) {}

Front::Front(const Clock& clock, const Clock& real, Scenario scenario,
             std::optional<AccessKey> signer)
    : clock_(clock), real_(real), scenario_(std::move(scenario)), signer_(std::move(signer)) {
  cloud_.emplace(clock_, scenario_);
}

Reply Front::answer(const HttpRequest& request) {
  auto reply = reply_to(request);
  if (reply.response) {
    reply.response->headers.push_back({"Date", http_date(real_.wall())});
  }
  return reply;
}

Reply Front::reply_to(const HttpRequest& request) {
  const std::string_view target = request.url;
  const auto path_end = std::min(target.find('?'), target.size());
  const auto path = target.substr(0, path_end);
  const auto service = service_of(path, signed_service(request));
  if (service == Service::scheduler) {
    return call(request, {.region = {},
                          .body = request.body,
                          .service = service,
                          .method = request.method,
                          .target = request.url});
  }
  if (path != "/") {
    return {.response = page(request, path)};
  }
  if (request.method != "POST" && request.method != "GET") {
    return {.response = not_allowed("POST, GET")};
  }
  const auto query = target.substr(std::min(path_end + 1, target.size()));
  const auto amz_target = headers_named(request, "x-amz-target");
  return call(request, {.region = {},
                        .body = request.body.empty() ? std::string(query) : request.body,
                        .service = service,
                        .method = request.method,
                        .target = request.url,
                        .operation = std::string(amz_target.empty() ? "" : amz_target.front())});
}

HttpResponse Front::page(const HttpRequest& request, std::string_view path) {
  if (path == "/_sim/state" || path == "/_sim/truth") {
    if (request.method != "GET") {
      return not_allowed("GET");
    }
    return json_page(path == "/_sim/state" ? state_json(cloud_->simulator)
                                           : truth_json(cloud_->simulator, cloud_->faults));
  }
  if (path == "/_sim/reset") {
    if (request.method != "POST") {
      return not_allowed("POST");
    }
    cloud_.emplace(clock_, scenario_);
    return text_page(200, "everything is as it was in the beginning");
  }
  return text_page(404,
                   "this is ec2sim, a simulated EC2: its Query API is at /, as are Auto Scaling, "
                   "Elastic Load Balancing, KMS and Systems Manager, EventBridge Scheduler at "
                   "/schedules, and its own pages are GET /_sim/state, GET /_sim/truth and POST "
                   "/_sim/reset");
}

Reply Front::call(const HttpRequest& request, ServiceRequest received) {
  auto region = region_of(request, received.service);
  const auto presigned = region ? check_presigned(received) : Answer<void>();
  if (!region || !presigned) {
    const auto& error = region ? presigned.error() : region.error();
    return {.response = refusal_of(received.service, error, no_request_id)};
  }
  received.region = *std::move(region);
  auto& [begun, simulator, faults] = *cloud_;
  const auto fault = faults.strike(call_name(received), clock_.now() - begun);
  if (fault.kind == FaultKind::late) {
    simulator.answer_later(clock_.now() + late_by, std::move(received));
    return {};
  }
  Reply reply{.response = faulty_response(fault, received.service),
              .cut = fault.kind == FaultKind::cut_reply};
  if (takes_effect(fault.kind)) {
    auto answer = simulator.answer(received);
    if (!reply.response && !is_silent(fault.kind)) {
      reply.response = std::move(answer);
    }
  }
  return reply;
}

/// A URL in the call by which it is made elsewhere has to be the signer's, too.
Answer<void> Front::check_presigned(const ServiceRequest& received) const {
  if (!signer_ || received.service != Service::ec2) {
    return {};
  }
  const auto form = parse_form(received.body);
  const auto url = form.find("PresignedUrl");
  return url == form.end() ? Answer<void>() : verify_presigned(url->second, *signer_, real_.wall());
}

/// Where the call goes: the region of the signature, or none.
Answer<std::string> Front::region_of(const HttpRequest& request, Service service) const {
  const auto headers = headers_named(request, "authorization");
  if (headers.empty()) {
    if (signer_) {
      return refuse("MissingAuthenticationToken",
                    "Request must contain either a valid (registered) AWS access key ID or X.509 "
                    "certificate.",
                    403);
    }
    return std::string();
  }
  TRY(const auto authorization, parse_authorization(headers.front()));
  if (authorization.service != to_string(service)) {
    return refuse("SignatureDoesNotMatch",
                  fmt::format("Credential should be scoped to correct service: '{}', not '{}': "
                              "ec2sim simulates EC2, EventBridge Scheduler, Auto Scaling, Elastic "
                              "Load Balancing, KMS and Systems Manager, and nothing else.",
                              to_string(service), printable(authorization.service)),
                  403);
  }
  if (signer_) {
    TRY_STATUS(verify(request, authorization, *signer_, real_.wall()));
  }
  return authorization.region;
}

}  // namespace pitstop::sim
