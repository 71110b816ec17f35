#pragma once

#include <array>
#include <string_view>

namespace pitstop::sim {

/// What the header X-Amz-Target begins with.
inline constexpr std::string_view kms_target = "TrentService";

inline constexpr std::array<std::string_view, 2> kms_actions{"CreateGrant", "DescribeKey"};

}  // namespace pitstop::sim
