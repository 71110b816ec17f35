#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace pitstop {

/// When credentials end, as AWS's services and tools write it: RFC 3339 with "Z" or an offset such
/// as "+00:00", or with "UTC" at its end. Nothing if it is not a time.
std::optional<WallTime> parse_expiry(std::string_view text);

}  // namespace pitstop
