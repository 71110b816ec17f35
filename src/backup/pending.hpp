#pragma once

#include <vector>

#include "backup/plan.hpp"
#include "ec2/caller.hpp"

/// Snapshots that are not complete: EC2 copies those of a volume one after the other, so they keep
/// a new one at 0 %, and its server down (AWS re:Post, "Why is my EBS snapshot stuck").
namespace pitstop {

/// Those of the plan's volumes, whoever made them; the oldest first.
Task<Result<std::vector<ec2::Snapshot>>> find_pending_snapshots(ec2::Caller& caller,
                                                                std::vector<ec2::Volume> volumes);

/// How long to wait until EC2 takes another snapshot of these volumes: 15 s must lie between two
/// snapshots of one volume (EC2 error SnapshotCreationPerVolumeRateExceeded).
Duration until_more_are_taken(const std::vector<ec2::Snapshot>& pending, WallTime now);

}  // namespace pitstop
