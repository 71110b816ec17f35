// What a backup leaves in the journal while it is under way.

#include "journal/open_backup.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/journal.hpp"
#include "sample_record.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

OpenBackup some_backup(const std::string& instance = "i-0123456789abcdef0",
                       const std::string& run = "r-0123456789ab") {
  return {.run = RunId(run),
          .backup = BackupId("b-0123456789ab"),
          .instance = InstanceId(instance),
          .name = "web-1",
          .region = "eu-central-1",
          .role = "arn:aws:iam::123456789012:role/pitstop",
          .opened = first_night,
          .start_when = "progress",
          .found_stopped = false,
          .holder = "process 4711 on host-1"};
}

BackupRecord ended(const OpenBackup& backup) {
  BackupRecord record;
  record.run = backup.run;
  record.backup = backup.backup;
  record.instance = backup.instance;
  record.begun = backup.opened;
  record.outcome = "completed";
  return record;
}

std::vector<OpenBackup> open_in(const Journal& journal) {
  const auto open = journal.open_backups();
  EXPECT_TRUE(open.has_value()) << open.error().message;
  return open.value_or(std::vector<OpenBackup>());
}

TEST(OpenBackups, AreThereWithTheirMarksWhenTheJournalIsOpenedAgain) {
  const TemporaryDirectory directory;
  auto backup = some_backup();
  backup.marks = {{first_night + Seconds(1), Mark::tag, "r-0123456789ab …"},
                  {first_night + Seconds(2), Mark::guard, ""},
                  {first_night + Seconds(2), Mark::reserve, ""},
                  {first_night + Seconds(3), Mark::stop, ""},
                  {first_night + Seconds(4), Mark::force, ""},
                  {first_night + Seconds(5), Mark::snapshots, "at-rest"},
                  {first_night + Seconds(6), Mark::start, "progress"},
                  {first_night + Seconds(7), Mark::running, ""}};
  {
    auto journal = Journal::open(directory.path());
    ASSERT_TRUE(journal && journal->open_backup(some_backup()));
    for (const auto& mark : backup.marks) {
      ASSERT_TRUE(journal->mark(backup.run, backup.instance, mark));
    }
  }
  EXPECT_THAT(open_in(*Journal::open(directory.path())), ElementsAre(backup));
}

TEST(OpenBackups, OfOneServerThereIsOne) {
  auto journal = Journal::in_memory();
  ASSERT_TRUE(journal.open_backup(some_backup()));
  const auto second = journal.open_backup(some_backup("i-0123456789abcdef0", "r-another"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::held);
  EXPECT_THAT(second.error().message,
              HasSubstr("i-0123456789abcdef0 is held by the run r-0123456789ab (process 4711 on "
                        "host-1), since "));
  EXPECT_TRUE(journal.open_backup(some_backup("i-0a1b2c3d", "r-another")));
  EXPECT_THAT(open_in(journal), testing::SizeIs(2));
}

TEST(OpenBackups, AreClosedByWhatCameOfThem) {
  auto journal = Journal::in_memory();
  const auto backup = some_backup();
  ASSERT_TRUE(journal.open_backup(backup));
  ASSERT_TRUE(journal.mark(backup.run, backup.instance, {first_night, Mark::stop, ""}));
  ASSERT_TRUE(journal.add(ended(backup)));
  EXPECT_THAT(open_in(journal), IsEmpty());
  EXPECT_THAT(*journal.backups(), testing::SizeIs(1));
  EXPECT_TRUE(journal.open_backup(backup)) << "the server is free again";
  EXPECT_THAT(open_in(journal).front().marks, IsEmpty());
}

TEST(OpenBackups, AreNotClosedByAnotherRun) {
  auto journal = Journal::in_memory();
  ASSERT_TRUE(journal.open_backup(some_backup()));
  ASSERT_TRUE(journal.add(ended(some_backup("i-0123456789abcdef0", "r-another"))));
  EXPECT_THAT(open_in(journal), testing::SizeIs(1));
}

TEST(OpenBackups, TakeNoMarkWhenTheyAreNotOpen) {
  auto journal = Journal::in_memory();
  const auto backup = some_backup();
  const auto marked = journal.mark(backup.run, backup.instance, {first_night, Mark::stop, ""});
  ASSERT_FALSE(marked);
  EXPECT_EQ(marked.error().kind, ErrorKind::refused);
  EXPECT_THAT(marked.error().message, HasSubstr("no open backup of i-0123456789abcdef0"));
}

TEST(OpenBackups, FindTheFirstMarkOfAKind) {
  auto backup = some_backup();
  EXPECT_EQ(backup.find(Mark::stop), nullptr);
  backup.marks = {{first_night, Mark::start, "progress"}, {first_night, Mark::start, ""}};
  ASSERT_NE(backup.find(Mark::start), nullptr);
  EXPECT_EQ(backup.find(Mark::start)->detail, "progress");
}

BackupRecord as_the_first_version_kept_it(BackupRecord record) {
  record.recovered = false;
  record.error_hint.clear();
  record.error_code.clear();
  record.api_calls.reset();
  record.image = {};
  for (auto& snapshot : record.snapshots) {
    snapshot.progress.reset();
  }
  return record;
}

/// A journal of the first version, as the first release made it.
TEST(OpenBackups, ComeIntoAJournalThatDidNotHaveThem) {
  const TemporaryDirectory directory;
  const auto record = as_the_first_version_kept_it(sample_record());
  {
    auto journal = Journal::open(directory.path());
    ASSERT_TRUE(journal && journal->add(record));
    SQLite::Database raw((directory / "journal.db").string(), SQLite::OPEN_READWRITE);
    raw.exec(
        "DROP TABLE mark; DROP TABLE open_backup; DROP TABLE open_restore; DROP INDEX "
        "backup_by_run; "
        "DROP INDEX backup_by_policy; ALTER TABLE backup DROP COLUMN policy; "
        "ALTER TABLE backup DROP COLUMN image_id; ALTER TABLE backup DROP COLUMN error_hint; "
        "ALTER TABLE backup DROP COLUMN error_code; ALTER TABLE backup DROP COLUMN went_on; "
        "ALTER TABLE backup DROP COLUMN recovered; ALTER TABLE backup DROP COLUMN api_calls; "
        "ALTER TABLE snapshot DROP COLUMN progress; PRAGMA user_version = 1");
  }
  auto journal = Journal::open(directory.path());
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_THAT(*journal->backups(), ElementsAre(record));
  EXPECT_TRUE(journal->open_backup(some_backup()));
}

TEST(OpenBackups, ThatAreKeptOpenAreRecordedOnce) {
  auto journal = Journal::in_memory();
  const auto backup = some_backup();
  ASSERT_TRUE(journal.open_backup(backup));
  auto record = ended(backup);
  record.downtime = Milliseconds(41'000);
  ASSERT_TRUE(journal.add_and_keep_open(record));
  EXPECT_EQ(open_in(journal), std::vector<OpenBackup>{backup});
  EXPECT_EQ(journal.backups()->size(), 1U);
  ASSERT_TRUE(journal.add_and_keep_open(record)) << "and again";
  auto recovered = ended(backup);
  recovered.recovered = true;
  ASSERT_TRUE(journal.add(recovered));
  EXPECT_THAT(open_in(journal), IsEmpty());
  ASSERT_EQ(journal.backups()->size(), 1U) << "it is one backup";
  EXPECT_EQ(journal.backups()->front().downtime, Milliseconds(41'000));
}

TEST(OpenBackups, AreFoundByTheirServer) {
  auto journal = Journal::in_memory();
  ASSERT_TRUE(journal.open_backup(some_backup("i-0000000000000000a", "r-a")));
  ASSERT_TRUE(journal.open_backup(some_backup("i-0000000000000000b", "r-b")));
  const MarkRecord mark{first_night + Seconds(1), Mark::tag, "r-b …"};
  ASSERT_TRUE(journal.mark(RunId("r-b"), InstanceId("i-0000000000000000b"), mark));
  const auto found = journal.open_backup_of(InstanceId("i-0000000000000000b"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->run, RunId("r-b"));
  EXPECT_THAT((*found)->marks, ElementsAre(mark));
  EXPECT_FALSE(*journal.open_backup_of(InstanceId("i-0000000000000000c")));
}

/// One flipped bit would have a server down for centuries.
TEST(OpenBackups, WithATimeThatCannotBeAreDamaged) {
  auto journal = Journal::in_memory();
  auto backup = some_backup();
  backup.opened = WallTime(Milliseconds(std::int64_t{1} << 61));
  ASSERT_TRUE(journal.open_backup(backup));
  const auto open = journal.open_backups();
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().kind, ErrorKind::refused);
  EXPECT_THAT(open.error().message, HasSubstr("is damaged"));
  EXPECT_THAT(open.error().hint, HasSubstr("pitstop recover"));
}

}  // namespace
}  // namespace pitstop
