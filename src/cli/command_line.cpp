#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/log.hpp"
#include "cli/backup_command.hpp"
#include "cli/check_command.hpp"
#include "cli/copy_command.hpp"
#include "cli/declarations.hpp"
#include "cli/demo_command.hpp"
#include "cli/freeze_command.hpp"
#include "cli/guard_command.hpp"
#include "cli/iam_policy_command.hpp"
#include "cli/in_place_command.hpp"
#include "cli/list_command.hpp"
#include "cli/option_values.hpp"
#include "cli/output_file.hpp"
#include "cli/policy_command.hpp"
#include "cli/prune_command.hpp"
#include "cli/recover_command.hpp"
#include "cli/report_command.hpp"
#include "cli/restore_command.hpp"
#include "cli/run_command.hpp"
#include "cli/show_command.hpp"
#include "cli/usage_error.hpp"
#include "cli/wiring.hpp"

namespace pitstop {
namespace {

/// How the user wants to read errors, as far as that can be told from arguments that may be wrong.
GlobalOptions readable_options(const std::vector<std::string>& arguments) {
  GlobalOptions options;
  const auto output = std::ranges::find(arguments, "--output");
  const bool json_follows = arguments.end() - output > 1 && *std::next(output) == "json";
  if (json_follows || contains(arguments, "--output=json")) {
    options.output = "json";
  }
  options.no_color = contains(arguments, "--no-color");
  return options;
}

ExitStatus complain(const Error& error, const GlobalOptions& options, Surroundings& surroundings) {
  const auto status = exit_status_of(error);
  const auto report = open_report(options, surroundings);
  CHECK(report.has_value());
  (*report)->failed(error, number(status));
  return status;
}

ExitStatus answer(const CLI::Success& asked, const CLI::App& app, Surroundings& surroundings) {
  std::ostringstream text;
  app.exit(asked, text, text);
  surroundings.output << text.str() << std::flush;
  return ExitStatus::done;
}

/// Sets what holds for the process, and opens the report.
Result<std::unique_ptr<BackupReport>> prepare(const GlobalOptions& options,
                                              const Surroundings& surroundings) {
  TRY(const auto level, log::parse_level(options.log_level));
  log::set_level(level);
  TRY_STATUS(check_regions(options.regions));
  TRY_STATUS(check_roles(options.assume_roles));
  return open_report(options, surroundings);
}

/// A command that has nothing to wait for.
ExitStatus end_with(const Status& status, const GlobalOptions& options,
                    Surroundings& surroundings) {
  return status ? ExitStatus::done : complain(status.error(), options, surroundings);
}

Task<ExitStatus> run_named(Declarations& line, Surroundings& surroundings, BackupReport& report) {
  const auto name = line.command();
  const auto& options = line.options;
  if (name == "list") {
    co_return co_await run_list(line.list, options, surroundings, report);
  }
  if (name == "show") {
    co_return co_await run_show(line.show, options, surroundings, report);
  }
  if (name == "restore") {
    co_return co_await run_restore(line.restore, options, surroundings, report);
  }
  if (name == "rollback") {
    co_return co_await run_rollback(line.rollback, options, surroundings, report);
  }
  if (name == "prune") {
    co_return co_await run_prune(line.prune, options, surroundings, report);
  }
  if (name == "copy") {
    co_return co_await run_copy(line.copy, options, surroundings, report);
  }
  if (name == "report") {
    co_return end_with(run_report(line.report, options, surroundings), options, surroundings);
  }
  if (name == "run") {
    co_return co_await run_policies(line.run, options, surroundings, report);
  }
  if (name == "policy") {
    co_return run_policy_check(line.policy_check, options, surroundings, report);
  }
  if (name == "check") {
    co_return co_await run_check(line.check, options, surroundings, report);
  }
  if (name == "recover") {
    co_return co_await run_recover(line.recover, options, surroundings, report);
  }
  if (name == "guard") {
    run_guard_template(surroundings);
    co_return ExitStatus::done;
  }
  if (name == "freeze") {
    run_freeze_template(surroundings);
    co_return ExitStatus::done;
  }
  if (name == "iam-policy") {
    co_return end_with(run_iam_policy(line.iam_policy, options, surroundings), options,
                       surroundings);
  }
  if (name == "demo") {
    co_return co_await run_demo(line.demo, options, surroundings);
  }
  CHECK(name == "backup");
  co_return co_await run_backup(line.backup, options, surroundings, report);
}

/// The command, and whether its output is all that it is for.
struct Ended {
  ExitStatus status;
  bool only_shows = true;
};

Task<Ended> run_line(std::vector<std::string> arguments, Surroundings& surroundings) {
  const auto readable = readable_options(arguments);
  if (const auto mistake = find_empty_value(arguments)) {
    co_return Ended{complain(*mistake, readable, surroundings)};
  }
  Declarations line;
  try {
    line.parse(std::move(arguments));
  } catch (const CLI::Success& asked) {
    co_return Ended{answer(asked, line.app(), surroundings)};
  } catch (const CLI::ParseError& mistake) {
    co_return Ended{complain(usage_error(mistake, line.app()), readable, surroundings)};
  }
  const auto report = prepare(line.options, surroundings);
  if (!report) {
    co_return Ended{complain(report.error(), readable, surroundings)};
  }
  surroundings.may_end_at_once = line.only_shows() && line.command() != "demo";
  const auto status = co_await run_named(line, surroundings, **report);
  co_return Ended{status, line.only_shows()};
}

}  // namespace

Task<ExitStatus> run_command_line(std::vector<std::string> arguments, Surroundings& surroundings) {
  const auto ended = co_await run_line(std::move(arguments), surroundings);
  co_return with_output(ended.status, ended.only_shows, surroundings);
}

}  // namespace pitstop
