#pragma once

#include <vector>

#include "journal/open_restore.hpp"
#include "journal/statements.hpp"

namespace SQLite {
class Database;
}

/// Open restores as rows of the database. These throw what SQLiteCpp throws; what writes is to be
/// called in a transaction.
namespace pitstop {

void insert_restore(Statements& statements, const OpenRestore& restore);

void delete_restore(Statements& statements, const RestoreId& restore);

std::vector<OpenRestore> select_restores(const SQLite::Database& database);

}  // namespace pitstop
