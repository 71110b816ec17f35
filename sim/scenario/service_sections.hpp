#pragma once

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/section.hpp"

namespace pitstop::sim::scenario_file {

/// [[kms_key]]
Read<Scenario> keys();

/// [[target_group]]
Read<Scenario> target_groups();

/// [[auto_scaling_group]]
Read<Scenario> scaling_groups();

}  // namespace pitstop::sim::scenario_file
