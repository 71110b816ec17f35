#include "aws/attempts.hpp"

#include "base/backoff.hpp"
#include "base/log.hpp"

namespace pitstop {
Task<Result<std::string>> try_repeatedly(std::function<Task<Result<std::string>>()> attempt,
                                         Attempts attempts, Clock& clock, Random& random) {
  for (int repetition = 0;; ++repetition) {
    auto answer = co_await attempt();
    if (answer || !worth_repeating(answer.error().kind) || repetition + 1 >= attempts.most) {
      co_return answer;
    }
    const auto drawn = draw_wait(answer.error().kind, repetition, random);
    log::debug("{}; again", answer.error().message);
    co_await clock.sleep(attempts.pause.value_or(drawn));
  }
}

}  // namespace pitstop
