#pragma once

#include "sim/cloud/region.hpp"

namespace pitstop::sim {

struct SnapshotSpecification {
  std::string description;
  Tags tags;
  std::string outpost = {};  ///< the ARN of the Outpost that is to store it; empty: the region
};

/// CreateSnapshot: catches what is on the volume at this moment; the copying comes after the older
/// ones of the same volume.
Answer<SnapshotId> create_snapshot(Region& region, const VolumeId& volume,
                                   const SnapshotSpecification& specification);

/// CreateSnapshots, all or none; they share their fate.
Answer<std::vector<SnapshotId>> create_snapshots(Region& region,
                                                 const std::vector<VolumeId>& volumes,
                                                 const std::vector<SnapshotSpecification>& each);

/// A pending one goes when it has ended, and counts until then. One that an image stands on stays.
Answer<void> delete_snapshot(Region& region, const SnapshotId& id);

struct SharingChange {
  bool ends = false;  ///< the accounts may not copy it any more, else from now on they may
  std::vector<std::string> accounts;
};

/// ModifySnapshotAttribute. One that is encrypted with the account's own key for EBS is not shared.
Answer<void> change_sharing(Region& region, const SnapshotId& id, const SharingChange& change);

/// The snapshot, or EC2's InvalidSnapshot.NotFound.
Answer<Snapshot*> find_snapshot(Region& region, const SnapshotId& id);

/// How long it takes to copy so much.
Duration copying_time(std::uint64_t bytes, double mib_per_second);

/// It is complete now, unless it has ended before.
void complete_snapshot(Region& region, const SnapshotId& id);

/// It ends in `error` now, and takes its set with it.
void fail_snapshot(Region& region, const SnapshotId& id, const std::string& why);

}  // namespace pitstop::sim
