#pragma once

#include <array>
#include <string_view>

namespace pitstop::sim {

/// What the header X-Amz-Target begins with.
inline constexpr std::string_view ssm_target = "AmazonSSM";

inline constexpr std::array<std::string_view, 2> ssm_actions{"GetCommandInvocation", "SendCommand"};

}  // namespace pitstop::sim
