#pragma once

#include <string>

#include "backup/outcome.hpp"
#include "journal/backup_record.hpp"

namespace pitstop {

/// An outcome as the journal keeps it, of a backup that no policy asked for.
BackupRecord to_record(const BackupOutcome& outcome, const std::string& name, const RunId& run,
                       const std::string& region);

/// The other way round. The record's words are those that to_record writes.
BackupOutcome to_outcome(const BackupRecord& record);

}  // namespace pitstop
