#include "journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample_record.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using namespace test;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;

namespace fs = std::filesystem;

constexpr Milliseconds day = std::chrono::days(1);

std::vector<BackupRecord> backups(const Journal& journal, const BackupQuery& query = {}) {
  const auto found = journal.backups(query);
  EXPECT_TRUE(found.has_value()) << found.error().message;
  return found.value_or(std::vector<BackupRecord>());
}

Journal journal_with(const std::vector<BackupRecord>& records) {
  auto journal = Journal::in_memory();
  for (const auto& record : records) {
    EXPECT_TRUE(journal.add(record));
  }
  return journal;
}

TEST(Journal, IsEmptyAtFirst) {
  EXPECT_THAT(backups(Journal::in_memory()), IsEmpty());
}

TEST(Journal, GivesBackWhatItWasTold) {
  const auto whole = sample_record();
  const auto refused = refused_record("i-0a1b2c3d", first_night + std::chrono::hours(1));
  EXPECT_THAT(backups(journal_with({whole, refused})), ElementsAre(whole, refused));
}

TEST(Journal, KeepsWhatAnotherRunHasDone) {
  auto record = refused_record("i-0a1b2c3d", first_night);
  record.outcome = "done_elsewhere";
  record.error_kind = record.error_message = record.error_hint = record.error_code = "";
  EXPECT_THAT(backups(journal_with({record})), ElementsAre(record));
}

TEST(Journal, FindsAPolicyAmongSeveral) {
  auto one = sample_record();
  one.policy = "all web";
  auto other = sample_record();
  other.policy = "web-2";
  const auto journal = journal_with({one, other});
  EXPECT_THAT(backups(journal, {.policy = "web"}), ElementsAre(one));
  EXPECT_THAT(backups(journal, {.policy = "all"}), ElementsAre(one));
  EXPECT_THAT(backups(journal, {.policy = "web-2"}), ElementsAre(other));
  EXPECT_THAT(backups(journal, {.policy = "we"}), IsEmpty());
}

TEST(Journal, KeepsTextsAsTheyAre) {
  auto record = sample_record();
  record.name = R"(<a> & "b" 'c'; DROP TABLE backup; -- 🏁)";
  record.error_message = "not UTF-8: \xff, a zero: \0, a line\nend"s;
  EXPECT_THAT(backups(journal_with({record})), ElementsAre(record));
}

TEST(Journal, RemembersWhenItIsOpenedAgain) {
  const TemporaryDirectory directory;
  const auto record = sample_record();
  {
    auto journal = Journal::open(directory / "state");
    ASSERT_TRUE(journal) << journal.error().message;
    ASSERT_TRUE(journal->add(record));
  }
  const auto again = Journal::open(directory / "state");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(backups(*again), ElementsAre(record));
}

TEST(Journal, MayBeOpenSeveralTimes) {
  const TemporaryDirectory directory;
  auto one = Journal::open(directory / "state");
  auto other = Journal::open(directory / "state");
  ASSERT_TRUE(one && other);
  const auto first = sample_record();
  const auto second = sample_record("i-0a1b2c3d", first_night + day);
  ASSERT_TRUE(one->add(first));
  ASSERT_TRUE(other->add(second));
  EXPECT_THAT(backups(*one), ElementsAre(first, second));
}

TEST(Journal, KeepsTwoBackupsThatAreAlike) {
  const auto record = sample_record();
  EXPECT_THAT(backups(journal_with({record, record})), ElementsAre(record, record));
}

class JournalOfThreeNights : public testing::Test {
 protected:
  BackupRecord first = sample_record("i-00000001", first_night);
  BackupRecord second = sample_record("i-00000002", first_night + day);
  BackupRecord third = sample_record("i-00000001", first_night + 2 * day);
  Journal journal = journal_with({third, first, second});
};

TEST_F(JournalOfThreeNights, IsReadInTheOrderOfTheBeginnings) {
  EXPECT_THAT(backups(journal), ElementsAre(first, second, third));
}

TEST_F(JournalOfThreeNights, IsReadByInstance) {
  EXPECT_THAT(backups(journal, {.instances = {first.instance}}), ElementsAre(first, third));
  EXPECT_THAT(backups(journal, {.instances = {second.instance, first.instance}}),
              ElementsAre(first, second, third));
  EXPECT_THAT(backups(journal, {.instances = {InstanceId("i-00000003")}}), IsEmpty());
}

TEST_F(JournalOfThreeNights, IsReadByPeriodWithItsBeginningAndWithoutItsEnd) {
  EXPECT_THAT(backups(journal, {.since = second.begun}), ElementsAre(second, third));
  EXPECT_THAT(backups(journal, {.until = second.begun}), ElementsAre(first));
  EXPECT_THAT(backups(journal, {.since = first.begun, .until = third.begun}),
              ElementsAre(first, second));
  EXPECT_THAT(backups(journal, {.instances = {first.instance}, .since = second.begun}),
              ElementsAre(third));
}

int rights(const fs::path& path) {
  return static_cast<int>(fs::status(path).permissions());
}

TEST(JournalRuns, AreReadOneByOne) {
  auto later = sample_record("i-0a1b2c3d", first_night + day);
  later.run = RunId("r-later");
  const auto first = sample_record();
  const auto journal = journal_with({later, first});
  EXPECT_THAT(backups(journal, {.run = RunId("r-later")}), ElementsAre(later));
  EXPECT_THAT(backups(journal, {.run = RunId("r-0123456789ab")}), ElementsAre(first));
  EXPECT_THAT(backups(journal, {.instances = {first.instance}, .run = RunId("r-later")}),
              IsEmpty());
}

TEST(JournalRuns, AreKnownTheLatestFirst) {
  auto journal = journal_with({sample_record("i-1", first_night + Seconds(1)),
                               sample_record("i-2", first_night), sample_record("i-3")});
  OpenBackup open;
  open.run = RunId("r-open");
  open.backup = BackupId("b-1");
  open.instance = InstanceId("i-4");
  open.region = "eu-central-1";
  open.opened = first_night + day;
  open.start_when = "progress";
  open.holder = "process 1 on host-1";
  ASSERT_TRUE(journal.open_backup(open));
  const auto runs = journal.runs();
  ASSERT_TRUE(runs) << runs.error().message;
  EXPECT_THAT(*runs, ElementsAre(RunRecord{RunId("r-open"), first_night + day, 0, 1},
                                 RunRecord{RunId("r-0123456789ab"), first_night, 3, 0}));
  EXPECT_THAT(*Journal::in_memory().runs(), IsEmpty());
}

TEST(JournalFiles, AreForThisUserAlone) {
  const TemporaryDirectory directory;
  const auto state = directory / "a" / "b";
  EXPECT_FALSE(Journal::exists_in(state));
  auto journal = Journal::open(state);
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_TRUE(journal->add(sample_record()));
  EXPECT_TRUE(Journal::exists_in(state));
  EXPECT_EQ(rights(directory / "a"), 0700);
  EXPECT_EQ(rights(state), 0700);
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(state)) {
    EXPECT_EQ(rights(file), 0600) << file;
    names.push_back(file.path().filename());
  }
  EXPECT_THAT(names,
              testing::UnorderedElementsAre("journal.db", "journal.db-wal", "journal.db-shm"));
}

TEST(JournalFiles, LieInADirectoryThatIsThereAsItIs) {
  const TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms(0755));
  ASSERT_TRUE(Journal::open(directory.path()));
  EXPECT_EQ(rights(directory.path()), 0755);
}

TEST(JournalFiles, MayBeNamedRelativelyAndWithASlash) {
  const TemporaryDirectory directory;
  const auto before = fs::current_path();
  fs::current_path(directory.path());
  EXPECT_TRUE(Journal::open("state/"));
  EXPECT_TRUE(Journal::open("state"));
  EXPECT_TRUE(Journal::open("."));
  fs::current_path(before);
}

}  // namespace
}  // namespace pitstop
