#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/simulator.hpp"

namespace pitstop::sim {

/// Adds what the services beside EC2 have in a region to the state of that region: the lists
/// "auto_scaling_groups", "target_groups" and "kms_keys".
void add_services(nlohmann::ordered_json& state, const Region& region, Simulator& simulator);

}  // namespace pitstop::sim
