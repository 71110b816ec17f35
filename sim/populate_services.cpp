#include "sim/populate_services.hpp"

#include <fmt/format.h>

#include "base/contains.hpp"
#include "sim/scenario/server_names.hpp"

namespace pitstop::sim {
namespace {

/// How long a key that is to be deleted is still there.
constexpr Duration deletion_window = std::chrono::hours(24 * 30);

template <class Plan>
bool is_in(const Region& region, const Scenario& scenario, const Plan& plan) {
  return (plan.region.empty() ? scenario.region : plan.region) == region.name;
}

std::vector<const Instance*> instances_named(const Region& region, const Scenario& scenario,
                                             std::string_view name) {
  std::vector<const Instance*> found;
  const auto names = servers_named(scenario, region.name, name);
  for (const auto& [id, instance] : region.instances) {
    const auto tag = instance.tags.find("Name");
    if (tag != instance.tags.end() && contains(names, tag->second)) {
      found.push_back(&instance);
    }
  }
  return found;
}

std::string id_of(const Region& region, const KeyPlan& plan) {
  if (!plan.id.empty()) {
    return plan.id;
  }
  auto chance = region.chance_for("kms-key/" + plan.name);
  return fmt::format("{}-{}-4{}-8{}-{}", chance.hex(8), chance.hex(4), chance.hex(3), chance.hex(3),
                     chance.hex(12));
}

void add_keys(Region& region, const Scenario& scenario) {
  for (const auto& plan : scenario.keys) {
    if (!is_in(region, scenario, plan)) {
      continue;
    }
    Key key{id_of(region, plan), "alias/" + plan.name, plan.state, region.now()};
    if (key.state == "PendingDeletion") {
      key.deletion = region.now() + deletion_window;
    }
    region.keys.push_back(std::move(key));
  }
}

TargetGroup target_group_of(const Region& region, const TargetGroupPlan& plan) {
  TargetGroup group;
  group.name = plan.name;
  group.target_type = plan.target_type;
  group.protocol = plan.protocol;
  group.port = plan.port;
  if (plan.in_use) {
    auto chance = region.chance_for("load-balancer/" + plan.name);
    group.load_balancers.push_back(fmt::format(
        "arn:aws:elasticloadbalancing:{}:{}:loadbalancer/{}/{}/{}", region.name, region.account,
        plan.protocol.starts_with("HTTP") ? "app" : "net", plan.name, chance.hex(16)));
  }
  group.deregistration_delay = plan.deregistration_delay;
  group.healthy_after = plan.healthy_after;
  return group;
}

/// A target of long standing. One that is stopped is registered, too, as at AWS: it was running
/// once.
void add_target(TargetGroup& group, const Instance& instance, int port, Instant now) {
  const auto& id = group.target_type == "ip" ? instance.settings.private_ip : instance.id.str();
  const Target target{id, port == 0 ? group.port : port};
  if (!contains(group.registrations, target, &Registration::target)) {
    group.registrations.push_back({target, now, group.healthy_after.draw(group.random)});
  }
}

void add_target_groups(const Region& region, LoadBalancing& balancing, const Scenario& scenario) {
  for (const auto& plan : scenario.target_groups) {
    if (!is_in(region, scenario, plan)) {
      continue;
    }
    auto& group = balancing.add(target_group_of(region, plan));
    for (const auto& member : plan.members) {
      const auto target = named_target(member);
      for (const auto* instance : instances_named(region, scenario, target.server)) {
        add_target(group, *instance, target.port, region.now());
      }
    }
  }
}

ScalingGroup scaling_group_of(const Region& region, const Scenario& scenario,
                              const ScalingGroupPlan& plan) {
  ScalingGroup group;
  group.name = plan.name;
  group.min = plan.min;
  group.pace = plan.pace;
  for (const auto& name : plan.members) {
    for (const auto* instance : instances_named(region, scenario, name)) {
      const bool stands_by = contains(plan.standby, instance->tags.at("Name"));
      group.members.push_back(
          {instance->id, stands_by ? Lifecycle::standby : Lifecycle::in_service});
      group.desired += stands_by ? 0 : 1;
    }
  }
  group.max = plan.max.value_or(static_cast<int>(group.members.size()));
  return group;
}

void add_scaling_groups(Region& region, LoadBalancing& balancing, AutoScaling& scaling,
                        const Scenario& scenario) {
  for (const auto& plan : scenario.scaling_groups) {
    if (!is_in(region, scenario, plan)) {
      continue;
    }
    auto group = scaling_group_of(region, scenario, plan);
    for (const auto& name : plan.target_groups) {
      const auto arn = balancing.groups().at(name).arn;
      group.target_groups.push_back(arn);
      for (const auto& member : group.members) {
        if (member.lifecycle == Lifecycle::in_service) {
          add_target(**balancing.find(arn), region.instances.at(member.instance), 0, region.now());
        }
      }
    }
    scaling.add(std::move(group));
  }
}

}  // namespace

std::string id_of_key(const Region& region, const Scenario& scenario, const std::string& name) {
  for (const auto& plan : scenario.keys) {
    if (plan.name == name && is_in(region, scenario, plan)) {
      return id_of(region, plan);
    }
  }
  return "";
}

void populate_services(Region& region, LoadBalancing& balancing, AutoScaling& scaling,
                       const Scenario& scenario) {
  add_keys(region, scenario);
  add_target_groups(region, balancing, scenario);
  add_scaling_groups(region, balancing, scaling, scenario);
}

}  // namespace pitstop::sim
