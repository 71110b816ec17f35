#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/simulator.hpp"

namespace pitstop::sim {

/// What really happened so far: outages with what they cost and what they had to cost, what each
/// snapshot caught, which calls were made, which scripted faults met none; doc/ec2sim.md has the
/// fields.
nlohmann::ordered_json truth_json(Simulator& simulator, const Faults& faults);

}  // namespace pitstop::sim
