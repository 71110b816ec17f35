#include "ec2/retrying_caller.hpp"

#include "base/backoff.hpp"
#include "base/log.hpp"

namespace pitstop::ec2 {

bool was_sent(const Error& error) {
  return error.kind != ErrorKind::transient || !error.code.empty();
}

bool worth_repeating(ErrorKind kind, Effect effect) {
  const bool may_double = kind == ErrorKind::unknown_fate && effect == Effect::creates;
  return pitstop::worth_repeating(kind) && !may_double;
}

Task<Result<Reply>> RetryingCaller::call(Call call) {
  const Instant deadline = clock_.now() + call.patience.value_or(usual_patience_);
  bool may_have_happened = false;
  bool was_sent = false;
  for (int repetition = 0;; ++repetition) {
    Call attempt = call;
    attempt.paid = call.paid && repetition == 0;
    auto reply = co_await next_.call(std::move(attempt));
    if (reply) {
      // Whatever the errors before it said: EC2 may have carried out what it refused.
      reply->may_be_a_repetition = was_sent && call.effect != Effect::asks;
      co_return reply;
    }
    const ErrorKind kind = reply.error().kind;
    was_sent |= ec2::was_sent(reply.error());
    may_have_happened |= kind == ErrorKind::unknown_fate && call.effect != Effect::asks;

    const auto wait = draw_wait(kind, repetition, random_);
    if (!worth_repeating(kind, call.effect) || clock_.now() + wait >= deadline) {
      if (may_have_happened) {
        reply.error().kind = ErrorKind::unknown_fate;
      }
      co_return reply;
    }
    log::debug("{}; again in {:.0f} ms", reply.error().message, seconds(wait) * 1000);
    co_await clock_.sleep(wait);
  }
}

}  // namespace pitstop::ec2
