#pragma once

#include <vector>

#include "backup/finding.hpp"
#include "backup/plan.hpp"
#include "backup/shared_trials.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// Asks EC2 with a dry run of each call that the backup will make whether these credentials may
/// make it, unless that is proven; the start comes first, for it is the one that must not fail.
/// What cannot be tried so is listed as unproven. Changes nothing.
Task<std::vector<Finding>> try_permissions(ec2::Caller& caller, const BackupPlan& plan,
                                           const Proven& proven, WallTime now);

}  // namespace pitstop
