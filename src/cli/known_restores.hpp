#pragma once

#include <string>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "restore/restore_record.hpp"

/// The restores that there have been, for the commands that show them or end them.
namespace pitstop {

class BackupReport;

/// Reads "rs-0123456789ab".
Result<RestoreId> parse_restore_id(const std::string& text);

/// `pitstop list --restores`.
Task<ExitStatus> run_list_restores(GlobalOptions options, Surroundings& surroundings,
                                   BackupReport& report);

/// `pitstop show RESTORE`.
Task<ExitStatus> run_show_restore(RestoreId restore, GlobalOptions options,
                                  Surroundings& surroundings, BackupReport& report);

/// `pitstop restore --finish RESTORE`: leaves nothing of it that nobody uses.
Task<ExitStatus> run_finish(std::string restore, bool confirmed, GlobalOptions options,
                            Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
