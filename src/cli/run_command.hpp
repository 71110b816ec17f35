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

/// The arguments of `pitstop run`, as they were typed.
struct RunArguments {
  std::vector<std::string> policies;
  std::optional<std::string> config;
  bool now = false;
  bool dry_run = false;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_run(CLI::App& app, RunArguments& arguments);

/// Brings back what interrupted runs have left, and backs up what is due.
Task<ExitStatus> run_policies(RunArguments arguments, GlobalOptions options,
                              Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
