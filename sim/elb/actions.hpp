#pragma once

#include <array>
#include <string_view>

namespace pitstop::sim {

inline constexpr std::array<std::string_view, 5> load_balancing_actions{
    "DeregisterTargets", "DescribeTargetGroupAttributes", "DescribeTargetGroups",
    "DescribeTargetHealth", "RegisterTargets"};

}  // namespace pitstop::sim
