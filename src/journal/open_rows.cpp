#include "journal/open_rows.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "journal/columns.hpp"

namespace pitstop {
namespace {

constexpr auto marks_of_a_backup =
    "SELECT * FROM mark WHERE open_backup = :open_backup ORDER BY rowid";

Mark mark_named(const std::string& name) {
  const auto mark = parse_mark(name);
  if (!mark) {
    throw SQLite::Exception(fmt::format("\"{}\" is no mark of a backup", name), SQLITE_CORRUPT);
  }
  return *mark;
}

/// A time that is damaged would have a server down for centuries.
WallTime sane_time_in(SQLite::Statement& row, const char* column) {
  constexpr WallTime earliest = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1);
  constexpr WallTime latest = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1);
  const auto time = time_in(row, column);
  if (time < earliest || time > latest) {
    throw SQLite::Exception(fmt::format("the time of a backup in \"{}\" cannot be", column),
                            SQLITE_CORRUPT);
  }
  return time;
}

OpenBackup open_in(SQLite::Statement& row) {
  OpenBackup backup;
  backup.run = RunId(text_in(row, "run_id"));
  backup.backup = BackupId(text_in(row, "backup_id"));
  backup.instance = InstanceId(text_in(row, "instance_id"));
  backup.name = text_in(row, "name");
  backup.region = text_in(row, "region");
  backup.role = text_in(row, "role");
  backup.opened = sane_time_in(row, "opened_ms");
  backup.start_when = text_in(row, "start_when");
  backup.policy = text_in(row, "policy");
  backup.found_stopped = row.getColumn("found_stopped").getInt() != 0;
  backup.holder = text_in(row, "holder");
  return backup;
}

std::vector<MarkRecord> marks_of(SQLite::Statement& statement, std::int64_t open_backup) {
  std::vector<MarkRecord> marks;
  statement.reset();
  statement.bind(":open_backup", open_backup);
  while (statement.executeStep()) {
    marks.push_back({sane_time_in(statement, "at_ms"), mark_named(text_in(statement, "mark")),
                     text_in(statement, "detail")});
  }
  return marks;
}

}  // namespace

void insert_open(Statements& statements, const OpenBackup& backup) {
  const auto statement = statements.use(
      "INSERT INTO open_backup (run_id, backup_id, instance_id, name, region, role, opened_ms, "
      "start_when, policy, found_stopped, holder) VALUES (:run_id, :backup_id, :instance_id, "
      ":name, :region, :role, :opened_ms, :start_when, :policy, :found_stopped, :holder)");
  statement->bind(":run_id", backup.run.str());
  statement->bind(":backup_id", backup.backup.str());
  statement->bind(":instance_id", backup.instance.str());
  bind_text(*statement, ":name", backup.name);
  statement->bind(":region", backup.region);
  bind_text(*statement, ":role", backup.role);
  bind_time(*statement, ":opened_ms", backup.opened);
  statement->bind(":start_when", backup.start_when);
  bind_text(*statement, ":policy", backup.policy);
  statement->bind(":found_stopped", backup.found_stopped ? 1 : 0);
  statement->bind(":holder", backup.holder);
  statement->exec();
}

bool insert_mark(Statements& statements, const RunId& run, const InstanceId& instance,
                 const MarkRecord& mark) {
  const auto statement = statements.use(
      "INSERT INTO mark (open_backup, at_ms, mark, detail) SELECT id, :at_ms, :mark, :detail "
      "FROM open_backup WHERE run_id = :run_id AND instance_id = :instance_id");
  statement->bind(":run_id", run.str());
  statement->bind(":instance_id", instance.str());
  bind_time(*statement, ":at_ms", mark.at);
  statement->bind(":mark", std::string(to_string(mark.mark)));
  bind_text(*statement, ":detail", mark.detail);
  return statement->exec() == 1;
}

void delete_open(Statements& statements, const RunId& run, const InstanceId& instance) {
  const auto statement = statements.use(
      "DELETE FROM open_backup WHERE run_id = :run_id AND instance_id = :instance_id");
  statement->bind(":run_id", run.str());
  statement->bind(":instance_id", instance.str());
  statement->exec();
}

bool is_added_and_open(Statements& statements, const RunId& run, const InstanceId& instance) {
  const auto row = statements.use(
      "SELECT 1 FROM open_backup JOIN backup ON backup.run_id = open_backup.run_id AND "
      "backup.instance_id = open_backup.instance_id WHERE open_backup.run_id = :run_id AND "
      "open_backup.instance_id = :instance_id");
  row->bind(":run_id", run.str());
  row->bind(":instance_id", instance.str());
  return row->executeStep();
}

std::optional<OpenBackup> find_open(Statements& statements, const InstanceId& instance) {
  const auto row = statements.use("SELECT * FROM open_backup WHERE instance_id = :instance_id");
  row->bind(":instance_id", instance.str());
  return row->executeStep() ? std::optional(open_in(*row)) : std::nullopt;
}

std::optional<OpenBackup> select_open_of(const SQLite::Database& database,
                                         const InstanceId& instance) {
  SQLite::Statement row(database, "SELECT * FROM open_backup WHERE instance_id = :instance_id");
  row.bind(":instance_id", instance.str());
  if (!row.executeStep()) {
    return std::nullopt;
  }
  SQLite::Statement marks(database, marks_of_a_backup);
  auto backup = open_in(row);
  backup.marks = marks_of(marks, row.getColumn("id").getInt64());
  return backup;
}

std::vector<OpenBackup> select_open(const SQLite::Database& database) {
  std::vector<OpenBackup> backups;
  SQLite::Statement rows(database, "SELECT * FROM open_backup ORDER BY opened_ms, id");
  SQLite::Statement marks(database, marks_of_a_backup);
  while (rows.executeStep()) {
    backups.push_back(open_in(rows));
    backups.back().marks = marks_of(marks, rows.getColumn("id").getInt64());
  }
  return backups;
}

}  // namespace pitstop
