#pragma once

#include <array>
#include <string>
#include <string_view>

namespace pitstop::sim {

inline constexpr std::array<std::string_view, 2> kms_actions{"CreateGrant", "DescribeKey"};

/// "DescribeKey" of "TrentService.DescribeKey"; empty if the header is not one of KMS.
inline std::string kms_action_of(std::string_view operation) {
  constexpr std::string_view beginning = "TrentService.";
  return std::string(operation.starts_with(beginning) ? operation.substr(beginning.size()) : "");
}

}  // namespace pitstop::sim
