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

/// Whether a text may be a region of AWS, or of another cloud: it fits into a host name, and is no
/// id of an instance or of anything else.
bool may_be_a_region(std::string_view text);

/// Whether a text has the form of AWS's own regions: eu-central-1, us-gov-west-1.
bool is_aws_region(std::string_view text);

inline constexpr auto what_a_region_looks_like =
    "a region looks like eu-central-1: lower-case letters, digits and hyphens";

}  // namespace pitstop
