#include "backup/creating.hpp"

#include <fmt/format.h>

#include "base/backoff.hpp"
#include "ec2/retrying_caller.hpp"

namespace pitstop {

Reaction CreationRule::reaction_to(const Error& error) {
  if (!ec2::was_sent(error)) {
    return {.search = {},
            .looks = false,
            .asks_again = true,
            .pause = draw_wait(error.kind, repetition_++, tools_.random)};
  }
  switch (error.kind) {
    case ErrorKind::transient:
    case ErrorKind::throttled:
      doubt_.any = true;
      return {.search = {},
              .awaits_look = true,
              .asks_again = true,
              .pause = draw_wait(error.kind, repetition_++, tools_.random)};
    case ErrorKind::unknown_fate:
      // Only what EC2 itself has written has a code.
      return error.code.empty() ? after_no_answer(error) : after_server_error(error);
    default:
      doubt_.any = true;
      return {.search = {}};
  }
}

Reaction CreationRule::after_server_error(const Error& error) {
  doubt_.any = doubt_.serious = true;
  tools_.report(instance_, Step::warning,
                fmt::format("{} was answered with an error of the server's ({}); looking for what "
                            "it may have made",
                            action_, error.message));
  return {.search = search_after_server_error,
          .asks_again = ++unanswered_well_ < most_requests,
          .pause = draw_wait(ErrorKind::transient, repetition_++, tools_.random)};
}

Reaction CreationRule::after_no_answer(const Error& error) {
  doubt_.any = doubt_.serious = true;
  tools_.report(instance_, Step::warning,
                fmt::format("the reply to {} was lost ({}); looking for what it may have made",
                            action_, error.message));
  const bool may_ask = ++unanswered_well_ < most_requests && cannot_be_doubled_;
  return {.search = search_after_no_answer, .asks_again = may_ask};
}

void CreationRule::found_all_the_same(const Error& error) const {
  tools_.report(
      instance_, Step::warning,
      fmt::format("{} was carried out all the same; its answer was: {}", action_, error.message));
}

}  // namespace pitstop
