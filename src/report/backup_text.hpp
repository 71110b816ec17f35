#pragma once

#include <string>

#include "backup/outcome.hpp"

namespace pitstop {

/// "at rest", "as after a power cut": what the contents of a backup are worth.
std::string_view worth_text(Consistency consistency);

/// What has just come of the backup of one server: a headline, and the details below it.
std::string backup_text(const BackupOutcome& backup, const std::string& title);

/// The same as it is told later, with all that is known of it. The region may be empty.
std::string past_backup_text(const BackupOutcome& backup, const std::string& title,
                             const std::string& region);

}  // namespace pitstop
