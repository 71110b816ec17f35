#pragma once

#include <memory>

#include "aws/credentials.hpp"
#include "aws/profile.hpp"

namespace pitstop {

/// Stands in the chain for a source that is set up and cannot work: always the error. To go on to
/// the next source would be to act as somebody else than the user meant.
std::unique_ptr<CredentialSource> broken_source(Error error);

/// The same where AWS's tools ask a source that pitstop does not have: an error if the profile uses
/// `key`, else nothing.
std::unique_ptr<CredentialSource> unsupported_source(const Profile& profile, std::string_view key);

/// How to get around what pitstop does not support: another tool's keys, exported.
std::string export_keys_hint(const Profile& profile);

}  // namespace pitstop
