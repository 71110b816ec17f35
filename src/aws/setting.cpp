#include "aws/setting.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {
namespace {

std::optional<Setting> setting(std::optional<std::string> value, std::string origin) {
  if (!value) {
    return std::nullopt;
  }
  return Setting{*std::move(value), std::move(origin)};
}

}  // namespace

std::optional<Setting> from_flag(std::string_view flag, const std::optional<std::string>& value) {
  return setting(value, std::string(flag));
}

std::optional<Setting> from_variable(const Environment& environment, std::string_view name) {
  return setting(environment.get(name), std::string(name));
}

std::optional<Setting> from_profile(const Profile& profile, std::string_view key) {
  return setting(profile.settings.text(key),
                 fmt::format("{} of profile {}", key, in_quotes(profile.name)));
}

}  // namespace pitstop
