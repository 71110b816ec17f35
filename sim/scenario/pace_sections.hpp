#pragma once

#include "sim/scenario/section.hpp"

namespace pitstop::sim::scenario_file {

/// [pace.server], [server.pace]
Section<ServerPace> server_pace_section();

/// [pace.snapshot], [server.volume.pace]
Section<SnapshotPace> snapshot_pace_section();

}  // namespace pitstop::sim::scenario_file
