#include "journal/sqlite_errors.hpp"

#include <SQLiteCpp/Exception.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace pitstop {
namespace {

constexpr auto begin_anew =
    "move it away, and pitstop begins a new one; no backup is lost with it, only past figures; a "
    "server that is down is found by its tag: pitstop recover";
constexpr auto make_it_writable =
    "this user needs to write it and its directory; or name another directory by --state-dir";

struct Meaning {
  int code;
  ErrorKind kind;
  const char* what;
  const char* hint;
};

constexpr std::array meanings = {
    Meaning{SQLITE_NOTADB, ErrorKind::refused, "is not a database", begin_anew},
    Meaning{SQLITE_CORRUPT, ErrorKind::refused, "is damaged", begin_anew},
    Meaning{SQLITE_FULL, ErrorKind::refused, "finds no room on its disk",
            "make room where it is, or name another directory by --state-dir"},
    Meaning{SQLITE_BUSY, ErrorKind::transient, "is locked by another process",
            "end what has it open: fuser tells which process that is"},
    Meaning{SQLITE_READONLY, ErrorKind::refused, "is read-only", make_it_writable},
    Meaning{SQLITE_CANTOPEN, ErrorKind::refused, "cannot be opened", make_it_writable},
    Meaning{SQLITE_PERM, ErrorKind::refused, "cannot be opened", make_it_writable},
    Meaning{SQLITE_IOERR, ErrorKind::refused, "cannot be read or written",
            "look at the disk that it is on"},
};

}  // namespace

Error journal_error(const std::string& file, const SQLite::Exception& thrown) {
  constexpr int primary = 0xff;  // without SQLite's extension of the code
  const auto* meaning =
      std::ranges::find(meanings, thrown.getErrorCode() & primary, &Meaning::code);
  const auto name = printable(file);
  const auto detail = printable(thrown.what());
  if (meaning == meanings.end()) {
    return {ErrorKind::internal, fmt::format("the journal {}: {}", name, detail), {}, {}};
  }
  return {meaning->kind,
          fmt::format("the journal {} {} ({})", name, meaning->what, detail),
          meaning->hint,
          {}};
}

}  // namespace pitstop
