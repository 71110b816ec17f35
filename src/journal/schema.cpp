#include "journal/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <array>

#include "base/text.hpp"

namespace pitstop {
namespace {

/// "PITS" in the header of the file: whose database it is.
constexpr int our_application_id = 0x50495453;

// Times are milliseconds since 1970 in UTC.
constexpr std::array<const char*, 7> all_migrations = {
    R"sql(
CREATE TABLE backup (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  backup_id TEXT,
  instance_id TEXT NOT NULL,
  name TEXT,
  region TEXT,
  begun_ms INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('completed', 'following', 'failed', 'refused')),
  consistency TEXT,
  start_when TEXT,
  gate TEXT,
  downtime_ms INTEGER,
  stop_ms INTEGER,
  snapshot_ms INTEGER,
  gate_ms INTEGER,
  start_ms INTEGER,
  left_down INTEGER NOT NULL,
  error_kind TEXT,
  error_message TEXT,
  snapshots_completed_ms INTEGER
) STRICT;
CREATE INDEX backup_by_instance ON backup (instance_id, begun_ms);
CREATE INDEX backup_by_time ON backup (begun_ms);

CREATE TABLE snapshot (
  backup INTEGER NOT NULL REFERENCES backup (id) ON DELETE CASCADE,
  snapshot_id TEXT NOT NULL,
  volume_id TEXT NOT NULL,
  device TEXT,
  size_gib INTEGER NOT NULL,
  state TEXT
) STRICT;
CREATE INDEX snapshot_by_backup ON snapshot (backup);
)sql",
    R"sql(
CREATE TABLE open_backup (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  backup_id TEXT NOT NULL,
  instance_id TEXT NOT NULL UNIQUE,
  name TEXT,
  region TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  start_when TEXT NOT NULL,
  found_stopped INTEGER NOT NULL,
  holder TEXT NOT NULL
) STRICT;

CREATE TABLE mark (
  open_backup INTEGER NOT NULL REFERENCES open_backup (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  mark TEXT NOT NULL,
  detail TEXT
) STRICT;
CREATE INDEX mark_by_open_backup ON mark (open_backup);
)sql",
    R"sql(
ALTER TABLE backup ADD COLUMN image_id TEXT;
)sql",
    R"sql(
ALTER TABLE open_backup ADD COLUMN role TEXT;
)sql",
    R"sql(
ALTER TABLE backup ADD COLUMN error_hint TEXT;
ALTER TABLE backup ADD COLUMN error_code TEXT;
ALTER TABLE backup ADD COLUMN went_on INTEGER NOT NULL DEFAULT 0;
ALTER TABLE backup ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE backup ADD COLUMN api_calls INTEGER;
ALTER TABLE snapshot ADD COLUMN progress INTEGER;
CREATE INDEX backup_by_run ON backup (run_id, begun_ms);
)sql",
    R"sql(
ALTER TABLE backup ADD COLUMN policy TEXT;
ALTER TABLE open_backup ADD COLUMN policy TEXT;
CREATE INDEX backup_by_policy ON backup (policy, begun_ms);
)sql",
    R"sql(
CREATE TABLE open_restore (
  restore_id TEXT PRIMARY KEY,
  backup_id TEXT NOT NULL,
  instance_id TEXT NOT NULL,
  region TEXT NOT NULL,
  role TEXT,
  opened_ms INTEGER NOT NULL,
  holder TEXT NOT NULL
) STRICT;
)sql"};

int number_from(const SQLite::Database& database, const char* question) {
  SQLite::Statement statement(database, question);
  statement.executeStep();
  return statement.getColumn(0).getInt();
}

/// The version of the schema; 0 of a database that is empty.
Result<int> read_version(const SQLite::Database& database, const std::string& file) {
  const int application = number_from(database, "PRAGMA application_id");
  const bool is_empty = number_from(database, "SELECT count(*) FROM sqlite_schema") == 0;
  if (application != our_application_id && !(application == 0 && is_empty)) {
    return fail(ErrorKind::refused,
                fmt::format("{} is a database, but not a journal of pitstop", printable(file)),
                "move it away, or name another directory by --state-dir");
  }
  const int version = number_from(database, "PRAGMA user_version");
  const int newest = static_cast<int>(all_migrations.size());
  if (version > newest) {
    return fail(ErrorKind::refused,
                fmt::format("the journal {} is of a newer pitstop: it has version {}, and this "
                            "pitstop knows {}",
                            printable(file), version, newest),
                "use the newer pitstop, or name another directory by --state-dir");
  }
  return version;
}

/// Writers append to a log of their own: readers and writers do not wait for each other.
void use_write_ahead_log(SQLite::Database& database) {
  const int result = database.tryExec("PRAGMA journal_mode = WAL");
  // SQLite does not wait for another process that does the same at this moment; nor need we.
  if (result != SQLITE_OK && result != SQLITE_BUSY) {
    throw SQLite::Exception(database.getHandle(), result);
  }
}

/// In a transaction: another process may be making the schema at this moment.
Result<int> look_at_version(SQLite::Database& database, const std::string& file) {
  const SQLite::Transaction reading(database);
  return read_version(database, file);
}

}  // namespace

std::span<const char* const> migrations() {
  return all_migrations;
}

Status bring_up_to_date(SQLite::Database& database, const std::string& file) {
  TRY(const int found, look_at_version(database, file));
  use_write_ahead_log(database);
  database.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  if (found == static_cast<int>(all_migrations.size())) {
    return {};
  }
  SQLite::Transaction writing(database, SQLite::TransactionBehavior::IMMEDIATE);
  TRY(const int version, read_version(database, file));
  for (const auto* migration : migrations().subspan(static_cast<std::size_t>(version))) {
    database.exec(migration);
  }
  database.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                            our_application_id, all_migrations.size()));
  writing.commit();
  return {};
}

}  // namespace pitstop
