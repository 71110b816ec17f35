#pragma once

#include "cli/backup_request.hpp"
#include "journal/journal.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// Of the servers that a request selects, those that are due by its schedule, as far as the journal
/// knows of earlier backups for the same policy; all if it has no schedule. The report is told what
/// that comes to, if a policy asks.
Result<std::vector<SelectedServer>> those_due(std::vector<SelectedServer> selected,
                                              const BackupRequest& request, const Journal& journal,
                                              WallTime now, BackupReport& report);

}  // namespace pitstop
