#include "schedule/schedule.hpp"

#include <algorithm>

namespace pitstop {
namespace {

Duration too_early_by_no_more_than(Duration every) {
  return std::min<Duration>(every / 48, std::chrono::minutes(2));
}

/// By the clocks on the wall; nothing unless both times are in an opening.
std::optional<Duration> between_openings(const Schedule& schedule, WallTime then, WallTime now) {
  const auto first = opening_at(schedule, then);
  const auto second = opening_at(schedule, now);
  return first && second ? std::optional<Duration>(second->on_the_clock - first->on_the_clock)
                         : std::nullopt;
}

}  // namespace

std::optional<Opening> opening_at(const Schedule& schedule, WallTime time) {
  return opening_at(schedule.windows, schedule.zone, time);
}

Opening opening_after(const Schedule& schedule, WallTime time) {
  return opening_after(schedule.windows, schedule.zone, time);
}

bool is_due(const Schedule& schedule, const PastBackups& past, WallTime now) {
  if (past.tried && now - *past.tried < schedule.retry_after) {
    return false;
  }
  if (!past.good) {
    return true;
  }
  if (now - *past.good >= schedule.every - too_early_by_no_more_than(schedule.every)) {
    return true;
  }
  const auto apart = between_openings(schedule, *past.good, now);
  return apart && *apart >= schedule.every;
}

}  // namespace pitstop
