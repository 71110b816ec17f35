#include "cli/policy_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/config_option.hpp"
#include "cli/give_up.hpp"
#include "cli/policy_file.hpp"
#include "report/json_lines.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_policy(CLI::App& app, PolicyCheckArguments& arguments) {
  auto* command = app.add_subcommand("policy", "The policies that pitstop run goes by.");
  command->require_subcommand(1);
  command->footer("Begin with:\n  pitstop policy check --help\n");
  auto* check = command->add_subcommand(
      "check",
      "Find the mistakes in a file with policies.\n\n"
      "Says all of them, each with its line, or when each policy may run. Asks nothing of AWS;\n"
      "pitstop run --dry-run does, and says which servers are due.");
  declare_config(*check, arguments.config);
  check->footer(
      "Examples:\n"
      "  pitstop policy check\n"
      "  pitstop policy check --config pitstop.toml --output json\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::usage}));
  return command;
}

// Run.

namespace {

std::string interval(Duration every) {
  constexpr Duration a_day = std::chrono::days(1);
  return every % a_day == Duration::zero() ? fmt::format("{}d", every / a_day) : human(every);
}

std::vector<std::string> texts_of(const std::vector<Window>& windows) {
  std::vector<std::string> texts;
  for (const auto& window : windows) {
    texts.push_back(to_string(window));
  }
  return texts;
}

/// "web: every 7d, Sun 02:00-05:00 Europe/Berlin; opens Sun 2026-11-29 02:00 CET"
std::string line_about(const Policy& policy, WallTime now) {
  const auto& schedule = policy.schedule;
  const auto line = fmt::format("{}: every {}", policy.name, interval(schedule.every));
  if (schedule.windows.empty()) {
    return line + ", at any time\n";
  }
  const auto& zone = schedule.zone;
  const auto opening = opening_at(schedule, now);
  return fmt::format("{}, {} {}; {}\n", line, join(texts_of(schedule.windows), ", "), zone.name(),
                     opening ? "open until " + zone.show(opening->closes)
                             : "opens " + zone.show(opening_after(schedule, now).opens));
}

Json json_about(const Policy& policy, WallTime now) {
  const auto& schedule = policy.schedule;
  Json json{{"policy", policy.name},
            {"every_seconds", in_seconds(schedule.every)},
            {"windows", texts_of(schedule.windows)},
            {"time_zone", schedule.zone.name()},
            {"retry_after_seconds", in_seconds(schedule.retry_after)}};
  const auto opening = opening_at(schedule, now);
  const bool is_open = schedule.windows.empty() || opening;
  json["open"] = is_open;
  json["opens"] = is_open ? Json(nullptr) : in_rfc3339(opening_after(schedule, now).opens);
  json["closes"] = opening ? in_rfc3339(opening->closes) : Json(nullptr);
  return json;
}

void tell(const PolicyFile& file, ExitStatus status, bool in_json,
          const Surroundings& surroundings) {
  const auto now = surroundings.clock.wall();
  auto& output = surroundings.output;
  Json policies = Json::array();
  for (const auto& [name, policy] : file.policies) {
    if (policy && in_json) {
      policies.push_back(json_about(*policy, now));
    } else if (policy) {
      output << line_about(*policy, now);
    }
  }
  if (in_json) {
    write_line(output, {{"message_type", "policy_file"},
                        {"file", file.path},
                        {"exit_status", number(status)},
                        {"mistakes", file.mistakes.size()},
                        {"policies", policies}});
    return;
  }
  const auto count = file.mistakes.size();
  output << fmt::format("{}: {} {}, {}\n", file.path, file.policies.size(),
                        file.policies.size() == 1 ? "policy" : "policies",
                        count == 0   ? "no mistakes"
                        : count == 1 ? "1 mistake"
                                     : fmt::format("{} mistakes", count))
         << std::flush;
}

}  // namespace

ExitStatus run_policy_check(const PolicyCheckArguments& arguments, const GlobalOptions& options,
                            const Surroundings& surroundings, BackupReport& report) {
  const auto file = read_policy_file(arguments.config, options, surroundings);
  if (!file) {
    return give_up(file.error(), report);
  }
  auto status = ExitStatus::done;
  for (const auto& mistake : file->mistakes) {
    status = give_up(mistake, report);
  }
  tell(*file, status, options.output == "json", surroundings);
  return status;
}

}  // namespace pitstop
