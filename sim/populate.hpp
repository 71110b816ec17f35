#pragma once

#include "sim/cloud/region.hpp"
#include "sim/scenario/scenario.hpp"

namespace pitstop::sim {

/// How long before the simulation's beginning its servers are launched: when it begins, they have
/// run for long, and what a describing call sees of the past has them, too.
inline constexpr Duration head_start = std::chrono::hours(24);

/// Paces and shortages, those from the beginning of the simulation on.
void set_up(Region& region, const Scenario& scenario, Instant begin);

/// Launches the scenario's servers that belong to this region, and stops those that shall be
/// stopped. Takes less than a minute of the schedule's time, of which it should have a head start.
/// What is planned for them counts from `begin`.
void populate(Region& region, const Scenario& scenario, Instant begin);

}  // namespace pitstop::sim
