#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/profile.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// The region that --region (`flag`), AWS_REGION, AWS_DEFAULT_REGION or the profile names, in this
/// order. It goes into host names and is checked to be fit for that.
Result<std::string> choose_region(const std::optional<std::string>& flag,
                                  const Environment& environment, const Profile& profile);

/// Whether the name of a region can stand in a host name.
bool fits_into_host_name(std::string_view region);

}  // namespace pitstop
