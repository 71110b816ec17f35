#include "backup/logbook.hpp"

namespace pitstop {
namespace {

constexpr Duration look_again_after = Milliseconds(100);

/// SQLite itself would wait by holding up everybody.
template <class Write>
Task<Status> patiently(Clock& clock, Duration patience, Write write) {
  const Instant give_up = clock.now() + patience;
  Status written = write();
  while (!written && written.error().kind == ErrorKind::transient && clock.now() < give_up) {
    co_await clock.sleep(look_again_after);
    written = write();
  }
  co_return written;
}

}  // namespace

Task<Status> JournalLogbook::open(OpenBackup backup) {
  CO_TRY_STATUS(locks_.lock(backup.run));
  const auto write = [this, backup = std::move(backup)] { return journal_.open_backup(backup); };
  co_return co_await patiently(clock_, usual_journal_patience, write);
}

Task<Status> JournalLogbook::mark(RunId run, InstanceId instance, Mark mark, std::string detail,
                                  Duration patience) {
  const MarkRecord record{clock_.wall(), mark, std::move(detail)};
  const auto write = [this, run = std::move(run), instance = std::move(instance), record] {
    return journal_.mark(run, instance, record);
  };
  return patiently(clock_, patience, write);
}

Task<Status> JournalLogbook::close(BackupRecord record) {
  const auto write = [this, record = std::move(record)] { return journal_.add(record); };
  return patiently(clock_, usual_journal_patience, write);
}

Task<Status> JournalLogbook::open_restore(OpenRestore restore) {
  CO_TRY_STATUS(locks_.lock(run_of(restore.restore)));
  const auto write = [this, restore = std::move(restore)] {
    return journal_.open_restore(restore);
  };
  co_return co_await patiently(clock_, usual_journal_patience, write);
}

Task<Status> JournalLogbook::close_restore(RestoreId restore) {
  const auto write = [this, restore] { return journal_.close_restore(restore); };
  CO_TRY_STATUS(co_await patiently(clock_, usual_journal_patience, write));
  locks_.unlock(run_of(restore));
  co_return Status();
}

Task<Status> JournalLogbook::keep_open(BackupRecord record) {
  const auto write = [this, record = std::move(record)] {
    return journal_.add_and_keep_open(record);
  };
  return patiently(clock_, usual_journal_patience, write);
}

}  // namespace pitstop
