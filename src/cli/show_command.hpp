#pragma once

#include <string>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

class BackupReport;

/// The arguments of `pitstop show`, as they were typed.
struct ShowArguments {
  std::string what;  ///< a run or a backup; the latest run if empty
  bool failed = false;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_show(CLI::App& app, ShowArguments& arguments);

/// Runs it, from the arguments to the exit status.
Task<ExitStatus> run_show(ShowArguments arguments, GlobalOptions options,
                          Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
