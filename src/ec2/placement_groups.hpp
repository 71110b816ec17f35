#pragma once

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

struct PlacementGroup {
  std::string name;
  std::string arn;
  std::string strategy;  ///< "cluster", "partition" or "spread"
};

/// DescribePlacementGroups: those of these names that there are. At least one name.
Task<Result<std::vector<PlacementGroup>>> describe_placement_groups(Caller& caller,
                                                                    std::vector<std::string> names);

}  // namespace pitstop::ec2
