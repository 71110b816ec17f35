#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace pitstop {

/// Runs a step of what must go on. An exception, which only a bug or want of memory can be, becomes
/// an error like any other, after a pause: what is tried until it works must not spin.
Task<Status> without_surprises(Clock& clock, Task<Status> step);

/// Runs it in the same way, and keeps the first error that came of any step: the others follow from
/// it, as a rule.
Task<void> keep_first_error(Clock& clock, Task<Status> step, std::optional<Error>& first);

template <class Value>
Task<Status> keep_value(Task<Value> step, std::optional<Value>& slot) {
  slot = co_await std::move(step);
  co_return Status();
}

/// The same of a step that gives a value.
template <class Value>
Task<Result<Value>> without_surprises(Clock& clock, Task<Value> step) {
  std::optional<Value> value;
  auto keeping = keep_value(std::move(step), value);
  const auto ended = co_await without_surprises(clock, std::move(keeping));
  if (!ended) {
    co_return fail(ended.error());
  }
  co_return *std::move(value);
}

}  // namespace pitstop
