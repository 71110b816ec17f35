#pragma once

#include <string>

#include "backup/outcome.hpp"
#include "journal/backup_record.hpp"

namespace pitstop {

/// An outcome as the journal keeps it.
BackupRecord to_record(const BackupOutcome& outcome, const std::string& name, const RunId& run,
                       const std::string& region);

}  // namespace pitstop
