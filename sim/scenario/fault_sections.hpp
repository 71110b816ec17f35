#pragma once

#include "sim/faults/faults.hpp"
#include "sim/scenario/section.hpp"

namespace pitstop::sim::scenario_file {

/// [[fault]]: what must go wrong.
Read<FaultPlan> scripted_faults();

/// [faults]: what goes wrong by chance, the kinds as keys.
Read<FaultPlan> random_faults();

}  // namespace pitstop::sim::scenario_file
