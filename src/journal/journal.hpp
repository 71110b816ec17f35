#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "journal/backup_record.hpp"

namespace SQLite {
class Database;
}

namespace pitstop {

/// What has happened, durably: an SQLite database in the state directory. What it was told survives
/// a crash of the process and of the machine. Several processes may have it open.
class Journal {
 public:
  /// Opens the journal of a state directory; makes the directory and the journal if they are not
  /// there, for this user alone. Waits as long as `patience` for a lock of another process. An
  /// error is of kind `refused`.
  static Result<Journal> open(const std::filesystem::path& directory,
                              Milliseconds patience = Seconds(5));

  /// Whether a state directory has a journal.
  static bool exists_in(const std::filesystem::path& directory);

  /// One that goes with the object.
  static Journal in_memory();

  /// On a connection that is set up already.
  explicit Journal(std::unique_ptr<SQLite::Database> database);
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  /// Adds a backup that has ended. Never waits for a lock, for servers may be down meanwhile:
  /// `transient` means that another process has it, and the record is not written.
  Status add(const BackupRecord& record);

  /// In the order in which they began.
  Result<std::vector<BackupRecord>> backups(const BackupQuery& query = {}) const;

 private:
  std::unique_ptr<SQLite::Database> database_;
};

}  // namespace pitstop
