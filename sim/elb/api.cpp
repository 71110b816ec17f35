#include "sim/elb/api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/api/network.hpp"
#include "sim/elb/actions.hpp"

namespace pitstop::sim {
namespace {

constexpr int most_on_a_page = 400;
constexpr std::string_view group_parameter = "TargetGroupArn";

Answer<std::string> read_group(FormReader& form) {
  auto arn = form.text(group_parameter);
  if (arn.empty()) {
    return missing_member("targetGroupArn");
  }
  return arn;
}

struct AskedTargets {
  /// One without a port of its own has that of its group, once that is known: until then 0.
  std::vector<Target> targets;
  bool with_zone = false;
};

Answer<AskedTargets> read_targets(FormReader& form) {
  AskedTargets asked;
  for (const auto& prefix : form.items("Targets.member")) {
    Target target;
    target.id = form.text(prefix + "Id");
    if (target.id.empty()) {
      return missing_member("targets.1.member.id");
    }
    TRY(const auto port, form.number(prefix + "Port"));
    target.port = port.value_or(0);
    asked.with_zone |= form.optional_text(prefix + "AvailabilityZone").has_value();
    asked.targets.push_back(std::move(target));
  }
  return asked;
}

std::unexpected<ApiError> not_valid(std::string_view what, std::string_view value) {
  return refuse("ValidationError", fmt::format("{} '{}' is not valid", what, printable(value)));
}

/// The targets as the group has them, if they can be any of its.
Answer<std::vector<Target>> targets_in(const TargetGroup& group, std::vector<Target> targets) {
  for (auto& target : targets) {
    target.port = target.port == 0 ? group.port : target.port;
    if (target.port < 1 || target.port > 65535) {
      return not_valid("Port", std::to_string(target.port));
    }
    if (group.target_type == "ip" && !is_ipv4(target.id)) {
      return not_valid("The IP address", target.id);
    }
    if (group.target_type == "instance" && !target.id.starts_with("i-")) {
      return not_valid("Instance ID", target.id);
    }
  }
  return targets;
}

void put_target_group(xml::Element member, const TargetGroup& group, const Region& region) {
  put(member, "TargetGroupArn", group.arn);
  put(member, "TargetGroupName", group.name);
  put(member, "Protocol", group.protocol);
  put_number(member, "Port", group.port);
  put(member, "VpcId", vpc_id(region));
  put(member, "HealthCheckProtocol", group.protocol);
  put(member, "HealthCheckPort", "traffic-port");
  put_boolean(member, "HealthCheckEnabled", true);
  put_number(member, "HealthCheckIntervalSeconds", 30);
  put_number(member, "HealthCheckTimeoutSeconds", 5);
  put_number(member, "HealthyThresholdCount", 5);
  put_number(member, "UnhealthyThresholdCount", 2);
  const auto balancers = member.append_child("LoadBalancerArns");
  for (const auto& arn : group.load_balancers) {
    put(balancers, "member", arn);
  }
  put(member, "TargetType", group.target_type);
  put(member, "IpAddressType", "ipv4");
}

struct GroupsAsked {
  std::string load_balancer;
  std::vector<std::string> arns;
  std::vector<std::string> names;

  bool has(const TargetGroup& group) const {
    return (load_balancer.empty() || contains(group.load_balancers, load_balancer)) &&
           (arns.empty() || contains(arns, group.arn)) &&
           (names.empty() || contains(names, group.name));
  }
};

/// Each one that is named has to be there.
Answer<void> check_asked(const GroupsAsked& asked, LoadBalancing& balancing) {
  for (const auto& arn : asked.arns) {
    TRY_STATUS(balancing.find(arn));
  }
  for (const auto& name : asked.names) {
    if (!balancing.groups().contains(name)) {
      return refuse("TargetGroupNotFound", "One or more target groups not found");
    }
  }
  const auto is_used = [&](const auto& named) {
    return contains(named.second.load_balancers, asked.load_balancer);
  };
  if (!asked.load_balancer.empty() && std::ranges::none_of(balancing.groups(), is_used)) {
    return refuse("LoadBalancerNotFound", "One or more load balancers not found");
  }
  return {};
}

Answer<void> describe_target_groups(QueryCall& call, LoadBalancing& balancing) {
  auto& form = call.form;
  const GroupsAsked asked{form.text("LoadBalancerArn"), form.list("TargetGroupArns.member"),
                          form.list("Names.member")};
  TRY(const auto page,
      read_query_page(form, "PageSize", "Marker", most_on_a_page, "ValidationError"));
  TRY_STATUS(call.admit());
  TRY_STATUS(check_asked(asked, balancing));
  std::vector<const TargetGroup*> groups;
  for (const auto& [name, group] : balancing.groups()) {
    if (asked.has(group)) {
      groups.push_back(&group);
    }
  }
  const auto list = call.result.append_child("TargetGroups");
  const auto next = write_page(
      groups, page, [](const TargetGroup* group) { return group->name; },
      [&](const TargetGroup* group) {
        put_target_group(list.append_child("member"), *group, call.region);
      });
  put_unless_empty(call.result, "NextMarker", next);
  return {};
}

Answer<void> describe_target_health(QueryCall& call, LoadBalancing& balancing) {
  TRY(const auto arn, read_group(call.form));
  TRY(auto asked, read_targets(call.form));
  TRY_STATUS(call.admit());
  TRY(const auto* const group, balancing.find(arn));
  TRY(auto targets, targets_in(*group, std::move(asked.targets)));
  if (targets.empty()) {
    targets = balancing.targets_of(*group);
  }
  const auto list = call.result.append_child("TargetHealthDescriptions");
  for (const auto& target : targets) {
    const auto health = balancing.health_of(*group, target);
    const auto member = list.append_child("member");
    const auto shown = member.append_child("Target");
    put(shown, "Id", target.id);
    put_number(shown, "Port", target.port);
    put_unless_empty(shown, "AvailabilityZone", balancing.zone_of(*group, target));
    put_number(member, "HealthCheckPort", target.port);
    const auto state = member.append_child("TargetHealth");
    put(state, "State", health.state);
    put_unless_empty(state, "Reason", health.reason);
    put_unless_empty(state, "Description", health.description);
  }
  return {};
}

Answer<void> describe_target_group_attributes(QueryCall& call, LoadBalancing& balancing) {
  TRY(const auto arn, read_group(call.form));
  TRY_STATUS(call.admit());
  TRY(const auto* const group, balancing.find(arn));
  const auto list = call.result.append_child("Attributes");
  const auto put_attribute = [&](std::string_view key, std::string_view value) {
    const auto member = list.append_child("member");
    put(member, "Key", key);
    put(member, "Value", value);
  };
  put_attribute("stickiness.enabled", "false");
  put_attribute("deregistration_delay.timeout_seconds",
                fmt::format("{:.0f}", seconds(group->deregistration_delay)));
  return {};
}

/// What registering and deregistering have in common.
struct Change {
  TargetGroup* group;
  std::vector<Target> targets;
};

Answer<Change> read_change(QueryCall& call, LoadBalancing& balancing) {
  TRY(const auto arn, read_group(call.form));
  TRY(auto asked, read_targets(call.form));
  if (asked.targets.empty()) {
    return missing_member("targets");
  }
  TRY_STATUS(call.admit(arn));
  TRY(auto* const group, balancing.find(arn));
  if (asked.with_zone && group->target_type == "instance") {
    return refuse("ValidationError",
                  "An Availability Zone cannot be given for targets of the type 'instance'");
  }
  TRY(auto targets, targets_in(*group, std::move(asked.targets)));
  return Change{group, std::move(targets)};
}

Answer<void> register_targets(QueryCall& call, LoadBalancing& balancing) {
  TRY(const auto change, read_change(call, balancing));
  return balancing.enrol(*change.group, change.targets);
}

Answer<void> deregister_targets(QueryCall& call, LoadBalancing& balancing) {
  TRY(const auto change, read_change(call, balancing));
  balancing.dismiss(*change.group, change.targets);
  return {};
}

struct Operation {
  std::string_view name;
  Answer<void> (*carry_out)(QueryCall&, LoadBalancing&);
};

constexpr std::array<Operation, load_balancing_actions.size()> operations{{
    {"DeregisterTargets", deregister_targets},
    {"DescribeTargetGroupAttributes", describe_target_group_attributes},
    {"DescribeTargetGroups", describe_target_groups},
    {"DescribeTargetHealth", describe_target_health},
    {"RegisterTargets", register_targets},
}};

}  // namespace

HttpResponse answer_load_balancing_call(const ReceivedCall& received, LoadBalancing& balancing) {
  return answer_query_call(
      load_balancing_service, balancing.region(), received, [&](QueryCall& call) -> Answer<void> {
        const auto* found = std::ranges::find(operations, call.action, &Operation::name);
        return found == operations.end() ? unknown_action(call) : found->carry_out(call, balancing);
      });
}

}  // namespace pitstop::sim
