#include "cli/declarations.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/check.hpp"
#include "cli/backup_command.hpp"
#include "cli/check_command.hpp"
#include "cli/copy_command.hpp"
#include "cli/freeze_command.hpp"
#include "cli/guard_command.hpp"
#include "cli/help_formatter.hpp"
#include "cli/option_values.hpp"
#include "cli/prune_command.hpp"
#include "cli/version.hpp"

namespace pitstop {

Declarations::Declarations()
    : app_(std::make_unique<CLI::App>(
          "Backs up EC2 servers with the shortest downtime that is possible, and never leaves one "
          "down:\n"
          "stop, snapshot every volume, start as soon as every snapshot shows progress.",
          "pitstop")) {
  auto& app = *app_;
  app.set_help_flag("-h,--help", "Show this help, or a command's")->group(global_options_group);
  app.set_version_flag("--version", fmt::format("pitstop {}", version), "Show the version")
      ->group(global_options_group);
  app.formatter(std::make_shared<HelpFormatter>());
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(
      "Options may stand before the command or after it. SIGUSR1 makes a run say what every "
      "server\n"
      "is at; the first Ctrl-C starts what is down and ends, a second one ends at once. Begin "
      "with:\n"
      "  pitstop demo\n"
      "  pitstop check INSTANCE\n"
      "  pitstop backup --help\n");
  declare_global_options(app, options);
  declare_backup(app, backup);
  declare_run(app, run);
  declare_policy(app, policy_check);
  declare_check(app, check);
  declare_recover(app, recover);
  declare_list(app, list);
  declare_show(app, show);
  declare_restore(app, restore);
  declare_rollback(app, rollback);
  declare_prune(app, prune);
  declare_copy(app, copy);
  declare_report(app, report);
  declare_guard(app);
  declare_freeze(app);
  declare_iam_policy(app, iam_policy);
  declare_demo(app, demo);
  take_one_value_each(app);
}

Declarations::~Declarations() = default;

void Declarations::parse(std::vector<std::string> arguments) {
  std::ranges::reverse(arguments);  // as CLI11 wants them
  app_->parse(std::move(arguments));
  CHECK(!app_->get_subcommands().empty());
}

std::vector<std::string> Declarations::command_names() const {
  std::vector<std::string> names;
  for (const auto* command : app_->get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

std::string Declarations::command() const {
  return app_->get_subcommands().front()->get_name();
}

bool Declarations::only_shows() const {
  const auto name = command();
  const bool changes = (name == "backup" && !backup.dry_run) || (name == "run" && !run.dry_run) ||
                       (name == "recover" && !recover.dry_run) ||
                       (name == "restore" && !restore.dry_run) ||
                       (name == "rollback" && !rollback.dry_run) ||
                       (name == "prune" && prune.deletes) || (name == "copy" && !copy.dry_run);
  return !changes;
}

}  // namespace pitstop
