#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/check.hpp"
#include "base/log.hpp"
#include "cli/backup_command.hpp"
#include "cli/version.hpp"
#include "report/backup_report.hpp"

namespace pitstop {
namespace {

ExitStatus complain(const Error& error, Surroundings& surroundings) {
  surroundings.diagnostics << error_lines(error) << std::flush;
  return exit_status_of(error);
}

/// What CLI11 throws: a request for help or for the version, or a mistake.
ExitStatus answer(const CLI::ParseError& thrown, const CLI::App& app, Surroundings& surroundings) {
  if (thrown.get_exit_code() == 0) {
    std::ostringstream text;
    app.exit(thrown, text, text);
    surroundings.output << text.str() << std::flush;
    return ExitStatus::done;
  }
  std::string message = thrown.what();
  message = message.substr(0, message.find('\n'));
  const auto commands = app.get_subcommands();
  const auto help = commands.empty()
                        ? std::string("pitstop --help")
                        : fmt::format("pitstop {} --help", commands.front()->get_name());
  return complain({ErrorKind::usage, message, fmt::format("see {}", help), {}}, surroundings);
}

}  // namespace

Task<ExitStatus> run_command_line(std::vector<std::string> arguments, Surroundings& surroundings) {
  CLI::App app(
      "pitstop backs up EC2 servers with the shortest downtime that is possible, and never leaves "
      "one down.\n"
      "Stop, snapshot every volume, start as soon as every snapshot shows progress.",
      "pitstop");
  app.set_version_flag("--version", fmt::format("pitstop {}", version));
  app.fallthrough();
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  GlobalOptions options;
  declare_global_options(app, options);
  BackupArguments backup;
  const auto* backup_command = declare_backup(app, backup);
  app.footer("Begin with: pitstop backup INSTANCE --dry-run");

  std::ranges::reverse(arguments);  // as CLI11 wants them
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& thrown) {
    co_return answer(thrown, app, surroundings);
  }
  const auto level = log::parse_level(options.log_level);
  if (!level) {
    co_return complain(level.error(), surroundings);
  }
  log::set_level(*level);
  CHECK(backup_command->parsed());
  co_return co_await run_backup(std::move(backup), std::move(options), surroundings);
}

}  // namespace pitstop
