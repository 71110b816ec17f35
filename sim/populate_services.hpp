#pragma once

#include "sim/autoscaling/auto_scaling.hpp"
#include "sim/elb/load_balancing.hpp"
#include "sim/scenario/scenario.hpp"

namespace pitstop::sim {

/// The id of the region's key of that name in the scenario.
std::string id_of_key(const Region& region, const Scenario& scenario, const std::string& name);

/// Keys, target groups and Auto Scaling groups of this region, once its servers are there: targets
/// are healthy, members in service.
void populate_services(Region& region, LoadBalancing& balancing, AutoScaling& scaling,
                       const Scenario& scenario);

}  // namespace pitstop::sim
