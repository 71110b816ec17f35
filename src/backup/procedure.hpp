#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

namespace pitstop {

/// The backup of one server, from the stop to the last snapshot. Read procedure.cpp first.
///
/// Never fails as a call: whatever happens is in the outcome, and the server runs again unless the
/// outcome says `left_down`. `api_calls` counts the polls only; the caller knows the rest.
Task<BackupOutcome> back_up(BackupPlan plan, Tools tools);

}  // namespace pitstop
