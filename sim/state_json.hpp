#pragma once

#include <nlohmann/json_fwd.hpp>

#include "sim/simulator.hpp"

namespace pitstop::sim {

/// Everything that is there at this moment, as it truly is, by region; doc/ec2sim.md has the
/// fields. What was deleted is left out, terminated instances are not.
nlohmann::ordered_json state_json(Simulator& simulator);

/// {"seconds": since the beginning, "time": "2026-11-23T00:16:00.250Z"}; null if there is none, or
/// if it has not come yet.
nlohmann::ordered_json moment_json(Simulator& simulator, std::optional<Instant> when);

}  // namespace pitstop::sim
