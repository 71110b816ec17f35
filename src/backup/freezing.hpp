#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// `--freeze`: the data file systems of a server that goes on are frozen (fsfreeze) while EC2
/// fixes the snapshots' point in time, by a document of Systems Manager (`pitstop freeze template`)
/// that thaws them by itself after 30 s, whatever becomes of pitstop.
namespace pitstop {

/// The document's name, in each region.
inline constexpr auto freeze_document = "pitstop-freeze";

/// Freezes them; an error says that nothing is frozen, or will not be for long.
Task<Status> freeze(Tools tools, const BackupPlan& plan);

/// Thaws them. A success says that they were frozen all the time until then.
Task<Status> thaw(Tools tools, const BackupPlan& plan);

}  // namespace pitstop
