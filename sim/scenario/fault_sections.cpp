#include "sim/scenario/fault_sections.hpp"

#include <fmt/format.h>

#include <limits>
#include <numeric>

#include "base/contains.hpp"
#include "base/text.hpp"

namespace pitstop::sim::scenario_file {
namespace {

std::vector<std::string> kinds() {
  std::vector<std::string> names;
  for (const auto name : fault_kind_names()) {
    names.emplace_back(name);
  }
  return names;
}

Result<FaultKind> read_kind(const TomlValue& value) {
  const auto* text = value.as<std::string>();
  if (text != nullptr && contains(kinds(), *text)) {
    return *parse_fault_kind(*text);
  }
  return fail(value.expected("a kind of fault", "kinds: " + join(kinds(), ", ")));
}

bool is_error_code(std::string_view code) {
  return !code.empty();
}

/// A status of success would be no refusal.
constexpr int least_status = 400;
constexpr int most_status = 599;

/// What only one kind says.
Status check_fault(const TomlValue& table, const ScriptedFault& fault) {
  for (const auto* key : {"code", "status"}) {
    const auto* value = table.find(key);
    if (value != nullptr && fault.kind != FaultKind::false_refusal) {
      return fail(value->wrong(
          fmt::format("{} is for the kind {}", key, to_string(FaultKind::false_refusal))));
    }
  }
  return {};
}

/// Dry runs of an action are counted apart.
bool is_call(std::string_view text) {
  constexpr std::string_view dry = "DryRun ";
  return is_action(text.starts_with(dry) ? text.substr(dry.size()) : text);
}

Section<ScriptedFault> scripted_fault_section() {
  constexpr auto most = std::numeric_limits<int>::max();
  return {
      .keys =
          {
              {"action", into(&ScriptedFault::action, text(an_action, is_call)),
               Presence::required},
              {"nth", into(&ScriptedFault::nth, whole("", 1, most))},
              {"times", into(&ScriptedFault::times, whole("", 1, most))},
              {"kind", into(&ScriptedFault::kind, ReadValue<FaultKind>(read_kind)),
               Presence::required},
              {"code", into(&ScriptedFault::code, text("an error code of AWS's", is_error_code))},
              {"status", into(&ScriptedFault::status, whole("", least_status, most_status))},
          },
      .check = check_fault};
}

Read<RandomFaults> part_of_kind(FaultKind kind) {
  return [kind](const TomlValue& value, RandomFaults& faults) -> Status {
    TRY(faults.parts[kind], part()(value));
    return {};
  };
}

Status check_sum(const TomlValue& table, const RandomFaults& faults) {
  const auto sum =
      std::accumulate(faults.parts.begin(), faults.parts.end(), 0.0,
                      [](double so_far, const auto& each) { return so_far + each.second; });
  constexpr double a_rounding_error = 1e-9;
  if (sum > 1 + a_rounding_error) {
    return fail(table.wrong(fmt::format("the parts add up to {:.3g}, more than all calls", sum)));
  }
  return {};
}

Section<RandomFaults> random_fault_section() {
  Section<RandomFaults> section{.keys = {{"until", into(&RandomFaults::until, duration())}},
                                .check = check_sum};
  for (const auto& kind : kinds()) {
    section.keys.push_back({kind, part_of_kind(*parse_fault_kind(kind))});
  }
  return section;
}

}  // namespace

Read<FaultPlan> scripted_faults() {
  return list<FaultPlan, ScriptedFault>(
      &FaultPlan::scripted, scripted_fault_section(),
      [](const FaultPlan&) { return ScriptedFault(); },
      [](const TomlValue::List&) { return Status(); });
}

Read<FaultPlan> random_faults() {
  return within(&FaultPlan::random, group(random_fault_section()));
}

}  // namespace pitstop::sim::scenario_file
