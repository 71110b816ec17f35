#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

namespace pitstop {

/// Backs up a server that goes on running (--online, with --freeze or without, and
/// --data-volumes-unmounted): opens its backup
/// in the journal, takes the snapshots, and follows them. Nothing is stopped, tagged or laid about
/// the server, so nothing has to be brought back whatever happens; a run that is killed leaves
/// snapshots, which recover adopts.
Task<BackupOutcome> back_up_online(BackupPlan plan, Tools tools);

}  // namespace pitstop
