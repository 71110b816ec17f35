#include "sim/autoscaling/auto_scaling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/api/network.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::sim {
namespace {

constexpr auto group_tag = "aws:autoscaling:groupName";

std::unexpected<ApiError> invalid(std::string message) {
  return refuse("ValidationError", std::move(message));
}

std::unexpected<ApiError> sizes(const ScalingGroup& group, std::string_view what) {
  return invalid(
      fmt::format("AutoScalingGroup {} has min-size={}, max-size={}, and desired-size={}. To {}, "
                  "please update the AutoScalingGroup sizes appropriately.",
                  group.name, group.min, group.max, group.desired, what));
}

/// With an empty root volume, and without what a call of RunInstances has left.
Launch launch_like(const Instance& member) {
  Launch launch;
  launch.settings = member.settings;
  launch.settings.client_token.clear();
  launch.settings.reservation.clear();
  launch.tags = member.tags;
  launch.pace = member.pace;
  launch.volumes.emplace_back().device = member.settings.root_device_name;
  return launch;
}

}  // namespace

AutoScaling::AutoScaling(Region& region, LoadBalancing& balancing)
    : region_(region), balancing_(balancing) {
  region.observers.push_back([this](const Instance& instance) { note_change(instance); });
}

ScalingGroup& AutoScaling::add(ScalingGroup group) {
  group.random = region_.chance_for("auto-scaling-group/" + group.name);
  group.created = region_.now();
  auto& added = groups_.insert_or_assign(group.name, std::move(group)).first->second;
  for (auto& member : added.members) {
    region_.instances.at(member.instance).tags[group_tag] = added.name;
    watch(added, member);
  }
  if (!added.members.empty()) {
    added.launch = launch_like(region_.instances.at(added.members.front().instance));
  }
  return added;
}

Answer<ScalingGroup*> AutoScaling::find(const std::string& name) {
  const auto found = groups_.find(name);
  if (found == groups_.end()) {
    return invalid(fmt::format("AutoScalingGroup name not found - AutoScalingGroup '{}' not found",
                               printable(name)));
  }
  return &found->second;
}

Answer<std::vector<Activity>> AutoScaling::enter_standby(ScalingGroup& group,
                                                         const std::vector<InstanceId>& instances,
                                                         bool decrement) {
  for (const auto& id : instances) {
    TRY_STATUS(find_member(group, id, Lifecycle::in_service));
  }
  const auto count = static_cast<int>(instances.size());
  if (decrement && group.desired - count < group.min) {
    return sizes(group,
                 fmt::format("place into standby {} instance{}", count, count == 1 ? "" : "s"));
  }
  std::vector<Activity> begun;
  for (const auto& id : instances) {
    auto* member = group.find(id);
    change(*member, Lifecycle::entering_standby);
    const auto length = std::max(group.pace.standby.draw(group.random), dismiss(group, id));
    unless_changed(group, *member, length,
                   [this](ScalingGroup&, Member& each) { change(each, Lifecycle::standby); });
    begun.push_back(begin(group, fmt::format("Moving EC2 instance to Standby: {}", id.str()),
                          fmt::format("instance {} was moved to standby in response to a user "
                                      "request",
                                      id.str()),
                          length));
  }
  group.desired -= decrement ? count : 0;
  for (int i = 0; i < (decrement ? 0 : count); ++i) {
    launch_another(group, region_.instances.at(instances.front()));
  }
  return begun;
}

Answer<std::vector<Activity>> AutoScaling::exit_standby(ScalingGroup& group,
                                                        const std::vector<InstanceId>& instances) {
  for (const auto& id : instances) {
    TRY(const auto* const member, find_member(group, id, Lifecycle::standby));
    if (!runs(*member)) {
      return invalid(fmt::format("The instance {} is not in a running state.", id.str()));
    }
  }
  const auto count = static_cast<int>(instances.size());
  if (group.desired + count > group.max) {
    return sizes(group, fmt::format("move {} out of standby", count));
  }
  group.desired += count;
  std::vector<Activity> begun;
  for (const auto& id : instances) {
    auto* member = group.find(id);
    change(*member, Lifecycle::pending);
    const auto length = group.pace.in_service.draw(group.random);
    unless_changed(group, *member, length,
                   [this](ScalingGroup& its, Member& each) { come_in_service(its, each); });
    begun.push_back(begin(group, fmt::format("Moving EC2 instance out of Standby: {}", id.str()),
                          fmt::format("instance {} was moved out of standby in response to a user "
                                      "request",
                                      id.str()),
                          length));
  }
  return begun;
}

void AutoScaling::note_change(const Instance& instance) {
  for (auto& [name, group] : groups_) {
    auto* member = group.find(instance.id);
    if (member == nullptr) {
      continue;
    }
    if (instance.state() == InstanceState::terminated &&
        member->lifecycle == Lifecycle::terminating) {
      std::erase_if(group.members,
                    [&](const Member& each) { return each.instance == instance.id; });
    } else {
      watch(group, *member);
    }
  }
}

void AutoScaling::change(Member& member, Lifecycle lifecycle) {
  member.lifecycle = lifecycle;
  ++member.changes;
}

void AutoScaling::unless_changed(ScalingGroup& group, const Member& member, Duration length,
                                 Happening happening) {
  region_.schedule.after(length, [&group, id = member.instance, changes = member.changes,
                                  happening = std::move(happening)] {
    auto* now = group.find(id);
    if (now != nullptr && now->changes == changes) {
      happening(group, *now);
    }
  });
}

void AutoScaling::watch(ScalingGroup& group, Member& member) {
  if (member.lifecycle == Lifecycle::pending && runs(member)) {
    unless_changed(group, member, group.pace.in_service.draw(group.random),
                   [this](ScalingGroup& its, Member& each) { come_in_service(its, each); });
  }
  if (member.lifecycle == Lifecycle::in_service && !runs(member)) {
    unless_changed(group, member, group.pace.health_check.draw(group.random),
                   [this](ScalingGroup& its, Member& each) {
                     if (!runs(each)) {
                       replace(its, each);
                     }
                   });
  }
}

void AutoScaling::come_in_service(ScalingGroup& group, Member& member) {
  change(member, Lifecycle::in_service);
  enrol(group, member.instance);
  watch(group, member);
}

void AutoScaling::replace(ScalingGroup& group, Member& member) {
  const auto id = member.instance;
  auto& instance = region_.instances.at(id);
  member.healthy = false;
  change(member, Lifecycle::terminating);
  dismiss(group, id);
  begin(group, fmt::format("Terminating EC2 instance: {}", id.str()),
        "an instance was taken out of service in response to an EC2 health check that indicated it "
        "was not running",
        {});
  // Neither protection keeps the group from it.
  instance.settings.termination_protection = false;
  const auto successor = launch_another(group, instance);
  replacements_.push_back({region_.now(), group.name, id, successor});
  if (instance.state() == InstanceState::terminated) {
    std::erase_if(group.members, [&](const Member& each) { return each.instance == id; });
    return;
  }
  (void)terminate_instances(region_, {id});
}

InstanceId AutoScaling::launch_another(ScalingGroup& group, const Instance& other) {
  auto launch = group.launch;
  launch.settings.zone = other.settings.zone;
  launch.settings.subnet = other.settings.subnet;
  if (const auto subnet = subnet_with_id(region_, other.settings.subnet)) {
    launch.settings.private_ip = next_private_ip(region_, *subnet);
  }
  const auto launched = launch_instance(region_, std::move(launch));
  if (!launched) {
    return InstanceId();
  }
  group.members.push_back({*launched, Lifecycle::pending});
  begin(group, fmt::format("Launching a new EC2 instance: {}", launched->str()),
        "an instance was started in response to a difference between desired and actual capacity",
        {});
  return *launched;
}

Activity AutoScaling::begin(ScalingGroup& group, std::string description, std::string cause,
                            Duration length) {
  auto& random = group.random;
  const auto id = fmt::format("{}-{}-{}-{}-{}", random.hex(8), random.hex(4), random.hex(4),
                              random.hex(4), random.hex(12));
  return group.activities.emplace_back(
      id, std::move(description),
      fmt::format("At {} {}.", rfc3339(region_.schedule.wall(region_.now())), cause), region_.now(),
      region_.now() + length);
}

Answer<Member*> AutoScaling::find_member(ScalingGroup& group, const InstanceId& id,
                                         Lifecycle lifecycle) const {
  auto* member = group.find(id);
  if (member == nullptr) {
    return invalid(fmt::format("The instance {} is not part of Auto Scaling group {}.",
                               printable(id.str()), group.name));
  }
  if (member->lifecycle != lifecycle) {
    return invalid(fmt::format("The instance {} is not in {}.", id.str(), to_string(lifecycle)));
  }
  return member;
}

void AutoScaling::enrol(const ScalingGroup& group, const InstanceId& instance) {
  for (const auto& arn : group.target_groups) {
    if (auto targets = balancing_.find(arn)) {
      // One that has stopped at this moment is found unhealthy soon.
      (void)balancing_.enrol(**targets, {{instance.str(), (*targets)->port}});
    }
  }
}

Duration AutoScaling::dismiss(const ScalingGroup& group, const InstanceId& instance) {
  Duration longest{};
  for (const auto& arn : group.target_groups) {
    if (auto targets = balancing_.find(arn)) {
      balancing_.dismiss(**targets, {{instance.str(), (*targets)->port}});
      longest = std::max(longest, (*targets)->deregistration_delay);
    }
  }
  return longest;
}

bool AutoScaling::runs(const Member& member) const {
  return region_.instances.at(member.instance).state() == InstanceState::running;
}

}  // namespace pitstop::sim
