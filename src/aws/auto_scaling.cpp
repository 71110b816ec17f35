#include "aws/auto_scaling.hpp"

#include <fmt/format.h>

#include <array>

#include "aws/query_protocol.hpp"
#include "aws/xml.hpp"
#include "base/chunks.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr auto auto_scaling_version = "2011-01-01";
constexpr std::size_t most_described = 50;

// EC2 Auto Scaling API Reference, the errors of each action.
constexpr std::array auto_scaling_errors = std::to_array<ErrorMeaning>({
    {"ResourceContention", ErrorKind::transient},
    {"ScalingActivityInProgress", ErrorKind::transient},
});

/// There is one code for all that is wrong with a request; only the text tells them apart.
void refine_auto_scaling(std::string_view /*action*/, const AnsweredError& answered, Error& error) {
  if (answered.code != "ValidationError") {
    return;
  }
  const auto says = [&](std::string_view words) { return answered.message.contains(words); };
  if (says("not found") || says("is not part of")) {
    error.kind = ErrorKind::not_found;
  } else if (says("is not in")) {
    error.kind = ErrorKind::wrong_state;
  } else if (says("min-size")) {
    error.hint = "lower the group's minimum size, or let it launch a replacement";
  }
}

constexpr ServiceApi auto_scaling_api{.name = "autoscaling",
                                      .title = "Auto Scaling",
                                      .codes = auto_scaling_errors,
                                      .read_error = query::read_error,
                                      .can_be_an_answer = query::can_be_an_answer,
                                      .longest_answer = query::longest_list,
                                      .refine = refine_auto_scaling};

Result<GroupMember> read_member(const pugi::xml_node& node) {
  GroupMember member;
  TRY(auto id, xml::required_text(node, "InstanceId"));
  member.instance = InstanceId(std::move(id));
  TRY(member.group, xml::required_text(node, "AutoScalingGroupName"));
  TRY(member.lifecycle, xml::required_text(node, "LifecycleState"));
  return member;
}

Result<AutoScalingGroup> read_group(const pugi::xml_node& node) {
  AutoScalingGroup group;
  TRY(group.name, xml::required_text(node, "AutoScalingGroupName"));
  group.min = xml::number(node, "MinSize").value_or(0);
  group.max = xml::number(node, "MaxSize").value_or(0);
  group.desired = xml::number(node, "DesiredCapacity").value_or(0);
  for (const auto& arn : node.child("TargetGroupARNs").children("member")) {
    group.target_groups.emplace_back(arn.child_value());
  }
  return group;
}

std::vector<std::string> texts_of(const std::vector<InstanceId>& ids) {
  std::vector<std::string> texts;
  for (const auto& id : ids) {
    texts.push_back(id.str());
  }
  return texts;
}

bool is_standing_by(const GroupMember& member) {
  return member.entering_standby() || member.in_standby();
}

bool is_back(const GroupMember& member) {
  return member.pending() || member.in_service();
}

}  // namespace

AutoScaling::AutoScaling(Http& http, Identity& identity, Clock& clock, Random& random,
                         Milliseconds attempt_timeout, Duration patience)
    : caller_(auto_scaling_api, http, identity, clock, random, attempt_timeout, patience) {}

Task<Result<std::vector<GroupMember>>> AutoScaling::describe_instances(
    std::vector<InstanceId> instances, std::optional<Duration> patience) {
  std::vector<GroupMember> members;
  const query::Take take = [&members](const pugi::xml_node& node) -> Status {
    TRY(auto member, read_member(node));
    members.push_back(std::move(member));
    return {};
  };
  const query::PagedList list{"AutoScalingInstances", "NextToken", "NextToken"};
  for (const auto& some : chunks(instances, most_described)) {
    query::Form form("DescribeAutoScalingInstances", auto_scaling_version);
    form.add_list("InstanceIds", texts_of(some));
    CO_TRY_STATUS(co_await query::for_each_member(caller_, form, list, patience, take));
  }
  co_return members;
}

Task<Result<AutoScalingGroup>> AutoScaling::describe_group(std::string name,
                                                           std::optional<Duration> patience) {
  std::optional<AutoScalingGroup> found;
  const query::Take take = [&found](const pugi::xml_node& node) -> Status {
    TRY(found, read_group(node));
    return {};
  };
  const query::PagedList list{"AutoScalingGroups", "NextToken", "NextToken"};
  query::Form form("DescribeAutoScalingGroups", auto_scaling_version);
  form.add_list("AutoScalingGroupNames", {name}).add("IncludeInstances", "false");
  CO_TRY_STATUS(co_await query::for_each_member(caller_, form, list, patience, take));
  if (!found) {
    co_return fail(ErrorKind::not_found,
                   fmt::format("there is no Auto Scaling group {}", in_quotes(name)));
  }
  co_return *std::move(found);
}

Task<Status> AutoScaling::enter_standby(std::string group, InstanceId instance, bool decrement,
                                        std::optional<Duration> patience) {
  query::Form form("EnterStandby", auto_scaling_version);
  form.add("AutoScalingGroupName", std::move(group))
      .add_list("InstanceIds", {instance.str()})
      .add("ShouldDecrementDesiredCapacity", decrement ? "true" : "false");
  return move(form.as_call(true, patience), std::move(instance), is_standing_by);
}

Task<Status> AutoScaling::exit_standby(std::string group, InstanceId instance,
                                       std::optional<Duration> patience) {
  query::Form form("ExitStandby", auto_scaling_version);
  form.add("AutoScalingGroupName", std::move(group)).add_list("InstanceIds", {instance.str()});
  return move(form.as_call(true, patience), std::move(instance), is_back);
}

Task<Status> AutoScaling::move(ServiceCall call, InstanceId instance,
                               bool (*is_moved)(const GroupMember&)) {
  const auto patience = call.patience;
  auto outcome = co_await caller_.call(std::move(call));
  if (outcome.reply) {
    co_return Status();
  }
  if (outcome.may_have_happened && outcome.reply.error().kind == ErrorKind::wrong_state) {
    // A lost attempt of ours has done it, most likely.
    const std::vector<InstanceId> one{std::move(instance)};
    const auto members = co_await describe_instances(one, patience);
    if (members && !members->empty() && is_moved(members->front())) {
      co_return Status();
    }
  }
  co_return fail(std::move(outcome).error());
}

}  // namespace pitstop
