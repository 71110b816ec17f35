#pragma once

#include <SQLiteCpp/Statement.h>

#include <string>

#include "base/time.hpp"

/// Our types as columns of the database. What is not bound is null.
namespace pitstop {

inline void bind_text(SQLite::Statement& statement, const char* name, const std::string& text) {
  if (!text.empty()) {
    statement.bind(name, text);
  }
}

inline std::string text_in(SQLite::Statement& row, const char* column) {
  return row.getColumn(column).getString();
}

inline void bind_time(SQLite::Statement& statement, const char* name, WallTime time) {
  statement.bind(name, static_cast<std::int64_t>(time.time_since_epoch().count()));
}

inline WallTime time_in(SQLite::Statement& row, const char* column) {
  return WallTime(Milliseconds(row.getColumn(column).getInt64()));
}

}  // namespace pitstop
