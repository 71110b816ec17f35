#include "sim/services_json.hpp"

#include <nlohmann/json.hpp>

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

Json scaling_group_json(const ScalingGroup& group) {
  auto members = Json::array();
  for (const auto& member : group.members) {
    members.push_back(
        {{"instance_id", member.instance.str()}, {"lifecycle_state", to_string(member.lifecycle)}});
  }
  return {{"name", group.name},       {"min", group.min},   {"max", group.max},
          {"desired", group.desired}, {"members", members}, {"target_groups", group.target_groups}};
}

Json target_group_json(const TargetGroup& group, const LoadBalancing& balancing) {
  auto targets = Json::array();
  for (const auto& target : balancing.targets_of(group)) {
    const auto health = balancing.health_of(group, target);
    targets.push_back({{"id", target.id},
                       {"port", target.port},
                       {"state", health.state},
                       {"reason", health.reason.empty() ? Json() : Json(health.reason)}});
  }
  return {{"name", group.name},
          {"arn", group.arn},
          {"target_type", group.target_type},
          {"port", group.port},
          {"load_balancers", group.load_balancers},
          {"deregistration_delay_seconds", seconds(group.deregistration_delay)},
          {"targets", targets}};
}

}  // namespace

void add_services(Json& state, const Region& region, Simulator& simulator) {
  for (const auto& [name, group] : simulator.auto_scaling(region.name).groups()) {
    state["auto_scaling_groups"].push_back(scaling_group_json(group));
  }
  const auto& balancing = simulator.load_balancing(region.name);
  for (const auto& [name, group] : balancing.groups()) {
    state["target_groups"].push_back(target_group_json(group, balancing));
  }
  for (const auto& key : region.keys) {
    state["kms_keys"].push_back({{"key_id", key.id},
                                 {"alias", key.alias},
                                 {"arn", arn_of(region, key)},
                                 {"state", key.state}});
  }
}

}  // namespace pitstop::sim
