#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/profile.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// What somebody has set, and where, for messages: "AWS_REGION", "region of profile \"web\"".
struct Setting {
  std::string value;
  std::string origin;
};

std::optional<Setting> from_flag(std::string_view flag, const std::optional<std::string>& value);
std::optional<Setting> from_variable(const Environment& environment, std::string_view name);
std::optional<Setting> from_profile(const Profile& profile, std::string_view key);

}  // namespace pitstop
