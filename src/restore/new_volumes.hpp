#pragma once

#include "restore/restore_outcome.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

/// Makes the volumes of a plan in a zone, and waits until each is available. A request that is made
/// again makes no second one: its token is made of the restore and the snapshot. On an error those
/// that were made are deleted.
Task<Result<std::vector<RestoredVolume>>> make_volumes(RestoreTools tools, RestorePlan plan,
                                                       std::string zone, int initialization_rate);

}  // namespace pitstop
