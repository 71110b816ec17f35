#pragma once

#include <string>
#include <vector>

#include "catalog/backup_set.hpp"

/// Whether a backup can be restored as what it was.
namespace pitstop {

/// An error if a backup is not complete: what it lacks, and what to do.
Status is_whole(const BackupSet& set);

/// What a person should know of a backup before restoring it: what was left out of it, and what is
/// not proven. Each begins with "note: ".
std::vector<std::string> notes_on(const BackupSet& set);

}  // namespace pitstop
