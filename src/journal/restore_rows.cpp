#include "journal/restore_rows.hpp"

#include <SQLiteCpp/Database.h>

#include "journal/columns.hpp"

namespace pitstop {

void insert_restore(Statements& statements, const OpenRestore& restore) {
  const auto statement = statements.use(
      "INSERT INTO open_restore (restore_id, backup_id, instance_id, region, role, opened_ms, "
      "holder) VALUES (:restore_id, :backup_id, :instance_id, :region, :role, :opened_ms, "
      ":holder)");
  statement->bind(":restore_id", restore.restore.str());
  statement->bind(":backup_id", restore.backup.str());
  statement->bind(":instance_id", restore.instance.str());
  statement->bind(":region", restore.region);
  bind_text(*statement, ":role", restore.role);
  bind_time(*statement, ":opened_ms", restore.opened);
  statement->bind(":holder", restore.holder);
  statement->exec();
}

void delete_restore(Statements& statements, const RestoreId& restore) {
  const auto statement = statements.use("DELETE FROM open_restore WHERE restore_id = :restore_id");
  statement->bind(":restore_id", restore.str());
  statement->exec();
}

std::vector<OpenRestore> select_restores(const SQLite::Database& database) {
  std::vector<OpenRestore> restores;
  SQLite::Statement rows(database, "SELECT * FROM open_restore ORDER BY opened_ms, restore_id");
  while (rows.executeStep()) {
    restores.push_back({.restore = RestoreId(text_in(rows, "restore_id")),
                        .backup = BackupId(text_in(rows, "backup_id")),
                        .instance = InstanceId(text_in(rows, "instance_id")),
                        .region = text_in(rows, "region"),
                        .role = text_in(rows, "role"),
                        .opened = time_in(rows, "opened_ms"),
                        .holder = text_in(rows, "holder")});
  }
  return restores;
}

}  // namespace pitstop
