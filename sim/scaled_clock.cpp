#include "sim/scaled_clock.hpp"

#include <algorithm>

namespace pitstop::sim {
namespace {

/// A time line of nanoseconds is 292 years long; the clock stops well before its end, so that
/// things can still be planned.
constexpr Duration end_of_time = std::chrono::years(100);

Duration scaled(Duration length, double by) {
  const double product = static_cast<double>(length.count()) * by;
  constexpr auto most = static_cast<double>(end_of_time.count());
  return Duration(static_cast<Duration::rep>(std::clamp(product, -most, most)));
}

}  // namespace

ScaledClock::ScaledClock(Clock& real, double scale)
    : real_(real), scale_(scale), begun_(real.now()), wall_begun_(real.wall()) {}

Instant ScaledClock::now() const {
  return begun_ + scaled(real_.now() - begun_, scale_);
}

WallTime ScaledClock::wall() const {
  return wall_begun_ + std::chrono::floor<Milliseconds>(now() - begun_);
}

Task<void> ScaledClock::sleep_until(Instant when) {
  co_await real_.sleep_until(begun_ + scaled(when - begun_, 1 / scale_));
}

}  // namespace pitstop::sim
