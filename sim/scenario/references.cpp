#include "sim/scenario/references.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/contains.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "sim/scenario/server_names.hpp"

namespace pitstop::sim::scenario_file {
namespace {

/// The tables of a list, none if there is none.
const TomlValue::List& tables(const TomlValue& table, std::string_view key) {
  static const TomlValue::List none;
  const auto* found = table.find(key);
  const auto* list = found == nullptr ? nullptr : found->as<TomlValue::List>();
  return list == nullptr ? none : *list;
}

template <class Plan>
std::vector<std::string> names_in(const std::vector<Plan>& plans, std::string_view region) {
  std::vector<std::string> names;
  for (const auto& plan : plans) {
    if (plan.region == region) {
      names.push_back(plan.name);
    }
  }
  return names;
}

Status check_name(const TomlValue& value, const std::string& name, std::string_view what,
                  std::string_view region, const std::vector<std::string>& known) {
  if (contains(known, name)) {
    return {};
  }
  return fail(value.wrong(fmt::format("there is no {} {} in {}", what, in_quotes(name), region),
                          known.empty() ? "" : did_you_mean(name, known)));
}

Status check_keys(const TomlValue& file, const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.servers.size(); ++i) {
    const auto& server = scenario.servers[i];
    const auto known = names_in(scenario.keys, server.region);
    for (const auto& table : tables(tables(file, "server")[i], "volume")) {
      if (const auto* key = table.find("kms_key")) {
        TRY_STATUS(check_name(*key, *key->as<std::string>(), "kms_key", server.region, known));
      }
    }
  }
  return {};
}

Status check_server_name(const TomlValue& value, const Scenario& scenario,
                         const std::string& region, const std::string& name) {
  if (servers_named(scenario, region, name).empty()) {
    return check_name(value, name, "server", region, names_in(scenario.servers, region));
  }
  return {};
}

Status check_target_groups(const TomlValue& file, const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.target_groups.size(); ++i) {
    const auto& group = scenario.target_groups[i];
    const auto& members = tables(tables(file, "target_group")[i], "members");
    for (const auto& member : members) {
      const auto target = named_target(*member.as<std::string>());
      if (target.port < 0) {
        return fail(member.expected(R"(a server's name, and a port if any, such as "web-1:8080")"));
      }
      TRY_STATUS(check_server_name(member, scenario, group.region, target.server));
    }
  }
  return {};
}

std::vector<std::string> members_of(const Scenario& scenario, const ScalingGroupPlan& group) {
  std::vector<std::string> members;
  for (const auto& name : group.members) {
    std::ranges::move(servers_named(scenario, group.region, name), std::back_inserter(members));
  }
  return members;
}

Status check_sizes(const TomlValue& table, const Scenario& scenario,
                   const ScalingGroupPlan& group) {
  const auto members = members_of(scenario, group).size();
  const auto serving = static_cast<int>(members - group.standby.size());
  if (group.min > serving) {
    return fail(table.at_best("min").wrong(
        fmt::format("{} is more than the {} members in service", group.min, serving)));
  }
  if (group.max && *group.max < serving) {
    return fail(table.at_best("max").wrong(
        fmt::format("{} is less than the {} members in service", *group.max, serving)));
  }
  return {};
}

/// A server is in one group at most.
Status check_members(const TomlValue& table, const Scenario& scenario,
                     const ScalingGroupPlan& group, std::set<std::string>& taken) {
  for (const auto& member : tables(table, "members")) {
    const auto& name = *member.as<std::string>();
    TRY_STATUS(check_server_name(member, scenario, group.region, name));
    for (const auto& server : servers_named(scenario, group.region, name)) {
      if (!taken.insert(group.region + '/' + server).second) {
        return fail(member.wrong(fmt::format("{} is a member already", in_quotes(server))));
      }
    }
  }
  return {};
}

Status check_standby(const TomlValue& table, const ScalingGroupPlan& group,
                     const std::vector<std::string>& members) {
  std::set<std::string> seen;
  for (const auto& standby : tables(table, "standby")) {
    const auto& name = *standby.as<std::string>();
    TRY_STATUS(check_name(standby, name, "member", group.name, members));
    if (!seen.insert(name).second) {
      return fail(standby.wrong(fmt::format("{} is there already", in_quotes(name))));
    }
  }
  return {};
}

Status check_targets(const TomlValue& table, const Scenario& scenario,
                     const ScalingGroupPlan& group) {
  const auto known = names_in(scenario.target_groups, group.region);
  for (const auto& each : tables(table, "target_groups")) {
    const auto& name = *each.as<std::string>();
    TRY_STATUS(check_name(each, name, "target_group", group.region, known));
    const auto found = std::ranges::find(scenario.target_groups, name, &TargetGroupPlan::name);
    if (found->target_type != "instance") {
      return fail(each.wrong(fmt::format("the targets of {} are no instances", in_quotes(name))));
    }
  }
  return {};
}

Status check_scaling_groups(const TomlValue& file, const Scenario& scenario) {
  std::set<std::string> taken;
  for (std::size_t i = 0; i < scenario.scaling_groups.size(); ++i) {
    const auto& group = scenario.scaling_groups[i];
    const auto& table = tables(file, "auto_scaling_group")[i];
    TRY_STATUS(check_members(table, scenario, group, taken));
    TRY_STATUS(check_standby(table, group, members_of(scenario, group)));
    TRY_STATUS(check_targets(table, scenario, group));
    TRY_STATUS(check_sizes(table, scenario, group));
  }
  return {};
}

}  // namespace

Status check_references(const TomlValue& file, const Scenario& scenario) {
  TRY_STATUS(check_keys(file, scenario));
  TRY_STATUS(check_target_groups(file, scenario));
  return check_scaling_groups(file, scenario);
}

}  // namespace pitstop::sim::scenario_file
