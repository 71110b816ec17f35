#pragma once

#include <array>
#include <string_view>

namespace pitstop::sim {

inline constexpr std::array<std::string_view, 5> auto_scaling_actions{
    "DescribeAutoScalingGroups", "DescribeAutoScalingInstances", "DescribeScalingActivities",
    "EnterStandby", "ExitStandby"};

}  // namespace pitstop::sim
