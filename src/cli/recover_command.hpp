#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop recover`, as they were typed.
struct RecoverArguments {
  std::vector<std::string> instances;
  bool now = false;
  bool forget = false;
  bool no_wait = false;
  bool dry_run = false;
  std::optional<std::string> on_down;
  std::optional<std::string> restore = {};
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_recover(CLI::App& app, RecoverArguments& arguments);

/// Runs it, from the reading of the arguments to the summary.
Task<ExitStatus> run_recover(RecoverArguments arguments, GlobalOptions options,
                             Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
