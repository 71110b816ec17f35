#pragma once

#include <optional>
#include <string_view>

namespace pitstop::sim {

/// How many characters an UTF-8 text has; nothing if it is none, or has characters that XML cannot
/// carry.
std::optional<std::size_t> count_characters(std::string_view text);

}  // namespace pitstop::sim
