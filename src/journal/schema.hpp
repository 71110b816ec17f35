#pragma once

#include <span>
#include <string>

#include "base/result.hpp"

namespace SQLite {
class Database;
}

namespace pitstop {

/// What makes each version of the schema from the one before. Only ever appended to: a journal that
/// somebody has was made by them.
std::span<const char* const> migrations();

/// Makes the connection durable, and the schema the newest. Refuses a database that is not a
/// journal, and a journal of a newer pitstop, and leaves both as they are. Throws what SQLiteCpp
/// throws.
Status bring_up_to_date(SQLite::Database& database, const std::string& file);

}  // namespace pitstop
