#pragma once

#include <memory>

#include "aws/credentials.hpp"
#include "aws/sso_token.hpp"

namespace pitstop {

/// The credentials of a role of IAM Identity Center (GetRoleCredentials of the access portal).
/// `portal_endpoint` is that of the portal in the region of the settings.
std::unique_ptr<CredentialSource> sso_role(SsoSettings settings, SsoToken token,
                                           const CredentialDoors& doors,
                                           Result<std::string> portal_endpoint);

}  // namespace pitstop
