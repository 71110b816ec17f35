#pragma once

#include <vector>

#include "journal/backup_record.hpp"
#include "journal/open_backup.hpp"

namespace pitstop {

/// A run of the past, or one that is under way, as the journal tells it.
struct PastRun {
  RunId run;
  bool is_latest = false;
  std::vector<BackupRecord> ended;
  std::vector<OpenBackup> under_way;

  /// When the first of them was.
  WallTime begun() const;

  /// That asked for it, or the names of several with a space between; empty: the user did.
  std::string policy() const;
};

/// Whether there is no backup of the server, or the server did not come back.
bool went_wrong(const BackupRecord& record);

}  // namespace pitstop
