#pragma once

#include <optional>
#include <vector>

#include "journal/open_backup.hpp"
#include "journal/statements.hpp"

namespace SQLite {
class Database;
}

/// Open backups as rows of the database. These throw what SQLiteCpp throws; what writes is to be
/// called in a transaction.
namespace pitstop {

void insert_open(Statements& statements, const OpenBackup& backup);

/// False if there is no such open backup.
bool insert_mark(Statements& statements, const RunId& run, const InstanceId& instance,
                 const MarkRecord& mark);

void delete_open(Statements& statements, const RunId& run, const InstanceId& instance);

/// Whether that backup is open, and was added to those that have ended all the same.
bool is_added_and_open(Statements& statements, const RunId& run, const InstanceId& instance);

/// The open backup of an instance, without its marks.
std::optional<OpenBackup> find_open(Statements& statements, const InstanceId& instance);

/// The same, with its marks.
std::optional<OpenBackup> select_open_of(const SQLite::Database& database,
                                         const InstanceId& instance);

/// All of them, with their marks.
std::vector<OpenBackup> select_open(const SQLite::Database& database);

}  // namespace pitstop
