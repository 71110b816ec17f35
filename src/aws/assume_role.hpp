#pragma once

#include <memory>

#include "aws/fresh_credentials.hpp"
#include "aws/profile.hpp"
#include "aws/sts.hpp"

namespace pitstop {

/// Whether a profile wants a role to be assumed by other credentials: role_arn, without
/// web_identity_token_file.
bool assumes_a_role(const Profile& profile);

/// The role of a profile (role_arn, external_id, role_session_name, duration_seconds), assumed with
/// the credentials of `source` each time.
std::unique_ptr<CredentialSource> assume_role(const Profile& profile,
                                              std::unique_ptr<CredentialSource> source, Sts sts,
                                              Random& random);

/// A role assumed with the credentials that `source` gives at that moment.
std::unique_ptr<CredentialSource> assume_role(RoleRequest role,
                                              std::shared_ptr<FreshCredentials> source, Sts sts,
                                              Random& random);

/// "pitstop-" and something by chance, for a role session that the user has not named.
std::string usual_session_name(Random& random);

}  // namespace pitstop
