#pragma once

#include <vector>

#include "backup/inspection.hpp"

namespace pitstop {

/// Findings about the volumes of a server: the root volume, the room for those that a restore adds,
/// how many there are, who else has them, and the snapshots of them that are pending or recent.
std::vector<Finding> look_at_volumes(const BackupPlan& plan, const Facts& facts);

}  // namespace pitstop
