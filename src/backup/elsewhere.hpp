#pragma once

#include <optional>

#include "backup/plan.hpp"
#include "ec2/caller.hpp"

/// Fleets of several hosts overlap: a server that another run has backed up since this run began is
/// done, and one outage is enough.
namespace pitstop {

/// Whether another run can have backed the server up: EC2 shows a start since it was selected, or
/// another state. Costs no call.
bool may_be_done_elsewhere(const BackupPlan& plan, const ec2::Instance& seen);

/// The backup that another run has made of the server since this one began, if there is any that
/// serves as well: for the same policies, of all volumes of the plan. EC2's own facts decide: when
/// snapshots began, and of which volumes.
Task<Result<std::optional<ElsewhereBackup>>> find_backup_elsewhere(ec2::Caller& caller,
                                                                   const BackupPlan& plan);

}  // namespace pitstop
