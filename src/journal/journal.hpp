#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "journal/backup_record.hpp"
#include "journal/open_backup.hpp"
#include "journal/open_restore.hpp"

namespace SQLite {
class Database;
}

namespace pitstop {

class Statements;

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

  // What is written never waits for a lock, for servers may be down meanwhile: `transient` means
  // that another process has it, and nothing is written.

  /// Opens the backup of a server. `held` if that server has one open already.
  Status open_backup(const OpenBackup& backup);

  /// Adds a mark to the open backup of a server by a run.
  Status mark(const RunId& run, const InstanceId& instance, const MarkRecord& mark);

  /// Adds a backup that has ended, and closes it if it was open. One that was added and kept open
  /// is closed as it was added.
  Status add(const BackupRecord& record);

  /// Adds a backup that has ended, and leaves it open: something of it has to be cleared away.
  Status add_and_keep_open(const BackupRecord& record);

  /// Opens a restore that stops no server, before it makes anything.
  Status open_restore(const OpenRestore& restore);

  /// Closes it: nothing of it has to be cleared away. It need not be open.
  Status close_restore(const RestoreId& restore);

  /// Those that are open, in the order in which they were opened.
  Result<std::vector<OpenRestore>> open_restores() const;

  /// That of one server, with its marks; nothing if it has none.
  Result<std::optional<OpenBackup>> open_backup_of(const InstanceId& instance) const;

  /// In the order in which they were opened, their marks as they came.
  Result<std::vector<OpenBackup>> open_backups() const;

  /// In the order in which they began.
  Result<std::vector<BackupRecord>> backups(const BackupQuery& query = {}) const;

  /// The latest first.
  Result<std::vector<RunRecord>> runs() const;

 private:
  /// In a transaction that is taken back when `work` fails.
  Status write(const std::function<Status()>& work);

  std::unique_ptr<SQLite::Database> database_;
  std::unique_ptr<Statements> statements_;  ///< has to go before the database does
};

}  // namespace pitstop
