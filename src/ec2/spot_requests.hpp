#pragma once

#include <vector>

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// DescribeSpotInstanceRequests: those of the requests that end with their instance ("one-time").
Task<Result<std::vector<std::string>>> one_time_spot_requests(Caller& caller,
                                                              std::vector<std::string> requests);

}  // namespace pitstop::ec2
