#pragma once

#include "ec2/caller.hpp"

namespace pitstop::ec2 {

/// Asks EC2 whether it would carry out the call (DryRun=true), without carrying it out. EC2 looks
/// at the permissions, not at states, limits or capacity.
Task<Status> dry_run(Caller& caller, Call call);

}  // namespace pitstop::ec2
