#include "sim/autoscaling/views.hpp"

#include <fmt/format.h>

#include <set>

namespace pitstop::sim {
namespace {

/// What a member is in the list of its group, and in that of all.
void put_member(xml::Element element, const ShownMember& shown) {
  put(element, "InstanceId", shown.member->instance.str());
  put(element, "InstanceType", shown.instance->settings.type);
  put(element, "AvailabilityZone", shown.instance->settings.zone);
  put(element, "LifecycleState", to_string(shown.member->lifecycle));
  put_boolean(element, "ProtectedFromScaleIn", false);
}

void put_texts(xml::Element element, std::string_view name, const auto& texts) {
  const auto list = element.append_child(name);
  for (const auto& text : texts) {
    put(list, "member", text);
  }
}

std::set<std::string> zones_of(const ScalingGroup& group, const Region& region) {
  std::set<std::string> zones;
  for (const auto& member : group.members) {
    zones.insert(region.instances.at(member.instance).settings.zone);
  }
  return zones;
}

}  // namespace

std::string group_arn(const Region& region, std::string_view name) {
  auto chance = region.chance_for(fmt::format("auto-scaling-group/{}/arn", name));
  return fmt::format(
      "arn:aws:autoscaling:{}:{}:autoScalingGroup:{}-{}-4{}-8{}-{}:autoScalingGroupName/{}",
      region.name, region.account, chance.hex(8), chance.hex(4), chance.hex(3), chance.hex(3),
      chance.hex(12), name);
}

void put_instance(xml::Element element, const ShownMember& shown) {
  put_member(element, shown);
  put(element, "AutoScalingGroupName", shown.group->name);
  // The same in the group's own list is "Healthy".
  put(element, "HealthStatus", shown.member->healthy ? "HEALTHY" : "UNHEALTHY");
}

void put_group(xml::Element element, const ScalingGroup& group, const Region& region,
               bool with_instances) {
  put(element, "AutoScalingGroupName", group.name);
  put(element, "AutoScalingGroupARN", group_arn(region, group.name));
  put_number(element, "MinSize", group.min);
  put_number(element, "MaxSize", group.max);
  put_number(element, "DesiredCapacity", group.desired);
  put_number(element, "DefaultCooldown", 300);
  put_texts(element, "AvailabilityZones", zones_of(group, region));
  put_texts(element, "TargetGroupARNs", group.target_groups);
  put(element, "HealthCheckType", "EC2");
  put_number(element, "HealthCheckGracePeriod", 0);
  if (with_instances) {
    const auto list = element.append_child("Instances");
    for (const auto& member : group.members) {
      const auto shown = list.append_child("member");
      put_member(shown, {&group, &member, &region.instances.at(member.instance)});
      put(shown, "HealthStatus", member.healthy ? "Healthy" : "Unhealthy");
    }
  }
  put_time(element, "CreatedTime", region.schedule.wall(group.created));
  put_texts(element, "TerminationPolicies", std::vector<std::string>{"Default"});
  put_boolean(element, "NewInstancesProtectedFromScaleIn", false);
}

void put_activity(xml::Element element, const ScalingGroup& group, const Activity& activity,
                  const Region& region) {
  const bool is_over = activity.end <= region.now();
  put(element, "ActivityId", activity.id);
  put(element, "AutoScalingGroupName", group.name);
  put(element, "Description", activity.description);
  put(element, "Cause", activity.cause);
  put_time(element, "StartTime", region.schedule.wall(activity.start));
  if (is_over) {
    put_time(element, "EndTime", region.schedule.wall(activity.end));
  }
  put(element, "StatusCode", is_over ? "Successful" : "InProgress");
  put_number(element, "Progress", is_over ? 100 : 50);
}

}  // namespace pitstop::sim
