#include "sim/scenario/read_scenario.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <sstream>
#include <system_error>

#include "base/text.hpp"
#include "sim/scenario/fault_sections.hpp"
#include "sim/scenario/pace_sections.hpp"
#include "sim/scenario/references.hpp"
#include "sim/scenario/server_section.hpp"
#include "sim/scenario/service_sections.hpp"

namespace pitstop::sim {
namespace scenario_file {
namespace {

Section<Consistency> consistency_section() {
  return {.keys = {
              {"late_looks", into(&Consistency::late_looks, part())},
              {"most", into(&Consistency::most, duration())},
          }};
}

Section<Throttling> throttling_section() {
  return {.keys = {
              {"on", into(&Throttling::on, yes_or_no())},
              {"neighbour", into(&Throttling::neighbour, part())},
          }};
}

Section<Scenario> policy_section() {
  return {.keys = {
              {"denied", into(&Scenario::denied_actions, texts(text(a_permission, is_permission)))},
          }};
}

Section<SchedulerRole> scheduler_section() {
  return {
      .keys = {
          {"role_may_start", into(&SchedulerRole::may_start, yes_or_no())},
          {"role_needs_tag", into(&SchedulerRole::needs_tag,
                                  text(R"(a tag's key, such as "pitstop:down")", is_something))},
      }};
}

/// What servers begin with, and what is made later by RunInstances and CreateVolume.
Section<Scenario> pace_section() {
  return {.keys = {
              {"server", within(&Scenario::server_pace, group(server_pace_section()))},
              {"snapshot", within(&Scenario::snapshot_pace, group(snapshot_pace_section()))},
          }};
}

Status check_shortage(const TomlValue& table, const ShortagePlan& shortage) {
  return shortage.until > shortage.from
             ? Status()
             : fail(table.at_best("until").wrong("must come after from"));
}

Section<ShortagePlan> shortage_section() {
  return {.keys =
              {
                  {"instance_type",
                   into(&ShortagePlan::instance_type, text(an_instance_type, is_instance_type))},
                  {"zone", into(&ShortagePlan::zone, text(a_zone, is_zone))},
                  {"from", into(&ShortagePlan::from, duration())},
                  {"until", into(&ShortagePlan::until, duration()), Presence::required},
              },
          .check = check_shortage};
}

Read<Scenario> shortages() {
  return list<Scenario, ShortagePlan>(
      &Scenario::shortages, shortage_section(), [](const Scenario&) { return ShortagePlan(); },
      [](const TomlValue::List&) { return Status(); });
}

/// The whole file. Servers come after what they begin with.
Section<Scenario> scenario_section() {
  constexpr auto an_account = R"(an account of 12 digits in quotes, such as "123456789012")";
  return {.keys =
              {
                  {"seed",
                   into(&Scenario::seed, whole("", 0, std::numeric_limits<std::int64_t>::max()))},
                  {"account", into(&Scenario::account, text(an_account, is_account))},
                  {"region", into(&Scenario::region, text(a_region, is_region))},
                  {"consistency", within(&Scenario::consistency, group(consistency_section()))},
                  {"throttling", within(&Scenario::throttling, group(throttling_section()))},
                  {"policy", group(policy_section())},
                  {"scheduler", within(&Scenario::scheduler_role, group(scheduler_section()))},
                  {"pace", group(pace_section())},
                  {"kms_key", keys()},
                  {"server", servers()},
                  {"target_group", target_groups()},
                  {"auto_scaling_group", scaling_groups()},
                  {"shortage", shortages()},
                  {"fault", within(&Scenario::faults, scripted_faults())},
                  {"faults", within(&Scenario::faults, random_faults())},
              },
          .check = check_references};
}

}  // namespace
}  // namespace scenario_file

Result<Scenario> read_scenario(std::string_view text, const std::string& name) {
  TRY(const auto file, parse_toml(text, name,
                                  "scenarios are written in TOML, see https://toml.io and "
                                  "doc/ec2sim.md"));
  Scenario scenario;
  TRY_STATUS(scenario_file::read_table(file, scenario_file::scenario_section(), scenario));
  return scenario;
}

Result<Scenario> load_scenario(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file.peek() != std::ifstream::traits_type::eof()) {
    text << file.rdbuf();
  }
  if (!file.is_open() || file.bad() || !text) {
    const std::error_code reason(errno, std::generic_category());
    return fail(ErrorKind::usage,
                fmt::format("cannot read the scenario {}: {}", printable(path.string()),
                            lower_case(reason.message())),
                "sim/scenarios has examples");
  }
  return read_scenario(text.str(), printable(path.filename().string()));
}

}  // namespace pitstop::sim
