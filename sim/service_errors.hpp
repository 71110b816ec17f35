#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sim/cloud/api_error.hpp"

/// What the services beside EC2 have in common when they refuse.
namespace pitstop::sim {

/// EC2's code for an error, and that of another service, which goes with another status.
struct CommonError {
  std::string_view in_ec2;
  std::string_view here;
  int status = 400;
};

/// With the code and the status of a service, if EC2's code is in its table.
ApiError in_words_of(std::span<const CommonError> service, ApiError error);

/// What IAM says when no policy allows it: "scheduler:CreateSchedule" on the ARN of a resource.
std::string not_authorized(std::string_view account, std::string_view permission,
                           std::string_view resource);

}  // namespace pitstop::sim
