#pragma once

#include "base/clock.hpp"
#include "journal/journal.hpp"
#include "journal/run_locks.hpp"

namespace pitstop {

/// The journal as runs use it while servers are down. A door, so that a test can end the process at
/// every line.
class Logbook {
 public:
  virtual ~Logbook() = default;

  /// Opens the backup of a server, before anything is done to it. `held` if another one is open.
  virtual Task<Status> open(OpenBackup backup) = 0;

  /// Writes down what is about to be done, before EC2 hears of it. `patience`: for how long it may
  /// take while another process has the journal locked.
  virtual Task<Status> mark(RunId run, InstanceId instance, Mark mark, std::string detail,
                            Duration patience) = 0;

  /// Writes down what came of it: nothing more will be done.
  virtual Task<Status> close(BackupRecord record) = 0;

  /// Writes down what came of it, and leaves it open: something has to be cleared away.
  virtual Task<Status> keep_open(BackupRecord record) = 0;

  virtual Result<std::vector<OpenBackup>> open_backups() = 0;

  /// That of one server; nothing if it has none.
  virtual Result<std::optional<OpenBackup>> open_backup_of(const InstanceId& instance) = 0;

  /// Takes a run whose process is gone; `held` while it goes on, here or in another process.
  virtual Status adopt(const RunId& run) = 0;

  /// Nothing of the run is open any more.
  virtual void let_go(const RunId& run) = 0;
};

/// The journal of a state directory, and the locks beside it. While another process has the journal
/// locked it asks again, and holds up nobody else meanwhile.
class JournalLogbook final : public Logbook {
 public:
  JournalLogbook(Journal& journal, RunLocks& locks, Clock& clock)
      : journal_(journal), locks_(locks), clock_(clock) {}

  Task<Status> open(OpenBackup backup) override;
  Task<Status> mark(RunId run, InstanceId instance, Mark mark, std::string detail,
                    Duration patience) override;
  Task<Status> close(BackupRecord record) override;
  Task<Status> keep_open(BackupRecord record) override;
  Result<std::vector<OpenBackup>> open_backups() override { return journal_.open_backups(); }
  Result<std::optional<OpenBackup>> open_backup_of(const InstanceId& instance) override {
    return journal_.open_backup_of(instance);
  }
  Status adopt(const RunId& run) override { return locks_.lock(run); }
  void let_go(const RunId& run) override { locks_.unlock(run); }

  /// Opens a restore that stops no server, before it makes anything; its lock is ours from then on.
  Task<Status> open_restore(OpenRestore restore);

  /// Nothing of it has to be cleared away.
  Task<Status> close_restore(RestoreId restore);

 private:
  Journal& journal_;
  RunLocks& locks_;
  Clock& clock_;
};

/// How long it may take to write while nobody is down.
inline constexpr Duration usual_journal_patience = Seconds(10);

/// The same while a server is down: EC2's tags tell what the journal does not.
inline constexpr Duration journal_patience_while_down = Seconds(1);

}  // namespace pitstop
