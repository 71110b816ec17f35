#pragma once

#include "base/task.hpp"
#include "cli/backup_request.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "cli/wiring.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_backup(CLI::App& app, BackupArguments& arguments);

/// Runs it, from the reading of the arguments to the summary.
Task<ExitStatus> run_backup(BackupArguments arguments, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report);

/// The same from the request on. What is done to each server goes into the journal of `state`.
Task<ExitStatus> run_backup(BackupRequest request, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report, State& state);

}  // namespace pitstop
