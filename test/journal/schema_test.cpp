#include "journal/schema.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <thread>

#include "journal/journal.hpp"
#include "sample_record.hpp"
#include "support/golden.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using namespace test;

/// The journals that people have were made by these very words: a new version is appended.
TEST(Schema, HasMigrationsThatDoNotChangeOnceTheyAreReleased) {
  for (std::size_t i = 0; i < migrations().size(); ++i) {
    expect_golden("journal/golden/migration_" + std::to_string(i + 1) + ".sql", migrations()[i]);
  }
}

TEST(Schema, KeepsTheConnectionDurable) {
  const TemporaryDirectory directory;
  SQLite::Database database((directory / "journal.db").string(),
                            SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  ASSERT_TRUE(bring_up_to_date(database, "journal.db"));
  EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(database.execAndGet("PRAGMA synchronous").getInt(), 2) << "FULL";
  EXPECT_EQ(database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
  EXPECT_EQ(database.execAndGet("PRAGMA user_version").getInt(),
            static_cast<int>(migrations().size()));
}

TEST(Schema, IsMadeOnceHoweverManyBeginAtTheSameMoment) {
  const TemporaryDirectory directory;
  std::vector<std::string> errors(8);
  std::vector<std::thread> processes;
  for (auto& error : errors) {
    processes.emplace_back([&] {
      auto journal = Journal::open(directory / "state");
      if (!journal) {
        error = journal.error().message;
        return;
      }
      while (true) {
        const auto added = journal->add(sample_record());
        if (added || added.error().kind != ErrorKind::transient) {
          error = added ? "" : added.error().message;
          return;
        }
      }
    });
  }
  for (auto& process : processes) {
    process.join();
  }
  for (const auto& error : errors) {
    EXPECT_EQ(error, "");
  }
  EXPECT_EQ(Journal::open(directory / "state")->backups()->size(), errors.size());
}

}  // namespace
}  // namespace pitstop
