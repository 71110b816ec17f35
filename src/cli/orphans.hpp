#pragma once

#include "cli/exit_status.hpp"
#include "cli/policy_file.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// Brings back what runs have left behind whose process on this machine is gone: whoever is called
/// every few minutes is the first who can. Asks the journal, and nothing of AWS unless there is
/// something. The policy that had asked for a backup, if it is one of those, says where its server
/// is and who hears of it.
Task<ExitStatus> bring_back_orphans(std::vector<PolicyEntry> policies, GlobalOptions options,
                                    Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
