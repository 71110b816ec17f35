#pragma once

#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// DescribeVolumes. At least one of `ids` and `filters` must be given.
Task<Result<std::vector<Volume>>> describe_volumes(Caller& caller, std::vector<VolumeId> ids,
                                                   std::vector<Filter> filters);

struct VolumeRequest {
  std::string zone;
  SnapshotId from;
  std::optional<Gibibytes> size = {};  ///< absent: the snapshot's; not less than that
  std::string type;
  std::optional<int> iops;
  std::optional<int> throughput;
  /// MiB/s at which AWS fills the volume from the snapshot (100 to 300), charged; absent: blocks
  /// load when read.
  std::optional<int> initialization_rate;
  bool multi_attach = false;
  Tags tags;
  /// The same token never makes a second volume.
  std::string client_token;
  /// The ARN of the Outpost that it is to be on; empty: on none.
  std::string outpost = {};
};

/// CreateVolume from a snapshot.
Task<Result<VolumeId>> create_volume(Caller& caller, VolumeRequest request);
Task<Status> may_create_volume(Caller& caller, VolumeRequest request);

Task<Status> attach_volume(Caller& caller, VolumeId volume, InstanceId instance,
                           std::string device);

/// Whether EC2 will refuse an AttachVolume each time that it is asked for: the fault is in what the
/// volume or the instance is, not in its state.
bool is_never_attached(const Error& refusal);

/// Whether volumes of a type can be attached to several instances.
bool can_multi_attach(std::string_view volume_type);

/// DetachVolume; a root volume only while the instance is stopped.
Task<Status> detach_volume(Caller& caller, VolumeId volume, InstanceId instance);

Task<Status> may_attach_volume(Caller& caller, VolumeId volume, InstanceId instance,
                               std::string device);
Task<Status> may_detach_volume(Caller& caller, VolumeId volume, InstanceId instance);

Task<Status> delete_volume(Caller& caller, VolumeId volume);

}  // namespace pitstop::ec2
