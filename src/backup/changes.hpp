#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

namespace pitstop {

/// Reports what is not as it was before the stop, once the server runs again: its public address,
/// unless that is an Elastic IP.
Task<void> tell_what_changed(Tools tools, const BackupPlan& plan);

}  // namespace pitstop
