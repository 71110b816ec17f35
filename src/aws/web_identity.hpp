#pragma once

#include <memory>

#include "aws/profile.hpp"
#include "aws/sts.hpp"

namespace pitstop {

/// A role that is assumed with the token of an identity provider, as Kubernetes gives it to a pod:
/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME, each of them else from the
/// profile (web_identity_token_file, role_arn, role_session_name). The file is read each time, for
/// it is renewed by others. Without `environment` the profile alone counts.
std::unique_ptr<CredentialSource> web_identity(const Environment* environment,
                                               const Profile& profile, Sts sts, Random& random);

}  // namespace pitstop
