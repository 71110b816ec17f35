#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// The guard of a server that is down: a schedule of EventBridge Scheduler that starts it once a
/// minute from a little after its deadline on, when nobody else did. It is in AWS, so it works when
/// the host of pitstop is gone for good. Since there is one schedule of a name, it is also the lock
/// between hosts.
namespace pitstop {

/// Makes the guard and reads it back: one that is not as it should be is none. `held` if there is
/// the guard of another run.
Task<Status> set_guard(Tools tools, const BackupPlan& plan);

/// Removes the guard of that run; leaves alone what is another's.
Task<Status> remove_guard(Tools tools, RunId run, InstanceId instance);

}  // namespace pitstop
