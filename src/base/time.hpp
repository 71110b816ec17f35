#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace pitstop {

using Duration = std::chrono::nanoseconds;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// The time line that durations are measured on: never set back, its zero means nothing.
struct Monotonic {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Monotonic>;
  static constexpr bool is_steady = true;
};
using Instant = Monotonic::time_point;

/// The time of day, UTC: for stamps that people and AWS read, never for measuring.
using WallTime = std::chrono::sys_time<Milliseconds>;

/// "2026-11-23T00:16:00.250Z" (RFC 3339, milliseconds).
std::string rfc3339(WallTime time);

/// Reads "2026-11-23T00:16:00Z" with an optional fraction, and with "+02:00" or "+0200" in place of
/// the "Z", as AWS's services write it; nothing if it is not one.
std::optional<WallTime> parse_rfc3339(std::string_view text);

/// "Sun, 06 Nov 1994 08:49:37 GMT", the header Date of an HTTP answer (RFC 9110).
std::string http_date(WallTime time);

/// Reads it; nothing if it is not one.
std::optional<WallTime> parse_http_date(std::string_view text);

/// "4.2s", "12m 40s", "1h 05m": for people.
std::string human(Duration duration);

/// Reads "90s", "30m", "1h30m", "2d" or "500ms"; a number needs its unit.
Result<Duration> parse_duration(std::string_view text);

/// Seconds as a number with a fraction, as the JSON output has them.
inline double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace pitstop
