#pragma once

#include "backup/plan.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// What can be known before the stop. Changes nothing.
///
/// Asks EC2 with a dry run of each call that the backup will make whether these credentials may
/// make it; the start comes first, for it is the one that must not fail. An error means that the
/// backup must not begin.
Task<Status> check(ec2::Caller& caller, const BackupPlan& plan, WallTime now);

}  // namespace pitstop
