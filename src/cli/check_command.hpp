#pragma once

#include "base/task.hpp"
#include "cli/backup_request.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_check(CLI::App& app, BackupArguments& arguments);

/// Runs it, from the reading of the arguments to the summary. Changes nothing.
Task<ExitStatus> run_check(BackupArguments arguments, GlobalOptions options,
                           Surroundings& surroundings, BackupReport& report);

/// The same from the request on, as `backup --dry-run` does it.
Task<ExitStatus> run_check(BackupRequest request, GlobalOptions options, Surroundings& surroundings,
                           BackupReport& report);

}  // namespace pitstop
