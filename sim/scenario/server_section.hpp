#pragma once

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/section.hpp"

namespace pitstop::sim::scenario_file {

/// [[server]], with its [[server.volume]]s. Servers begin with the scenario's region and paces.
Read<Scenario> servers();

}  // namespace pitstop::sim::scenario_file
