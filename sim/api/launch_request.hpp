#pragma once

#include "sim/api/action.hpp"
#include "sim/api/block_devices.hpp"
#include "sim/api/tagging.hpp"

namespace pitstop::sim {

/// What a call of RunInstances asks for.
struct LaunchRequest {
  int least = 1;
  int most = 1;
  ImageId image;
  std::string client_token;
  std::vector<BlockDevice> devices;
  TagSpecifications tags;
  /// What the call says of the instance; what it leaves open is empty, or as is usual.
  int secondary_ips = 0;   ///< how many, where they are not named
  int ipv6_addresses = 0;  ///< the same
  InstanceSettings settings;
  std::string zone;
  std::optional<int> cpu_cores;
  std::optional<int> threads_per_core;
  std::optional<bool> ebs_optimized;
};

Answer<LaunchRequest> read_launch(ActionCall& call);

}  // namespace pitstop::sim
