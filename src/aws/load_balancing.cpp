#include "aws/load_balancing.hpp"

#include <fmt/format.h>

#include <array>

#include "aws/query_protocol.hpp"
#include "aws/xml.hpp"

namespace pitstop {
namespace {

constexpr auto load_balancing_version = "2015-12-01";

// Elastic Load Balancing API Reference, version 2015-12-01, the errors of each action.
constexpr std::array load_balancing_errors = std::to_array<ErrorMeaning>({
    {"HealthUnavailable", ErrorKind::transient},
    {"InvalidTarget", ErrorKind::refused},
    {"LoadBalancerNotFound", ErrorKind::not_found},
    {"TargetGroupNotFound", ErrorKind::not_found},
    {"TooManyRegistrationsForTargetId", ErrorKind::refused},
    {"TooManyTargets", ErrorKind::refused},
});

/// An instance that cannot be a target, or only at this moment: the code is the same.
void refine_load_balancing(std::string_view /*action*/, const AnsweredError& answered,
                           Error& error) {
  if (answered.code == "InvalidTarget" && answered.message.contains("running state")) {
    error.kind = ErrorKind::wrong_state;
  }
}

constexpr ServiceApi load_balancing_api{.name = "elasticloadbalancing",
                                        .title = "Elastic Load Balancing",
                                        .codes = load_balancing_errors,
                                        .read_error = query::read_error,
                                        .can_be_an_answer = query::can_be_an_answer,
                                        .longest_answer = query::longest_list,
                                        .refine = refine_load_balancing};

query::Form form_of(std::string action, std::string group_arn,
                    const std::vector<LoadBalancerTarget>& targets = {}) {
  query::Form form(std::move(action), load_balancing_version);
  form.add("TargetGroupArn", std::move(group_arn));
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto prefix = fmt::format("Targets.member.{}.", i + 1);
    form.add(prefix + "Id", targets[i].id);
    if (targets[i].port) {
      form.add(prefix + "Port", std::to_string(*targets[i].port));
    }
    // Any other zone comes with the target, and is not allowed for an instance.
    if (targets[i].zone == "all") {
      form.add(prefix + "AvailabilityZone", targets[i].zone);
    }
  }
  return form;
}

Result<TargetGroup> read_target_group(const pugi::xml_node& node) {
  TargetGroup group;
  TRY(group.arn, xml::required_text(node, "TargetGroupArn"));
  group.name = xml::text(node, "TargetGroupName");
  group.target_type = xml::text(node, "TargetType");
  group.vpc = xml::text(node, "VpcId");
  group.port = xml::number(node, "Port").value_or(0);
  for (const auto& arn : node.child("LoadBalancerArns").children("member")) {
    group.load_balancers.emplace_back(arn.child_value());
  }
  return group;
}

Result<TargetHealth> read_health(const pugi::xml_node& node) {
  TargetHealth health;
  const auto target = node.child("Target");
  TRY(health.target.id, xml::required_text(target, "Id"));
  health.target.port = xml::number(target, "Port");
  health.target.zone = xml::text(target, "AvailabilityZone");
  const auto state = node.child("TargetHealth");
  TRY(health.state, xml::required_text(state, "State"));
  health.reason = xml::text(state, "Reason");
  return health;
}

std::optional<Seconds> read_delay(const pugi::xml_node& result) {
  for (const auto& attribute : result.child("Attributes").children("member")) {
    if (xml::text(attribute, "Key") == "deregistration_delay.timeout_seconds") {
      const auto value = xml::number(attribute, "Value");
      return value ? std::optional(Seconds(*value)) : std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

LoadBalancing::LoadBalancing(Http& http, Identity& identity, Clock& clock, Random& random,
                             Milliseconds attempt_timeout, Duration patience)
    : caller_(load_balancing_api, http, identity, clock, random, attempt_timeout, patience) {}

Task<Result<std::vector<TargetGroup>>> LoadBalancing::describe_target_groups(
    std::optional<std::string> vpc, std::optional<Duration> patience) {
  std::vector<TargetGroup> groups;
  const query::Take take = [&](const pugi::xml_node& node) -> Status {
    TRY(auto group, read_target_group(node));
    if (!vpc || group.vpc == *vpc) {
      groups.push_back(std::move(group));
    }
    return {};
  };
  const query::PagedList list{"TargetGroups", "Marker", "NextMarker"};
  const query::Form form("DescribeTargetGroups", load_balancing_version);
  CO_TRY_STATUS(co_await query::for_each_member(caller_, form, list, patience, take));
  co_return groups;
}

Task<Result<std::vector<TargetHealth>>> LoadBalancing::describe_target_health(
    std::string group_arn, std::vector<LoadBalancerTarget> targets,
    std::optional<Duration> patience) {
  std::vector<TargetHealth> all;
  const query::Take take = [&](const pugi::xml_node& node) -> Status {
    TRY(auto health, read_health(node));
    all.push_back(std::move(health));
    return {};
  };
  const query::PagedList list{"TargetHealthDescriptions", "", ""};
  const auto form = form_of("DescribeTargetHealth", std::move(group_arn), targets);
  CO_TRY_STATUS(co_await query::for_each_member(caller_, form, list, patience, take));
  co_return all;
}

Task<Result<Seconds>> LoadBalancing::deregistration_delay(std::string group_arn,
                                                          std::optional<Duration> patience) {
  const auto form = form_of("DescribeTargetGroupAttributes", std::move(group_arn));
  auto call = form.as_call(false, patience);
  auto outcome = co_await caller_.call(std::move(call));
  CO_TRY(const auto body, std::move(outcome.reply));
  const auto document = query::parse(body);
  const auto delay = read_delay(query::result_of(document));
  if (!delay) {
    co_return fail(ErrorKind::unknown_fate,
                   "DescribeTargetGroupAttributes: the answer has no deregistration delay");
  }
  co_return *delay;
}

Task<Status> LoadBalancing::deregister(std::string group_arn,
                                       std::vector<LoadBalancerTarget> targets,
                                       std::optional<Duration> patience) {
  return change("DeregisterTargets", std::move(group_arn), std::move(targets), patience);
}

Task<Status> LoadBalancing::register_targets(std::string group_arn,
                                             std::vector<LoadBalancerTarget> targets,
                                             std::optional<Duration> patience) {
  return change("RegisterTargets", std::move(group_arn), std::move(targets), patience);
}

Task<Status> LoadBalancing::change(std::string action, std::string group_arn,
                                   std::vector<LoadBalancerTarget> targets,
                                   std::optional<Duration> patience) {
  const auto form = form_of(std::move(action), std::move(group_arn), targets);
  auto call = form.as_call(true, patience);
  auto outcome = co_await caller_.call(std::move(call));
  if (!outcome.reply) {
    co_return fail(std::move(outcome).error());
  }
  co_return Status();
}

}  // namespace pitstop
