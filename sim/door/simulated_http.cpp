#include "sim/door/simulated_http.hpp"

#include "base/result.hpp"
#include "sim/faults/call_name.hpp"
#include "sim/faults/faulty_response.hpp"

namespace pitstop::sim {
namespace {

QueryRequest query(const HttpRequest& request) {
  return {request.signature ? request.signature->region : std::string(), request.body};
}

std::unexpected<Error> no_answer() {
  return fail(ErrorKind::unknown_fate, "no answer within the time limit");
}

}  // namespace

Task<Result<HttpResponse>> SimulatedHttp::send(HttpRequest request) {
  const Instant sent = clock_.now();
  const Instant given_up = sent + request.total_timeout;
  const Duration round_trip = round_trip_.draw(random_);
  const auto fault = faults_.strike(call_name(request.body), simulator_.age());

  if (fault == FaultKind::late) {
    // It arrives when nobody waits for it any more, up to twice as late as that.
    const auto late =
        std::chrono::duration_cast<Duration>(request.total_timeout * (1 + random_.unit()));
    simulator_.answer_later(sent + late, query(request));
    co_await clock_.sleep_until(given_up);
    co_return no_answer();
  }

  co_await clock_.sleep(round_trip / 2);
  std::optional<HttpResponse> response;
  if (takes_effect(fault)) {
    response = simulator_.answer(query(request));
  }
  if (is_silent(fault)) {
    co_await clock_.sleep_until(given_up);
    co_return no_answer();
  }
  if (auto instead = faulty_response(fault)) {
    response = std::move(instead);
  }
  co_await clock_.sleep(round_trip - round_trip / 2);
  if (fault == FaultKind::cut_reply) {
    co_return fail(ErrorKind::unknown_fate,
                   "the connection was closed in the middle of the answer");
  }
  co_return std::move(*response);
}

}  // namespace pitstop::sim
