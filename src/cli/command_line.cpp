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
#include "cli/demo_command.hpp"
#include "cli/freeze_command.hpp"
#include "cli/guard_command.hpp"
#include "cli/help_formatter.hpp"
#include "cli/iam_policy_command.hpp"
#include "cli/in_place_command.hpp"
#include "cli/list_command.hpp"
#include "cli/policy_command.hpp"
#include "cli/prune_command.hpp"
#include "cli/recover_command.hpp"
#include "cli/report_command.hpp"
#include "cli/restore_command.hpp"
#include "cli/run_command.hpp"
#include "cli/show_command.hpp"
#include "cli/usage_error.hpp"
#include "cli/version.hpp"
#include "cli/wiring.hpp"

namespace pitstop {
namespace {

/// The whole command line: every command with its arguments.
class CommandLine {
 public:
  CommandLine() {
    app_.set_help_flag("-h,--help", "Show this help, or a command's")->group(global_options_group);
    app_.set_version_flag("--version", fmt::format("pitstop {}", version), "Show the version")
        ->group(global_options_group);
    app_.formatter(std::make_shared<HelpFormatter>());
    app_.fallthrough();
    app_.require_subcommand(1);
    app_.footer(
        "Options may stand before the command or after it. Begin with:\n"
        "  pitstop demo\n"
        "  pitstop check INSTANCE\n"
        "  pitstop backup --help\n");
    declare_global_options(app_, options);
    declare_backup(app_, backup);
    run_ = declare_run(app_, run);
    policy_ = declare_policy(app_, policy_check);
    check_ = declare_check(app_, check);
    recover_ = declare_recover(app_, recover);
    list_ = declare_list(app_, list);
    show_ = declare_show(app_, show);
    restore_ = declare_restore(app_, restore);
    rollback_ = declare_rollback(app_, rollback);
    prune_ = declare_prune(app_, prune);
    copy_ = declare_copy(app_, copy);
    report_ = declare_report(app_, report);
    guard_ = declare_guard(app_);
    freeze_ = declare_freeze(app_);
    iam_policy_ = declare_iam_policy(app_, iam_policy);
    demo_ = declare_demo(app_, demo);
    require_real_values(app_);
  }

  /// Throws what CLI11 throws: a request for help or for the version, or a mistake.
  void parse(std::vector<std::string> arguments) {
    std::ranges::reverse(arguments);  // as CLI11 wants them
    app_.parse(std::move(arguments));
    CHECK(!app_.get_subcommands().empty());
  }

  const CLI::App& app() const { return app_; }
  bool asks_for_run() const { return run_->parsed(); }
  bool asks_for_policy_check() const { return policy_->parsed(); }
  bool asks_for_check() const { return check_->parsed(); }
  bool asks_for_recover() const { return recover_->parsed(); }
  bool asks_for_list() const { return list_->parsed(); }
  bool asks_for_show() const { return show_->parsed(); }
  bool asks_for_restore() const { return restore_->parsed(); }
  bool asks_for_rollback() const { return rollback_->parsed(); }
  bool asks_for_prune() const { return prune_->parsed(); }
  bool asks_for_copy() const { return copy_->parsed(); }
  bool asks_for_report() const { return report_->parsed(); }
  bool asks_for_guard_template() const { return guard_->parsed(); }
  bool asks_for_freeze_template() const { return freeze_->parsed(); }
  bool asks_for_iam_policy() const { return iam_policy_->parsed(); }
  bool asks_for_demo() const { return demo_->parsed(); }

  GlobalOptions options;
  BackupArguments backup;
  RunArguments run;
  PolicyCheckArguments policy_check;
  BackupArguments check;
  RecoverArguments recover;
  ListArguments list;
  ShowArguments show;
  RestoreArguments restore;
  RollbackArguments rollback;
  PruneArguments prune;
  CopyArguments copy;
  ReportArguments report;
  IamPolicyArguments iam_policy;
  DemoArguments demo;

 private:
  CLI::App app_{
      "Backs up EC2 servers with the shortest downtime that is possible, and never leaves one "
      "down:\n"
      "stop, snapshot every volume, start as soon as every snapshot shows progress.",
      "pitstop"};
  CLI::App* run_ = nullptr;
  CLI::App* policy_ = nullptr;
  CLI::App* check_ = nullptr;
  CLI::App* recover_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* show_ = nullptr;
  CLI::App* restore_ = nullptr;
  CLI::App* rollback_ = nullptr;
  CLI::App* prune_ = nullptr;
  CLI::App* copy_ = nullptr;
  CLI::App* report_ = nullptr;
  CLI::App* guard_ = nullptr;
  CLI::App* freeze_ = nullptr;
  CLI::App* iam_policy_ = nullptr;
  CLI::App* demo_ = nullptr;
};

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
  return open_report(options, surroundings);
}

}  // namespace

Task<ExitStatus> run_command_line(std::vector<std::string> arguments, Surroundings& surroundings) {
  const auto readable = readable_options(arguments);
  if (const auto mistake = find_empty_value(arguments)) {
    co_return complain(*mistake, readable, surroundings);
  }
  CommandLine line;
  try {
    line.parse(std::move(arguments));
  } catch (const CLI::Success& asked) {
    co_return answer(asked, line.app(), surroundings);
  } catch (const CLI::ParseError& mistake) {
    co_return complain(usage_error(mistake, line.app()), readable, surroundings);
  }
  const auto report = prepare(line.options, surroundings);
  if (!report) {
    co_return complain(report.error(), readable, surroundings);
  }
  if (line.asks_for_list()) {
    co_return co_await run_list(line.list, line.options, surroundings, **report);
  }
  if (line.asks_for_show()) {
    co_return co_await run_show(line.show, line.options, surroundings, **report);
  }
  if (line.asks_for_restore()) {
    co_return co_await run_restore(line.restore, line.options, surroundings, **report);
  }
  if (line.asks_for_rollback()) {
    co_return co_await run_rollback(line.rollback, line.options, surroundings, **report);
  }
  if (line.asks_for_prune()) {
    co_return co_await run_prune(line.prune, line.options, surroundings, **report);
  }
  if (line.asks_for_copy()) {
    co_return co_await run_copy(line.copy, line.options, surroundings, **report);
  }
  if (line.asks_for_report()) {
    const auto written = run_report(line.report, line.options, surroundings);
    co_return written ? ExitStatus::done : complain(written.error(), line.options, surroundings);
  }
  if (line.asks_for_run()) {
    co_return co_await run_policies(line.run, line.options, surroundings, **report);
  }
  if (line.asks_for_policy_check()) {
    co_return run_policy_check(line.policy_check, line.options, surroundings, **report);
  }
  if (line.asks_for_check()) {
    co_return co_await run_check(line.check, line.options, surroundings, **report);
  }
  if (line.asks_for_recover()) {
    co_return co_await run_recover(line.recover, line.options, surroundings, **report);
  }
  if (line.asks_for_guard_template()) {
    run_guard_template(surroundings);
    co_return ExitStatus::done;
  }
  if (line.asks_for_freeze_template()) {
    run_freeze_template(surroundings);
    co_return ExitStatus::done;
  }
  if (line.asks_for_iam_policy()) {
    const auto printed = run_iam_policy(line.iam_policy, line.options, surroundings);
    co_return printed ? ExitStatus::done : complain(printed.error(), line.options, surroundings);
  }
  if (line.asks_for_demo()) {
    co_return co_await run_demo(line.demo, line.options, surroundings);
  }
  co_return co_await run_backup(line.backup, line.options, surroundings, **report);
}

}  // namespace pitstop
