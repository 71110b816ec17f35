#pragma once

#include <optional>
#include <string>

#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop policy check`, as they were typed.
struct PolicyCheckArguments {
  std::optional<std::string> config;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_policy(CLI::App& app, PolicyCheckArguments& arguments);

/// Says what is wrong in the file, and when each policy may run. Asks nothing of AWS.
ExitStatus run_policy_check(const PolicyCheckArguments& arguments, const GlobalOptions& options,
                            const Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
