#pragma once

#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// DescribeSnapshots among the account's own. At least one of `ids` and `filters` must be given. An
/// id that is not visible (yet) fails the whole call with `not_found`; 1,000 ids at most.
Task<Result<std::vector<Snapshot>>> describe_snapshots(Caller& caller, std::vector<SnapshotId> ids,
                                                       std::vector<Filter> filters);

/// The same for whoever looks again and again how far they are: the tags, which are most of the
/// answer, are not read, nor is what belongs to them.
Task<Result<std::vector<Snapshot>>> look_at_snapshots(Caller& caller, std::vector<SnapshotId> ids,
                                                      std::vector<Filter> filters);

struct SnapshotSetRequest {
  InstanceId instance;
  bool exclude_boot_volume = false;
  std::vector<VolumeId> exclude_data_volumes;  ///< 40 at most
  std::string description;
  Tags tags;                 ///< on every snapshot of the set
  std::string outpost = {};  ///< the ARN of the Outpost that stores them; empty: the region does
};

/// CreateSnapshots: all volumes of an instance at one moment. One attempt, which may take as long
/// as `longest`: it has no client token, so after any error look for the tags before asking again
/// (backup/creating). When one of the set fails, EC2 puts all of them into `error`.
Task<Result<std::vector<Snapshot>>> create_snapshots(Caller& caller, SnapshotSetRequest request,
                                                     Duration longest);
Task<Status> may_create_snapshots(Caller& caller, SnapshotSetRequest request);

struct SnapshotRequest {
  VolumeId volume;
  std::string description;
  Tags tags;
  std::string outpost = {};  ///< the ARN of the Outpost that stores it; empty: the region does
};

/// CreateSnapshot: one volume, whether it is attached or not. Has no client token either.
Task<Result<Snapshot>> create_snapshot(Caller& caller, SnapshotRequest request, Duration longest);
Task<Status> may_create_snapshot(Caller& caller, SnapshotRequest request);

/// DeleteSnapshot. EC2 refuses it for a snapshot that an image stands on.
Task<Status> delete_snapshot(Caller& caller, SnapshotId snapshot);

/// DescribeLockedSnapshots: those of the region that are locked, which nobody can delete.
Task<Result<std::vector<SnapshotId>>> locked_snapshots(Caller& caller);

}  // namespace pitstop::ec2
