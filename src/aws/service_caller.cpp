#include "aws/service_caller.hpp"

#include <algorithm>

#include "base/backoff.hpp"
#include "base/log.hpp"

namespace pitstop {
namespace {

constexpr Milliseconds longest_connect = Seconds(5);

}  // namespace

Error ServiceOutcome::error() && {
  auto error = std::move(reply).error();
  if (may_have_happened) {
    error.kind = ErrorKind::unknown_fate;
  }
  return error;
}

Task<ServiceOutcome> ServiceCaller::call(ServiceCall call) {
  const Instant deadline = clock_.now() + call.patience.value_or(patience_);
  bool may_have_happened = false;
  for (int repetition = 0;; ++repetition) {
    ServiceCall copy = call;
    auto reply = co_await attempt(std::move(copy));
    if (reply) {
      co_return ServiceOutcome{std::move(reply), may_have_happened};
    }
    const ErrorKind kind = reply.error().kind;
    may_have_happened |= kind == ErrorKind::unknown_fate && call.changes;

    const auto wait = draw_wait(kind, repetition, random_);
    if (!worth_repeating(kind) || clock_.now() + wait >= deadline) {
      co_return ServiceOutcome{std::move(reply), may_have_happened};
    }
    log::debug("{}; again in {:.0f} ms", reply.error().message, seconds(wait) * 1000);
    co_await clock_.sleep(wait);
  }
}

Task<Result<std::string>> ServiceCaller::attempt(ServiceCall call) {
  CO_TRY(HttpRequest request, request_for(call));
  auto response = co_await identity_.send(http_, std::move(request), std::string(api_.name));
  if (!response) {
    co_return fail(within(call.action, std::move(response).error()));
  }
  log::debug("{}: HTTP {}, {} bytes", call.action, response->status, response->body.size());
  if (response->status != 200) {
    co_return fail(explain_answer(api_, call.action, *response));
  }
  if (!api_.can_be_an_answer(call.action, response->body)) {
    co_return fail(not_from_service(api_, call.action, *response));
  }
  co_return std::move(response->body);
}

Result<HttpRequest> ServiceCaller::request_for(const ServiceCall& call) const {
  TRY(const auto endpoint, identity_.endpoint(api_.name));
  HttpRequest request;
  request.method = call.method;
  request.url = endpoint + call.target;
  request.headers = call.headers;
  request.body = call.body;
  request.total_timeout = attempt_timeout_;
  request.connect_timeout = std::min(attempt_timeout_, longest_connect);
  request.max_response_bytes = api_.longest_answer;
  return request;
}

}  // namespace pitstop
