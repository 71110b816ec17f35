#include "backup/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/inspection.hpp"
#include "backup/lasting_credentials.hpp"
#include "backup/pending.hpp"
#include "backup/permissions.hpp"
#include "base/log.hpp"
#include "ec2/instance_types.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

template <class Value>
std::optional<Value> known(std::string_view what, Result<Value> asked) {
  if (!asked) {
    log::debug("{} is not captured: {}", what, asked.error().message);
    return std::nullopt;
  }
  return std::move(*asked);
}

/// In one call, or one by one where that one is not allowed or leaves something out.
Task<ec2::LaunchSettings> describe_attributes(ec2::Caller& caller, InstanceId instance,
                                              std::string type) {
  const auto told = known("all at once", co_await ec2::describe_launch_settings(caller, instance));
  auto attributes = told.value_or(ec2::LaunchSettings());
  if (!attributes.shutdown_behavior) {
    attributes.shutdown_behavior =
        known("the shutdown behaviour", co_await ec2::describe_shutdown_behavior(caller, instance));
  }
  if (!attributes.termination_protection) {
    attributes.termination_protection =
        known("termination protection", co_await ec2::is_termination_protected(caller, instance));
  }
  if (!attributes.stop_protection) {
    attributes.stop_protection =
        known("stop protection", co_await ec2::is_stop_protected(caller, instance));
  }
  if (!attributes.cpu_credits && ec2::has_credits(type)) {
    attributes.cpu_credits =
        known("the credit option", co_await ec2::describe_cpu_credits(caller, instance));
  }
  co_return attributes;
}

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  std::ranges::move(more, std::back_inserter(findings));
}

std::vector<Finding> worst_first(const std::vector<Finding>& findings) {
  std::vector<Finding> sorted;
  for (const auto severity : {Severity::refuse, Severity::warn, Severity::info}) {
    std::ranges::copy_if(findings, std::back_inserter(sorted),
                         [&](const Finding& finding) { return finding.severity == severity; });
  }
  return sorted;
}

/// The findings about a plan.
Task<void> examine(CheckTools tools, ec2::LaunchSettings attributes, Checked& checked) {
  auto& plan = *checked.plan;
  if (plan.stops()) {
    plan.rotation = rotation_of(plan.instance, tools.survey, plan.options);
    const auto group = tools.survey.placement_groups.find(plan.instance.placement_group);
    if (group != tools.survey.placement_groups.end() && group->second.strategy == "cluster") {
      plan.placement_group_arn = group->second.arn;
    }
  }
  auto pending = co_await tools.pending.of(plan.volumes);
  if (pending) {
    checked.pending_snapshots = *std::move(pending);
  } else {
    checked.findings.push_back(
        found(FindingCode::no_answer,
              fmt::format("{}: it cannot be told whether snapshots of its volumes are pending: {}",
                          plan.instance.id.str(), pending.error().message),
              pending.error().hint));
  }
  if (plan.stops()) {
    auto ending = co_await look_at_credentials(tools.identity, plan.options);
    if (ending) {
      checked.findings.push_back(*std::move(ending));
    }
  }
  append(checked.findings, inspect(plan, {.survey = tools.survey,
                                          .attributes = attributes,
                                          .pending_snapshots = checked.pending_snapshots,
                                          .own_host = tools.own_host,
                                          .now = tools.clock.wall()}));
  append(checked.findings, plan.findings);
  append(checked.findings,
         co_await try_permissions(tools.ec2, plan, tools.survey.proven, tools.clock.wall()));
  accept(checked.findings, plan.options.accepted);
  checked.findings = worst_first(checked.findings);
}

}  // namespace

Task<Checked> check(CheckTools tools, SelectedServer server, BackupOptions options, RunId run,
                    BackupId backup) {
  const auto attributes =
      co_await describe_attributes(tools.ec2, server.instance.id, server.instance.type);
  auto plan = make_plan(server.instance, attributes, server.volumes, options, run, backup);
  Checked checked{
      .instance = std::move(server.instance), .plan = {}, .findings = {}, .pending_snapshots = {}};
  if (plan) {
    checked.plan = *std::move(plan);
    co_await examine(tools, attributes, checked);
  } else {
    checked.findings.push_back(std::move(plan).error());
  }
  co_return checked;
}

}  // namespace pitstop
