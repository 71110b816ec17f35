#pragma once

#include <string>

#include "backup/outcome.hpp"
#include "base/clock.hpp"
#include "journal/journal.hpp"

namespace pitstop {

/// An outcome as the journal keeps it.
BackupRecord to_record(const BackupOutcome& outcome, const ec2::Instance& instance,
                       const RunId& run, const std::string& region);

/// Adds a record. While another process has the journal locked it asks again, for some seconds and
/// without holding up anybody else.
Task<Status> add_patiently(Journal& journal, Clock& clock, BackupRecord record);

}  // namespace pitstop
