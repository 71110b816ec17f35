#pragma once

#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

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
  bool burstable = false;
  /// How many volumes a server of the type can have, the root among them; 0: not told.
  int most_volumes = 0;
  /// Whether its network interfaces count among those (EC2 User Guide, "EBS volume limits").
  bool interfaces_count = false;
};

/// Whether the processors of a type run on credits: "t2.micro", "t3.large", "t4g.nano", ….
bool has_credits(std::string_view type);

/// How many more volumes a server of the type can have; nothing if that is not told.
std::optional<int> free_attachments(const InstanceType& type, const Instance& instance);

/// DescribeInstanceTypes. At least one name, 100 at most.
Task<Result<std::vector<InstanceType>>> describe_instance_types(Caller& caller,
                                                                std::vector<std::string> names);

}  // namespace pitstop::ec2
