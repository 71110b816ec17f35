#pragma once

#include <vector>

#include "backup/fast_restore.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// Disables fast snapshot restore of snapshots that carry this tag, and takes the tag off; a
/// snapshot that is gone, or does not have it any more, counts as done. The error names the first
/// of which it is still on, and how a person ends it; its tag stays.
Task<Status> end_fast_restores(ec2::Caller& ec2, FastRestoreTag tag,
                               std::vector<SnapshotId> snapshots);

/// A restore that has it on, or had when it was lost.
struct LostFastRestore {
  FastRestoreTag tag;
  std::vector<SnapshotId> snapshots;
};

/// What snapshots say of that; those with the same tag are of one.
std::vector<LostFastRestore> fast_restores_of(const std::vector<ec2::Snapshot>& snapshots);

/// Looks for what a restore has on of these snapshots, and ends it. Of others its tags say nothing
/// that counts.
Task<Status> end_fast_restores_of(ec2::Caller& ec2, RestoreId restore,
                                  std::vector<SnapshotId> snapshots);

/// Whether a snapshot says that a restore has it on.
Task<Result<bool>> may_be_restored_fast(ec2::Caller& ec2, RestoreId restore);

}  // namespace pitstop
