#pragma once

#include <vector>

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// What AWS publishes of an instance type, as far as a stop and a restore have to do with it.
struct InstanceType {
  std::string name;
  bool bare_metal = false;
  /// Whether servers of the type have disks that a stop empties.
  bool instance_storage = false;
  /// What an instance has if nobody says otherwise; 0: not told.
  int cores = 0;
  int threads_per_core = 0;
};

/// DescribeInstanceTypes. At least one name, 100 at most.
Task<Result<std::vector<InstanceType>>> describe_instance_types(Caller& caller,
                                                                std::vector<std::string> names);

}  // namespace pitstop::ec2
