#include "journal/journal.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "base/check.hpp"
#include "base/text.hpp"
#include "journal/open_rows.hpp"
#include "journal/private_files.hpp"
#include "journal/restore_rows.hpp"
#include "journal/rows.hpp"
#include "journal/schema.hpp"
#include "journal/sqlite_errors.hpp"
#include "journal/statements.hpp"

namespace pitstop {
namespace {

namespace fs = std::filesystem;

constexpr auto file_name = "journal.db";
constexpr Milliseconds patience_of_readers = Seconds(5);

void wait_for_locks(SQLite::Database& database, Milliseconds at_most) {
  database.setBusyTimeout(static_cast<int>(at_most.count()));
}

/// SQLiteCpp throws: this is as far as it gets.
template <class Work>
auto caught(const std::string& file, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& thrown) {
    return fail(journal_error(file, thrown));
  } catch (const std::exception& surprise) {
    return fail(ErrorKind::internal,
                fmt::format("the journal {}: unexpected: {}", file, surprise.what()));
  }
}

Result<Journal> connect(const std::string& file, Milliseconds patience) {
  return caught(file, [&]() -> Result<Journal> {
    auto database =
        std::make_unique<SQLite::Database>(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    wait_for_locks(*database, patience);
    TRY_STATUS(bring_up_to_date(*database, file));
    return Journal(std::move(database));
  });
}

}  // namespace

Journal::Journal(std::unique_ptr<SQLite::Database> database)
    : database_(std::move(database)), statements_(std::make_unique<Statements>(*database_)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal::~Journal() = default;

Journal& Journal::operator=(Journal&& other) noexcept {
  statements_ = std::move(other.statements_);
  database_ = std::move(other.database_);
  return *this;
}

Result<Journal> Journal::open(const fs::path& directory, Milliseconds patience) {
  const auto file = directory / file_name;
  TRY_STATUS(make_private_directory(directory));
  TRY_STATUS(make_private_file(file));
  auto journal = connect(file, patience);
  if (!journal && journal.error().kind == ErrorKind::transient) {
    journal.error().kind = ErrorKind::refused;  // it was asked for long enough
  }
  return journal;
}

bool Journal::exists_in(const fs::path& directory) {
  std::error_code unknown;
  return fs::exists(directory / file_name, unknown) || unknown;
}

Journal Journal::in_memory() {
  auto journal = connect(":memory:", Milliseconds(0));
  CHECK(journal.has_value());
  return std::move(*journal);
}

Status Journal::write(const std::function<Status()>& work) {
  return caught(database_->getFilename(), [&]() -> Status {
    wait_for_locks(*database_, Milliseconds(0));
    SQLite::Transaction transaction(*database_, SQLite::TransactionBehavior::IMMEDIATE);
    TRY_STATUS(work());
    transaction.commit();
    return {};
  });
}

Status Journal::open_backup(const OpenBackup& backup) {
  return write([&]() -> Status {
    if (const auto open = find_open(*statements_, backup.instance)) {
      return fail(ErrorKind::held,
                  fmt::format("{} is held by the run {} ({}), since {}", backup.instance.str(),
                              open->run.str(), printable(open->holder), rfc3339(open->opened)),
                  "wait until that run has ended");
    }
    insert_open(*statements_, backup);
    return {};
  });
}

Status Journal::mark(const RunId& run, const InstanceId& instance, const MarkRecord& mark) {
  return write([&]() -> Status {
    if (!insert_mark(*statements_, run, instance, mark)) {
      return fail(ErrorKind::refused,
                  fmt::format("the journal has no open backup of {} by the run {}", instance.str(),
                              run.str()),
                  "has somebody closed it with pitstop recover --forget?");
    }
    return {};
  });
}

Status Journal::add(const BackupRecord& record) {
  return write([&]() -> Status {
    const bool is_added = is_added_and_open(*statements_, record.run, record.instance);
    delete_open(*statements_, record.run, record.instance);
    if (!is_added) {
      insert_backup(*database_, *statements_, record);
    }
    return {};
  });
}

Status Journal::add_and_keep_open(const BackupRecord& record) {
  return write([&]() -> Status {
    if (!is_added_and_open(*statements_, record.run, record.instance)) {
      insert_backup(*database_, *statements_, record);
    }
    return {};
  });
}

Status Journal::open_restore(const OpenRestore& restore) {
  return write([&]() -> Status {
    insert_restore(*statements_, restore);
    return {};
  });
}

Status Journal::close_restore(const RestoreId& restore) {
  return write([&]() -> Status {
    delete_restore(*statements_, restore);
    return {};
  });
}

Result<std::vector<OpenRestore>> Journal::open_restores() const {
  return caught(database_->getFilename(), [&]() -> Result<std::vector<OpenRestore>> {
    wait_for_locks(*database_, patience_of_readers);
    return select_restores(*database_);
  });
}

Result<std::optional<OpenBackup>> Journal::open_backup_of(const InstanceId& instance) const {
  return caught(database_->getFilename(), [&]() -> Result<std::optional<OpenBackup>> {
    wait_for_locks(*database_, patience_of_readers);
    return select_open_of(*database_, instance);
  });
}

Result<std::vector<OpenBackup>> Journal::open_backups() const {
  return caught(database_->getFilename(), [&]() -> Result<std::vector<OpenBackup>> {
    wait_for_locks(*database_, patience_of_readers);
    return select_open(*database_);
  });
}

Result<std::vector<BackupRecord>> Journal::backups(const BackupQuery& query) const {
  return caught(database_->getFilename(), [&]() -> Result<std::vector<BackupRecord>> {
    wait_for_locks(*database_, patience_of_readers);
    return select_backups(*database_, query);
  });
}

Result<std::vector<RunRecord>> Journal::runs() const {
  return caught(database_->getFilename(), [&]() -> Result<std::vector<RunRecord>> {
    wait_for_locks(*database_, patience_of_readers);
    return select_runs(*database_);
  });
}

}  // namespace pitstop
