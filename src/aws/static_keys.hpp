#pragma once

#include <memory>
#include <string>

#include "aws/credentials.hpp"
#include "aws/shared_files.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, and perhaps AWS_SESSION_TOKEN and
/// AWS_CREDENTIAL_EXPIRATION.
std::unique_ptr<CredentialSource> keys_in_environment(const Environment& environment);

/// aws_access_key_id, aws_secret_access_key, and perhaps aws_session_token in a profile's section
/// of the file at `path`: first as `section` has them, which was read before; from then on the file
/// is read anew each time, for whoever renews keys writes them there.
std::unique_ptr<CredentialSource> keys_in_profile(std::string_view profile, ConfigSection section,
                                                  SharedFile which, const std::string& path);

}  // namespace pitstop
