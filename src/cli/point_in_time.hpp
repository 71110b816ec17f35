#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace pitstop {

/// Reads a date ("2026-11-01": its first moment, UTC), a time as RFC 3339 has it, or how long ago
/// ("90d").
Result<WallTime> parse_point_in_time(std::string_view text, WallTime now);

/// The same of an option, which may not have been given.
Result<std::optional<WallTime>> parse_point_in_time(std::string_view option,
                                                    const std::optional<std::string>& text,
                                                    WallTime now);

}  // namespace pitstop
