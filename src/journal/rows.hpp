#pragma once

#include <vector>

#include "journal/backup_record.hpp"
#include "journal/statements.hpp"

namespace SQLite {
class Database;
}

/// Records as rows of the database. These throw what SQLiteCpp throws.
namespace pitstop {

/// To be called in a transaction.
void insert_backup(const SQLite::Database& database, Statements& statements,
                   const BackupRecord& record);

std::vector<BackupRecord> select_backups(const SQLite::Database& database,
                                         const BackupQuery& query);

/// With those that are only open, the latest first.
std::vector<RunRecord> select_runs(const SQLite::Database& database);

}  // namespace pitstop
