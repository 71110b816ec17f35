#include "sim/autoscaling/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "sim/autoscaling/actions.hpp"
#include "sim/autoscaling/views.hpp"

namespace pitstop::sim {
namespace {

constexpr int most_instances_described = 50;
constexpr int most_groups_described = 100;
constexpr std::size_t most_moved = 20;

Answer<std::vector<InstanceId>> read_instances(FormReader& form, std::size_t most) {
  std::vector<InstanceId> ids;
  for (auto& id : form.list("InstanceIds.member")) {
    ids.emplace_back(std::move(id));
  }
  if (ids.size() > most) {
    return refuse("ValidationError",
                  fmt::format("1 validation error detected: Value at 'instanceIds' failed to "
                              "satisfy constraint: Member must have length less than or equal to "
                              "{}",
                              most));
  }
  return ids;
}

Answer<QueryPage> read_page(FormReader& form, int most) {
  return read_query_page(form, "MaxRecords", "NextToken", most, "InvalidNextToken");
}

Answer<void> describe_auto_scaling_instances(QueryCall& call, AutoScaling& scaling) {
  TRY(const auto asked, read_instances(call.form, most_instances_described));
  TRY(const auto page, read_page(call.form, most_instances_described));
  TRY_STATUS(call.admit());
  std::vector<ShownMember> members;
  for (const auto& [name, group] : scaling.groups()) {
    for (const auto& member : group.members) {
      if (asked.empty() || contains(asked, member.instance)) {
        members.push_back({&group, &member, &call.region.instances.at(member.instance)});
      }
    }
  }
  std::ranges::sort(members, {}, [](const ShownMember& each) { return each.member->instance; });
  const auto list = call.result.append_child("AutoScalingInstances");
  const auto next = write_page(
      members, page, [](const ShownMember& each) { return each.member->instance.str(); },
      [&](const ShownMember& each) { put_instance(list.append_child("member"), each); });
  put_unless_empty(call.result, "NextToken", next);
  return {};
}

Answer<void> describe_auto_scaling_groups(QueryCall& call, AutoScaling& scaling) {
  const auto asked = call.form.list("AutoScalingGroupNames.member");
  TRY(const bool with_instances, call.form.boolean("IncludeInstances", true));
  TRY(const auto page, read_page(call.form, most_groups_described));
  TRY_STATUS(call.admit());
  std::vector<const ScalingGroup*> groups;
  for (const auto& [name, group] : scaling.groups()) {
    if (asked.empty() || contains(asked, name)) {
      groups.push_back(&group);
    }
  }
  const auto list = call.result.append_child("AutoScalingGroups");
  const auto next = write_page(
      groups, page, [](const ScalingGroup* group) { return group->name; },
      [&](const ScalingGroup* group) {
        put_group(list.append_child("member"), *group, call.region, with_instances);
      });
  put_unless_empty(call.result, "NextToken", next);
  return {};
}

/// What moving into Standby and out of it have in common.
struct Move {
  std::string group;
  std::vector<InstanceId> instances;
};

Answer<Move> read_move(FormReader& form) {
  Move move{form.text("AutoScalingGroupName"), {}};
  if (move.group.empty()) {
    return missing_member("autoScalingGroupName");
  }
  TRY(move.instances, read_instances(form, most_moved));
  if (move.instances.empty()) {
    return refuse("ValidationError", "At least one instance id is needed.");
  }
  return move;
}

void put_activities(QueryCall& call, const ScalingGroup& group,
                    const std::vector<Activity>& activities) {
  const auto list = call.result.append_child("Activities");
  for (const auto& activity : activities) {
    put_activity(list.append_child("member"), group, activity, call.region);
  }
}

Answer<void> enter_standby(QueryCall& call, AutoScaling& scaling) {
  TRY(const auto move, read_move(call.form));
  TRY(const auto decrement, call.form.optional_boolean("ShouldDecrementDesiredCapacity"));
  if (!decrement) {
    return missing_member("shouldDecrementDesiredCapacity");
  }
  TRY_STATUS(call.admit(group_arn(call.region, move.group)));
  TRY(auto* const group, scaling.find(move.group));
  TRY(const auto begun, scaling.enter_standby(*group, move.instances, *decrement));
  put_activities(call, *group, begun);
  return {};
}

Answer<void> exit_standby(QueryCall& call, AutoScaling& scaling) {
  TRY(const auto move, read_move(call.form));
  TRY_STATUS(call.admit(group_arn(call.region, move.group)));
  TRY(auto* const group, scaling.find(move.group));
  TRY(const auto begun, scaling.exit_standby(*group, move.instances));
  put_activities(call, *group, begun);
  return {};
}

/// The newest first, and no more than one page of them.
Answer<void> describe_scaling_activities(QueryCall& call, AutoScaling& scaling) {
  const auto name = call.form.text("AutoScalingGroupName");
  TRY(const auto page, read_page(call.form, most_groups_described));
  TRY_STATUS(call.admit());
  if (name.empty()) {
    return missing_member("autoScalingGroupName");
  }
  TRY(const auto* const group, scaling.find(name));
  const auto count = std::min(group->activities.size(), page.most);
  put_activities(call, *group,
                 {group->activities.rbegin(),
                  group->activities.rbegin() + static_cast<std::ptrdiff_t>(count)});
  return {};
}

struct Operation {
  std::string_view name;
  Answer<void> (*carry_out)(QueryCall&, AutoScaling&);
};

constexpr std::array<Operation, auto_scaling_actions.size()> operations{{
    {"DescribeAutoScalingGroups", describe_auto_scaling_groups},
    {"DescribeAutoScalingInstances", describe_auto_scaling_instances},
    {"DescribeScalingActivities", describe_scaling_activities},
    {"EnterStandby", enter_standby},
    {"ExitStandby", exit_standby},
}};

}  // namespace

HttpResponse answer_auto_scaling_call(const ReceivedCall& received, AutoScaling& scaling) {
  return answer_query_call(
      auto_scaling_service, scaling.region(), received, [&](QueryCall& call) -> Answer<void> {
        const auto* found = std::ranges::find(operations, call.action, &Operation::name);
        return found == operations.end() ? unknown_action(call) : found->carry_out(call, scaling);
      });
}

}  // namespace pitstop::sim
