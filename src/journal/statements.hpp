#pragma once

#include <SQLiteCpp/Statement.h>

#include <map>
#include <string_view>

namespace pitstop {

/// Statements of one database that are used again and again, prepared once.
class Statements {
 public:
  /// A statement at work: nothing is bound at first, and it holds no lock when this is gone.
  class InUse {
   public:
    explicit InUse(SQLite::Statement& statement) : statement_(statement) {}
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    ~InUse();

    SQLite::Statement& operator*() const { return statement_; }
    SQLite::Statement* operator->() const { return &statement_; }

   private:
    SQLite::Statement& statement_;
  };

  explicit Statements(const SQLite::Database& database) : database_(database) {}

  /// `sql` is a text that stays, and its statement is not at work already. Throws what SQLiteCpp
  /// throws.
  InUse use(const char* sql);

 private:
  const SQLite::Database& database_;
  std::map<std::string_view, SQLite::Statement> prepared_;
};

}  // namespace pitstop
