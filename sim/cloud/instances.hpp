#pragma once

#include "sim/cloud/region.hpp"

namespace pitstop::sim {

struct PlannedVolume {
  std::string device;
  std::int64_t size_gib = 8;
  std::string type = "gp3";
  std::optional<int> iops;
  std::optional<int> throughput;
  bool encrypted = false;
  std::string kms_key;
  bool delete_on_termination = true;
  SnapshotId snapshot;
  /// MiB/s at which AWS fills it, whatever fast snapshot restore could do; absent: it does not.
  std::optional<int> initialization_rate;
  Tags tags;
  std::optional<std::uint64_t> used_bytes;
  double mib_per_second_written = 0;
  std::optional<SnapshotPace> snapshot_pace;
};

struct Launch {
  InstanceId id;  ///< empty: one that the seed makes
  InstanceSettings settings;
  std::vector<PlannedVolume> volumes;
  Tags tags;
  std::optional<ServerPace> pace;
};

/// Launches one instance: `pending`, and `running` after a while. The same client token gives the
/// same instance again.
Answer<InstanceId> launch_instance(Region& region, Launch launch);

/// What a stop or a start did to one instance.
struct Transition {
  InstanceId id;
  InstanceState before = InstanceState::pending;
  InstanceState after = InstanceState::pending;
};

enum class StopManner {
  orderly,  ///< the guest shuts down; if it does not, EC2 cuts the power after minutes
  forced,   ///< EC2 waits less
  abrupt,   ///< the power goes at once (SkipOsShutdown)
};

/// All or none. A stopped instance stays stopped, a stopping one may be forced.
Answer<std::vector<Transition>> stop_instances(Region& region, const std::vector<InstanceId>& ids,
                                               StopManner manner);

/// All or none. Each one needs its root volume and a place: one that is reserved, or any unless
/// there is a shortage.
Answer<std::vector<Transition>> start_instances(Region& region, const std::vector<InstanceId>& ids);

Answer<std::vector<Transition>> terminate_instances(Region& region,
                                                    const std::vector<InstanceId>& ids);

/// As somebody on the server would with `shutdown -h now`: it stops, or is terminated if it is set
/// to.
void shut_down_guest(Region& region, const InstanceId& id);

/// The instance, or EC2's InvalidInstanceID.NotFound. Terminated ones are found.
Answer<Instance*> find_instance(Region& region, const InstanceId& id);

}  // namespace pitstop::sim
