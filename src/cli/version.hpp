#pragma once

#include <string_view>

namespace pitstop {

/// As CMakeLists.txt has it.
inline constexpr std::string_view version = PITSTOP_VERSION;

}  // namespace pitstop
