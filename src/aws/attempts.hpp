#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace pitstop {

/// How often something is tried, and the time between; without `pause` as base/backoff draws it.
struct Attempts {
  int most = 3;
  std::optional<Duration> pause = {};
};

/// Tries until there is an answer, or an error that a repetition would not mend: one other than
/// `throttled`, `transient` and `unknown_fate`. For what does no harm when it is done twice.
Task<Result<std::string>> try_repeatedly(std::function<Task<Result<std::string>>()> attempt,
                                         Attempts attempts, Clock& clock, Random& random);

}  // namespace pitstop
