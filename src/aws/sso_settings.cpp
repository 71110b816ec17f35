#include "aws/sso_settings.hpp"

#include <fmt/format.h>

#include "aws/region.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

std::unexpected<Error> wrong(const Profile& profile, std::string_view what, std::string hint) {
  return fail(ErrorKind::usage, fmt::format("profile {}: {}", in_quotes(profile.name), what),
              std::move(hint));
}

/// The profile's settings together with those of its session.
Result<ConfigSection> with_session(const Profile& profile, const ConfigSections& sessions) {
  auto settings = profile.settings;
  const auto name = settings.text("sso_session");
  if (!name) {
    return settings;
  }
  const auto session = sessions.find(*name);
  if (session == sessions.end()) {
    return wrong(
        profile, fmt::format("there is no sso_session {}", in_quotes(*name)),
        fmt::format("add a section [sso-session {}]: aws configure sso", printable(*name)));
  }
  for (const auto& [key, value] : session->second.values) {
    const auto [own, is_new] = settings.values.try_emplace(key, value);
    if (!is_new && own->second.text != value.text) {
      return wrong(profile, fmt::format("its {} is not that of its sso_session", printable(key)),
                   "remove it from the profile");
    }
  }
  return settings;
}

}  // namespace

Result<std::optional<SsoSettings>> sso_settings(const Profile& profile,
                                                const ConfigSections& sessions) {
  const auto& values = profile.settings.values;
  if (!values.contains("sso_account_id") && !values.contains("sso_role_name")) {
    return std::nullopt;
  }
  TRY(const auto settings, with_session(profile, sessions));
  for (const auto* key : {"sso_account_id", "sso_role_name", "sso_region", "sso_start_url"}) {
    if (!settings.text(key)) {
      return wrong(profile, fmt::format("{} is missing", key), "set it up: aws configure sso");
    }
  }
  SsoSettings found{.profile = profile.name,
                    .account_id = *settings.text("sso_account_id"),
                    .role_name = *settings.text("sso_role_name"),
                    .region = *settings.text("sso_region"),
                    .start_url = *settings.text("sso_start_url"),
                    .session = settings.text("sso_session")};
  if (!fits_into_host_name(found.region)) {
    return wrong(profile, fmt::format("sso_region is {}", in_quotes(found.region)),
                 "a region looks like eu-central-1");
  }
  return found;
}

}  // namespace pitstop
