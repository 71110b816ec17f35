#include "sim/door/simulated_http.hpp"

#include "base/result.hpp"
#include "sim/faults/faulty_response.hpp"
#include "sim/refusal.hpp"

namespace pitstop::sim {
namespace {

/// "/schedules/NAME" of "https://host/schedules/NAME".
std::string target_of(std::string_view url) {
  const auto host = url.find("://");
  const auto path = host == std::string_view::npos ? host : url.find('/', host + 3);
  return path == std::string_view::npos ? "/" : std::string(url.substr(path));
}

ServiceRequest as_received(const HttpRequest& request) {
  ServiceRequest received;
  received.body = request.body;
  received.method = request.method;
  received.target = target_of(request.url);
  const auto path = std::string_view(received.target).substr(0, received.target.find('?'));
  received.service = service_of(path);
  if (request.signature) {
    received.region = request.signature->region;
    received.service = service_of(path, request.signature->service);
  }
  for (const auto& header : request.headers) {
    if (header.name == "X-Amz-Target") {
      received.operation = header.value;
    }
  }
  return received;
}

std::unexpected<Error> no_answer() {
  return fail(ErrorKind::unknown_fate, "no answer within the time limit");
}

}  // namespace

Task<Result<HttpResponse>> SimulatedHttp::send(HttpRequest request) {
  const Instant sent = clock_.now();
  const Instant given_up = sent + request.total_timeout;
  const Duration round_trip = round_trip_.draw(random_);
  const auto received = as_received(request);
  const auto fault = faults_.strike(call_name(received), simulator_.age());

  if (fault.kind == FaultKind::late) {
    // It arrives when nobody waits for it any more, up to twice as late as that.
    const auto late =
        std::chrono::duration_cast<Duration>(request.total_timeout * (1 + random_.unit()));
    simulator_.answer_later(sent + late, received);
    co_await clock_.sleep_until(given_up);
    co_return no_answer();
  }

  const WallTime dated_at = admission_ == nullptr ? WallTime() : admission_->date_of(request);
  co_await clock_.sleep(round_trip / 2);
  std::optional<HttpResponse> response;
  if (takes_effect(fault.kind)) {
    response = answer(request, received, dated_at);
  }
  if (is_silent(fault.kind)) {
    co_await clock_.sleep_until(given_up);
    co_return no_answer();
  }
  if (auto instead = faulty_response(fault, received.service)) {
    response = std::move(instead);
  }
  co_await clock_.sleep(round_trip - round_trip / 2);
  if (fault.kind == FaultKind::cut_reply) {
    co_return fail(ErrorKind::unknown_fate,
                   "the connection was closed in the middle of the answer");
  }
  response->headers.push_back({"Date", http_date(clock_.wall())});
  co_return std::move(*response);
}

HttpResponse SimulatedHttp::answer(const HttpRequest& request, const ServiceRequest& received,
                                   WallTime dated_at) {
  if (admission_ != nullptr && request.signature) {
    const auto admitted =
        admission_->admit(*request.signature, dated_at, received.service, clock_.wall());
    if (!admitted) {
      return refusal_of(received.service, admitted.error(), no_request_id);
    }
  }
  return simulator_.answer(received);
}

}  // namespace pitstop::sim
