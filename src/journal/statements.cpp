#include "journal/statements.hpp"

namespace pitstop {

Statements::InUse::~InUse() {
  statement_.tryReset();  // it repeats what the last step said, which was thrown then
  statement_.clearBindings();
}

Statements::InUse Statements::use(const char* sql) {
  auto known = prepared_.find(sql);
  if (known == prepared_.end()) {
    known = prepared_.emplace(sql, SQLite::Statement(database_, sql)).first;
  }
  return InUse(known->second);
}

}  // namespace pitstop
