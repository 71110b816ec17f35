#pragma once

#include <optional>
#include <string>

#include "aws/profile.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// The region that --region (`flag`), AWS_REGION, AWS_DEFAULT_REGION or the profile names, in this
/// order. It goes into host names and is checked to be fit for that.
Result<std::string> choose_region(const std::optional<std::string>& flag,
                                  const Environment& environment, const Profile& profile);

}  // namespace pitstop
