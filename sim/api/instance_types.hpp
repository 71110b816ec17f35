#pragma once

#include <map>
#include <string>
#include <string_view>

namespace pitstop::sim {

/// What AWS publishes of an instance type, as far as a backup or a launch asks for it.
struct InstanceType {
  std::string name;
  std::string_view architecture;
  int vcpus = 0;
  int threads_per_core = 2;
  int memory_mib = 0;
  bool nitro = true;
  bool burstable = false;
  bool storage = false;  ///< has disks that a stop empties
  bool bare_metal = false;

  int cores() const { return vcpus / threads_per_core; }

  /// How many volumes an instance can have, the root among them (EC2 User Guide, "EBS volume
  /// limits"); 0: AWS does not say.
  int most_volumes() const;
  /// Whether its network interfaces count among them, as they do with older types.
  bool shares_attachments() const;
};

using InstanceTypes = std::map<std::string, InstanceType, std::less<>>;
const InstanceTypes& instance_types();

/// Nothing if it is none of the types that the simulator knows.
const InstanceType* instance_type(std::string_view name);

/// "standard" or "unlimited", as a burstable type is launched without a word.
std::string_view usual_credits(std::string_view type);

}  // namespace pitstop::sim
