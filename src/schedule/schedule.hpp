#pragma once

#include "schedule/window.hpp"

namespace pitstop {

/// When servers are to be backed up.
struct Schedule {
  /// From the beginning of one backup of a server to that of the next.
  Duration every{};
  /// When servers may be taken down; none: at any time.
  std::vector<Window> windows = {};
  TimeZone zone = {};
  /// A server whose backup failed, or was refused, is left alone for so long.
  Duration retry_after = std::chrono::hours(1);
};

/// The opening of its windows that a time is in; nothing if it has none.
std::optional<Opening> opening_at(const Schedule& schedule, WallTime time);

/// The first opening that is after a time. It has to have a window.
Opening opening_after(const Schedule& schedule, WallTime time);

/// When a server was last backed up, and when that was last tried without a good backup since.
struct PastBackups {
  std::optional<WallTime> good = {};
  std::optional<WallTime> tried = {};
};

/// Whether a server is due at a time, be a window open or not.
///
/// A timer calls a moment before the time is there as well as after it; two minutes are no matter
/// (of short intervals: a 48th), else a daily backup would wait for the timer's next call each day.
/// And between two openings of windows their times on the clock count, not those of the backups in
/// them: whoever was backed up at the end of last Sunday's window is due at the beginning of this
/// one.
bool is_due(const Schedule& schedule, const PastBackups& past, WallTime now);

}  // namespace pitstop
