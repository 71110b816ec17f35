#pragma once

#include "cli/exit_status.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// Says why the whole command cannot be done; nothing else follows.
inline ExitStatus give_up(const Error& error, BackupReport& report) {
  const auto status = exit_status_of(error);
  report.failed(error, number(status));
  return status;
}

}  // namespace pitstop
