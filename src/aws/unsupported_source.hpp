#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "base/environment.hpp"

namespace pitstop {

/// Stands in the chain where AWS's tools ask a source that pitstop does not have: an error if the
/// profile has one of `keys`. To go on to the next source would be to act as somebody else than the
/// user meant.
std::unique_ptr<CredentialSource> unsupported_keys(const Profile& profile,
                                                   std::vector<std::string_view> keys);

/// The same for an environment variable.
std::unique_ptr<CredentialSource> unsupported_variable(const Environment& environment,
                                                       std::string_view variable);

}  // namespace pitstop
