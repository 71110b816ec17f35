#pragma once

#include "restore/restore_record.hpp"

/// What EC2 itself shows of a restore that is to be finished. Tags say which volumes, servers and
/// images to look at; whoever may call CreateTags can write them.
///
/// 1. A volume that was made alone is deleted only if EC2 created it from a snapshot of the backup.
/// 2. A volume that was replaced is deleted only if EC2 has a completed backup of it. One that a
///    rollback has replaced was as a rule never backed up: it is enough that EC2 created it from a
///    backup that is still there, the same one for all of them.
/// 3. A server is adopted only if it was launched with the client token of the restore.
/// 4. An image is deregistered only if it has the name that the restore gave to its image, and
///    stands on snapshots of the backup alone.
namespace pitstop {

struct FinishFacts {
  /// Those of the volumes that were replaced, and those that volumes and images come from.
  std::vector<ec2::Snapshot> snapshots = {};
  /// Those that stand on snapshots which CreateImage or CopyImage has made.
  std::vector<ec2::Image> images = {};
  /// The servers that were launched with the client token of the restore.
  std::vector<InstanceId> launched = {};
};

/// Whether EC2's facts support what tags say of everything that the plan deletes, adopts and
/// deregisters. The error, of kind `refused`, names the first thing that does not fit.
Status supports_finish(const FinishFacts& facts, const RestoreRecord& record,
                       const FinishPlan& plan);

/// The same, with the facts asked of EC2.
Task<Status> check_finish(ec2::Caller& ec2, RestoreRecord record, FinishPlan plan);

}  // namespace pitstop
