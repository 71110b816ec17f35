#pragma once

#include <optional>
#include <string>

#include "aws/profile.hpp"
#include "base/result.hpp"

namespace pitstop {

/// A role of IAM Identity Center, for somebody who has logged in with aws sso login.
struct SsoSettings {
  std::string profile;
  std::string account_id;
  std::string role_name;
  std::string region;  ///< that of Identity Center
  std::string start_url;
  std::optional<std::string> session;  ///< the older form has none, and its token is not renewed
};

/// sso_account_id and sso_role_name of a profile with sso_start_url and sso_region, which may stand
/// in the [sso-session] that its sso_session names. Nothing if the profile has neither of the first
/// two.
Result<std::optional<SsoSettings>> sso_settings(const Profile& profile,
                                                const ConfigSections& sessions);

}  // namespace pitstop
