#pragma once

#include <string>
#include <vector>

#include "cli/ec2_sites.hpp"
#include "prune/prune_plan.hpp"

/// What keeps backups from being deleted that no rule keeps.
namespace pitstop {

/// What stands on these snapshots, or locks them.
Task<Result<Obstacles>> obstacles_at(ec2::Caller& caller, std::vector<SnapshotId> snapshots);

/// Of the volumes that restores in place have replaced, those that are attached to nothing: such a
/// restore can still be taken back. Where EC2 does not say, all of them.
Task<std::vector<VolumeId>> detached_of(ec2::Caller& caller, std::vector<VolumeId> volumes);

/// Keeps copies whose originals are in an account and region that does not answer: each may be the
/// only one that is left of its backup.
void hold_copies_from(const Ec2Connection& origin, const std::string& site,
                      std::vector<ServerPrune>& plans);

}  // namespace pitstop
