#pragma once

#include <optional>
#include <string>

#include "aws/setting.hpp"
#include "base/environment.hpp"
#include "base/result.hpp"

namespace pitstop {

/// Where a container gets its credentials: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI below
/// http://169.254.170.2 (Amazon ECS), else AWS_CONTAINER_CREDENTIALS_FULL_URI, which is to be
/// https, or http to a loopback address or to one of the addresses that ECS and EKS use: a token
/// goes there. Nothing if neither is set.
Result<std::optional<Setting>> container_url(const Environment& environment);

}  // namespace pitstop
