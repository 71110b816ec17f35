#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "catalog/backup_set.hpp"
#include "journal/backup_record.hpp"

namespace pitstop {

/// A backup as EC2 tells of it, with what only the journal knows.
struct ListedBackup {
  BackupSet set;
  std::string site;  ///< the region, and the account if there are several
  std::optional<BackupRecord> record = {};
};

/// A server whose newest good backup is too old, or that has none.
struct OverdueServer {
  InstanceId instance;
  std::string name;
  std::optional<WallTime> newest_good = {};
};

struct BackupList {
  /// By server, and of each the newest first.
  std::vector<ListedBackup> backups;
  WallTime now;
  /// How old a server's newest good backup may be; nothing: nobody has asked.
  std::optional<Duration> max_age = {};
  std::vector<OverdueServer> overdue = {};
  /// The accounts and regions, of several, that gave no answer.
  std::vector<std::string> silent_sites = {};
};

/// A table for each server, then how many there are of each state.
std::string backup_list_text(const BackupList& list);

/// A message for each backup, and a summary.
void write_backup_list_json(const BackupList& list, int exit_status, std::ostream& output);

/// Everything about one of them.
std::string backup_details_text(const ListedBackup& backup, WallTime now);
void write_backup_details_json(const ListedBackup& backup, std::ostream& output);

}  // namespace pitstop
