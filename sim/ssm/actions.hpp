#pragma once

#include <array>
#include <string>
#include <string_view>

namespace pitstop::sim {

inline constexpr std::array<std::string_view, 2> ssm_actions{"GetCommandInvocation", "SendCommand"};

/// "SendCommand" of "AmazonSSM.SendCommand"; empty if the header is not one of Systems Manager.
inline std::string ssm_action_of(std::string_view operation) {
  constexpr std::string_view beginning = "AmazonSSM.";
  return std::string(operation.starts_with(beginning) ? operation.substr(beginning.size()) : "");
}

}  // namespace pitstop::sim
