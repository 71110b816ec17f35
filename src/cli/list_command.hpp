#pragma once

#include <optional>
#include <string>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/server_selection.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

class BackupReport;

/// The arguments of `pitstop list`, as they were typed.
struct ListArguments : ServerArguments {
  std::optional<std::string> policy;
  std::optional<std::string> since;
  std::optional<std::string> until;
  std::optional<int> latest;
  bool failed = false;
  bool restores = false;
  bool safety_backups = false;
  std::optional<std::string> max_age;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_list(CLI::App& app, ListArguments& arguments);

/// Runs it, from the arguments to the exit status.
Task<ExitStatus> run_list(ListArguments arguments, GlobalOptions options,
                          Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
