// What can be wrong with a journal: each has a message that names it, and a hint.

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>

#include "journal/journal.hpp"
#include "journal/sqlite_errors.hpp"
#include "sample_record.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::HasSubstr;

namespace fs = std::filesystem;

/// As long as it lives, the process has no more rights than the user "nobody": root may write
/// everything.
class WithoutPrivileges {
 public:
  WithoutPrivileges() : before_(::geteuid()) {
    if (before_ == 0) {
      EXPECT_EQ(::seteuid(65534), 0);
    }
  }
  ~WithoutPrivileges() { EXPECT_EQ(::seteuid(before_), 0); }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  uid_t before_;
};

class JournalErrors : public testing::Test {
 protected:
  JournalErrors() { fs::permissions(directory.path(), fs::perms(0755)); }

  void make_journal() const {
    auto journal = Journal::open(directory.path());
    ASSERT_TRUE(journal) << journal.error().message;
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(journal->add(sample_record()));
    }
  }

  /// Another connection to the same file, as another process has it.
  SQLite::Database other_connection() const { return {file.string(), SQLite::OPEN_READWRITE}; }

  static void expect_error(const Error& error, const std::string& message,
                           const std::string& hint) {
    EXPECT_EQ(error.kind, ErrorKind::refused);
    EXPECT_THAT(error.message, HasSubstr(message));
    EXPECT_THAT(error.hint, HasSubstr(hint));
  }

  void expect_no_journal(const fs::path& state, const std::string& message,
                         const std::string& hint) const {
    const auto journal = Journal::open(state, Milliseconds(50));
    ASSERT_FALSE(journal);
    expect_error(journal.error(), message, hint);
  }

  TemporaryDirectory directory;
  fs::path file = directory / "journal.db";
};

TEST_F(JournalErrors, AFileWhereTheDirectoryShouldBe) {
  const auto in_the_way = directory.write("state", "");
  expect_no_journal(
      in_the_way,
      in_the_way.string() + " cannot be made a directory for the journal: not a directory",
      "--state-dir");
  expect_no_journal(in_the_way / "below", "not a directory", "--state-dir");
}

TEST_F(JournalErrors, ADirectoryThatMayNotBeMade) {
  const WithoutPrivileges nobody;
  expect_no_journal(directory / "state", "for the journal: permission denied", "let this user");
}

TEST_F(JournalErrors, ADirectoryThatMayNotBeWritten) {
  const WithoutPrivileges nobody;
  expect_no_journal(directory.path(), "cannot be read and written: permission denied",
                    "let this user");
}

TEST_F(JournalErrors, AJournalThatIsReadOnly) {
  make_journal();
  fs::permissions(file, fs::perms(0444));
  const WithoutPrivileges nobody;
  expect_no_journal(directory.path(), "journal.db cannot be read and written: permission denied",
                    "let this user");
}

TEST_F(JournalErrors, ADirectoryInItsPlace) {
  fs::create_directory(file);
  expect_no_journal(directory.path(), "cannot be opened", "--state-dir");
}

TEST_F(JournalErrors, AFileThatIsNoDatabase) {
  directory.write("journal.db", std::string(5000, 'x'));
  expect_no_journal(directory.path(), "is not a database", "move it away");
}

TEST_F(JournalErrors, ADatabaseOfSomebodyElse) {
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE theirs (x); PRAGMA user_version = 1");
  expect_no_journal(directory.path(), "is a database, but not a journal of pitstop",
                    "move it away");
}

TEST_F(JournalErrors, ADatabaseThatIsDamaged) {
  make_journal();
  {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(4096);
    bytes << std::string(static_cast<std::size_t>(fs::file_size(file)) - 4096, '\xff');
  }
  const auto journal = Journal::open(directory.path());
  ASSERT_TRUE(journal) << journal.error().message;
  const auto found = journal->backups();
  ASSERT_FALSE(found);
  expect_error(found.error(), "is damaged", "move it away");
}

TEST_F(JournalErrors, AJournalOfANewerPitstop) {
  make_journal();
  other_connection().exec("PRAGMA user_version = 99");
  expect_no_journal(directory.path(), "is of a newer pitstop: it has version 99",
                    "use the newer pitstop");
  EXPECT_EQ(other_connection().execAndGet("PRAGMA user_version").getInt(), 99);
}

TEST_F(JournalErrors, ALockThatIsNotLetGo) {
  directory.write("journal.db", "");
  auto other = other_connection();
  other.exec("BEGIN EXCLUSIVE");
  expect_no_journal(directory.path(), "is locked by another process", "fuser");
}

TEST_F(JournalErrors, ALockHoldsNobodyUpWhoAddsARecord) {
  make_journal();
  auto journal = Journal::open(directory.path());
  ASSERT_TRUE(journal);
  auto other = other_connection();
  other.exec("BEGIN IMMEDIATE");
  const auto locked = journal->add(sample_record());
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().kind, ErrorKind::transient) << "it is asked again, soon";
  EXPECT_THAT(locked.error().message, HasSubstr("is locked by another process"));
  EXPECT_EQ(journal->backups()->size(), 100U) << "readers do not mind";
  other.exec("ROLLBACK");
  EXPECT_TRUE(journal->add(sample_record()));
  EXPECT_EQ(journal->backups()->size(), 101U);
}

TEST_F(JournalErrors, ADiskThatIsFull) {
  make_journal();
  auto connection = std::make_unique<SQLite::Database>(other_connection());
  const int pages = connection->execAndGet("PRAGMA page_count").getInt();
  connection->exec("PRAGMA max_page_count = " + std::to_string(pages));
  Journal journal(std::move(connection));
  Status added;
  for (int i = 0; i < 100 && added; ++i) {
    added = journal.add(sample_record());
  }
  ASSERT_FALSE(added);
  expect_error(added.error(), "finds no room on its disk", "make room");
  const auto whole = journal.backups();
  ASSERT_TRUE(whole);
  for (const auto& record : *whole) {
    EXPECT_EQ(record, sample_record()) << "all of a record is there, or nothing";
  }
}

TEST(JournalError, MakesWhatSqliteSaysIntoOurWords) {
  struct Case {
    int code;
    ErrorKind kind;
    const char* message;
    const char* hint;
  };
  const std::vector<Case> cases{
      {SQLITE_READONLY_DIRECTORY, ErrorKind::refused, "is read-only", "needs to write"},
      {SQLITE_CANTOPEN, ErrorKind::refused, "cannot be opened", "needs to write"},
      {SQLITE_PERM, ErrorKind::refused, "cannot be opened", "needs to write"},
      {SQLITE_IOERR_FSYNC, ErrorKind::refused, "cannot be read or written", "look at the disk"},
      {SQLITE_BUSY_RECOVERY, ErrorKind::transient, "is locked", "fuser"},
      {SQLITE_MISUSE, ErrorKind::internal, "the words of SQLite", ""}};
  for (const auto& one : cases) {
    const auto error = journal_error("/x/journal.db", {"the words of SQLite", one.code});
    EXPECT_EQ(error.kind, one.kind) << error.message;
    EXPECT_THAT(error.message, HasSubstr("the journal /x/journal.db"));
    EXPECT_THAT(error.message, HasSubstr(one.message));
    EXPECT_THAT(error.message, HasSubstr("the words of SQLite"));
    EXPECT_THAT(error.hint, HasSubstr(one.hint));
  }
}

}  // namespace
}  // namespace pitstop
