#pragma once

#include "base/task.hpp"
#include "base/time.hpp"

namespace pitstop {

/// The door to time. Nobody else asks the system what time it is, and nobody else sleeps.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual Instant now() const = 0;
  virtual WallTime wall() const = 0;

  /// Returns at `when`, or at once if that is past. Throws if the sleeping coroutine is cancelled.
  virtual Task<void> sleep_until(Instant when) = 0;

  Task<void> sleep(Duration duration) { return sleep_until(now() + duration); }
};

/// The machine's own clocks.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  WallTime wall() const override;
  Task<void> sleep_until(Instant when) override;
};

}  // namespace pitstop
