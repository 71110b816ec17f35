#pragma once

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/restore_request.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_restore(CLI::App& app, RestoreArguments& arguments);

/// Runs it, from the reading of the arguments to the summary.
Task<ExitStatus> run_restore(RestoreArguments arguments, GlobalOptions options,
                             Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
