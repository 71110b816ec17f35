#pragma once

#include "base/clock.hpp"

namespace pitstop::sim {

/// A clock that begins when it is made, now, and from then on runs `scale` times as fast as the one
/// that it is made from.
class ScaledClock final : public Clock {
 public:
  ScaledClock(Clock& real, double scale);

  Instant now() const override;
  WallTime wall() const override;
  Task<void> sleep_until(Instant when) override;

 private:
  Clock& real_;
  double scale_;
  Instant begun_;
  WallTime wall_begun_;
};

}  // namespace pitstop::sim
