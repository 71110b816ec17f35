#include "sim/elb/load_balancing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"
#include "base/text.hpp"

namespace pitstop::sim {
namespace {

/// How long a target is being registered before it is first asked whether it is healthy.
constexpr Duration length_of_registration = Seconds(2);

bool is_instance(const TargetGroup& group) {
  return group.target_type == "instance";
}

bool has_just_stopped(const Instance& instance) {
  const auto& history = instance.history;
  const bool stops = instance.state() == InstanceState::stopping ||
                     instance.state() == InstanceState::shutting_down;
  return stops && history.size() > 1 && history[history.size() - 2].state == InstanceState::running;
}

std::unexpected<ApiError> invalid_target(std::string_view complaint, const Target& target) {
  return refuse("InvalidTarget", fmt::format("{}: '{}'", complaint, printable(target.id)));
}

Registration* find_registration(TargetGroup& group, const Target& target) {
  const auto found = std::ranges::find(group.registrations, target, &Registration::target);
  return found == group.registrations.end() ? nullptr : &*found;
}

}  // namespace

LoadBalancing::LoadBalancing(Region& region) : region_(region) {
  region.observers.push_back([this](const Instance& instance) {
    if (has_just_stopped(instance)) {
      note_stop(instance);
    }
  });
}

TargetGroup& LoadBalancing::add(TargetGroup group) {
  group.random = region_.chance_for("target-group/" + group.name);
  group.arn = fmt::format("arn:aws:elasticloadbalancing:{}:{}:targetgroup/{}/{}", region_.name,
                          region_.account, group.name, group.random.hex(16));
  return groups_.insert_or_assign(group.name, std::move(group)).first->second;
}

Answer<TargetGroup*> LoadBalancing::find(const std::string& arn) {
  const auto found =
      std::ranges::find_if(groups_, [&](const auto& named) { return named.second.arn == arn; });
  if (found == groups_.end()) {
    return refuse("TargetGroupNotFound",
                  fmt::format("Target groups '{}' not found", printable(arn)));
  }
  return &found->second;
}

Answer<void> LoadBalancing::enrol(TargetGroup& group, const std::vector<Target>& targets) {
  for (const auto& target : targets) {
    TRY_STATUS(check(group, target));
  }
  std::erase_if(group.registrations, [&](const auto& each) { return is_gone(group, each); });
  for (const auto& target : targets) {
    auto* there = find_registration(group, target);
    if (there == nullptr) {
      there = &group.registrations.emplace_back(target);
    } else if (!there->deregistered) {
      continue;
    }
    *there = {target, region_.now(), group.healthy_after.draw(group.random)};
  }
  return {};
}

void LoadBalancing::dismiss(TargetGroup& group, const std::vector<Target>& targets) {
  for (const auto& target : targets) {
    auto* there = find_registration(group, target);
    if (there != nullptr && !there->deregistered) {
      there->deregistered = region_.now();
    }
  }
}

TargetHealth LoadBalancing::health_of(const TargetGroup& group, const Target& target) const {
  const auto found = std::ranges::find(group.registrations, target, &Registration::target);
  if (found == group.registrations.end() || is_gone(group, *found)) {
    return {"unused", "Target.NotRegistered", "Target is not registered to the target group"};
  }
  return health_of(group, *found);
}

std::vector<Target> LoadBalancing::targets_of(const TargetGroup& group) const {
  std::vector<Target> targets;
  for (const auto& each : group.registrations) {
    if (!is_gone(group, each)) {
      targets.push_back(each.target);
    }
  }
  return targets;
}

std::string LoadBalancing::zone_of(const TargetGroup& group, const Target& target) const {
  if (is_instance(group)) {
    return "";
  }
  const auto* instance = instance_of(group, target);
  return instance == nullptr ? "all" : instance->settings.zone;
}

Answer<void> LoadBalancing::check(const TargetGroup& group, const Target& target) const {
  if (!is_instance(group)) {
    return {};
  }
  const auto* instance = instance_of(group, target);
  if (instance == nullptr) {
    return invalid_target("The following targets are not instances of this account", target);
  }
  if (instance->state() != InstanceState::running) {
    return invalid_target(
        "The following targets are not in a running state and cannot be registered", target);
  }
  return {};
}

const Instance* LoadBalancing::instance_of(const TargetGroup& group, const Target& target) const {
  const auto found = std::ranges::find_if(region_.instances, [&](const auto& known) {
    const auto& instance = known.second;
    return is_instance(group) ? instance.id.str() == target.id
                              : instance.settings.private_ip == target.id &&
                                    instance.state() != InstanceState::terminated;
  });
  return found == region_.instances.end() ? nullptr : &found->second;
}

bool LoadBalancing::is_gone(const TargetGroup& group, const Registration& registration) const {
  return registration.deregistered &&
         region_.now() >= *registration.deregistered + group.deregistration_delay;
}

TargetHealth LoadBalancing::health_of(const TargetGroup& group,
                                      const Registration& registered) const {
  if (registered.deregistered) {
    return {"draining", "Target.DeregistrationInProgress", "Target deregistration is in progress"};
  }
  if (group.load_balancers.empty()) {
    return {"unused", "Target.NotInUse",
            "Target group is not configured to receive traffic from the load balancer"};
  }
  auto asked_since = registered.since;
  if (const auto* instance = instance_of(group, registered.target)) {
    const auto& last = instance->history.back();
    if (last.state != InstanceState::running) {
      return is_instance(group)
                 ? TargetHealth{"unused", "Target.InvalidState", "Target is in the stopped state"}
                 : TargetHealth{"unhealthy", "Target.Timeout", "Request timed out"};
    }
    asked_since = std::max(asked_since, last.at);
  }
  const auto age = region_.now() - asked_since;
  if (age < std::min(length_of_registration, registered.healthy_after)) {
    return {"initial", "Elb.RegistrationInProgress", "Target registration is in progress"};
  }
  if (age < registered.healthy_after) {
    return {"initial", "Elb.InitialHealthChecking", "Initial health checks in progress"};
  }
  return {"healthy", "", ""};
}

void LoadBalancing::note_stop(const Instance& instance) {
  for (const auto& [name, group] : groups_) {
    for (const auto& registered : group.registrations) {
      const bool is_its_own = instance_of(group, registered.target) == &instance;
      if (!is_its_own || is_gone(group, registered) || group.load_balancers.empty()) {
        continue;
      }
      cut_targets_.push_back({region_.now(), name, registered.target,
                              registered.deregistered ? "draining" : "registered"});
    }
  }
}

}  // namespace pitstop::sim
