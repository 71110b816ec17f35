#pragma once

#include "base/task.hpp"
#include "cli/backup_request.hpp"
#include "cli/ec2_sites.hpp"
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

/// A guard is a schedule of the servers' own account, and so is its role: an error of kind `usage`
/// if that of the options is of another account than the site.
Status check_guard(const BackupOptions& options, const Ec2Site& site);

/// The options with what is special about a site's account.
BackupOptions options_at(BackupOptions options, const Ec2Site& site);

}  // namespace pitstop
