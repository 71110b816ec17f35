#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/time_zone.hpp"

namespace pitstop {

/// When servers may be taken down: on some days of the week, between two times of day.
struct Window {
  /// On which days it opens; Sunday is 0.
  std::bitset<7> days;
  /// Since midnight.
  std::chrono::minutes opens{};
  /// The same; past 24 hours if it closes on the next day.
  std::chrono::minutes closes{};

  bool operator==(const Window&) const = default;
};

/// Reads "02:00-05:00", "Sun 02:00-05:00" or "Mon-Fri,Sun 22:00-04:00". A window that closes
/// earlier than it opens does so on the next day. An error is of kind `usage`.
Result<Window> parse_window(std::string_view text);

/// The other way round.
std::string to_string(const Window& window);

/// A window on one of its days.
struct Opening {
  LocalTime on_the_clock;  ///< when it opens, as clocks show it
  WallTime opens;
  WallTime closes;  ///< not in it any more
};

/// The opening that a time is in, of any of the windows; of several the one that closes last.
/// Clocks that are put back make it longer. Those that are put forward make it shorter; over the
/// whole of it, and it begins when they are, and is as long as ever.
std::optional<Opening> opening_at(const std::vector<Window>& windows, const TimeZone& zone,
                                  WallTime time);

/// The first opening that is after a time. There has to be a window.
Opening opening_after(const std::vector<Window>& windows, const TimeZone& zone, WallTime time);

}  // namespace pitstop
