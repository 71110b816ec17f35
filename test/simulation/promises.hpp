#pragma once

#include <string>
#include <vector>

#include "support/simulated_world.hpp"

namespace pitstop::test {

/// The promises of the design, held against what truly happened in the cloud. Each text says which
/// one was broken and how; none if all were kept.
std::vector<std::string> broken_promises(SimulatedWorld& world, const BackupOptions& options,
                                         const std::vector<BackupOutcome>& outcomes);

/// Those of them that hold without anybody telling what came of it: after a kill, too.
std::vector<std::string> broken_promises_of_snapshots(SimulatedWorld& world);

}  // namespace pitstop::test
