// What goes into the journal, and that a journal that fails changes nothing for a server.

#include "backup/recording.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <functional>

#include "base/concurrently.hpp"
#include "journal/schema.hpp"
#include "support/coroutine.hpp"
#include "support/pit_bench.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop {
namespace {

using test::PitBench;
using test::TemporaryDirectory;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

BackupRecord only_record(const PitBench& bench) {
  const auto records = bench.journal.backups();
  EXPECT_TRUE(records && records->size() == 1);
  return records && !records->empty() ? records->front() : BackupRecord();
}

TEST(Recording, HasEverythingOfAGoodBackup) {
  PitBench bench;
  const auto outcome = bench.run();
  const auto record = only_record(bench);
  EXPECT_EQ(record.run, RunId("r-test"));
  EXPECT_EQ(record.backup, outcome.backup);
  EXPECT_EQ(record.instance, bench.cloud.instance);
  EXPECT_EQ(record.name, "web-1");
  EXPECT_EQ(record.region, "us-east-1");
  EXPECT_EQ(record.begun, outcome.begun);
  EXPECT_EQ(record.outcome, "completed");
  EXPECT_EQ(record.consistency, "at-rest");
  EXPECT_EQ(record.start_when, "progress");
  EXPECT_EQ(record.gate, "progress");
  EXPECT_EQ(record.downtime, std::chrono::round<Milliseconds>(*outcome.downtime));
  EXPECT_EQ(record.phases.stop, std::chrono::round<Milliseconds>(*outcome.phases.stop));
  EXPECT_EQ(record.phases.start, std::chrono::round<Milliseconds>(*outcome.phases.start));
  EXPECT_TRUE(record.phases.snapshot && record.phases.gate);
  EXPECT_FALSE(record.left_down);
  EXPECT_EQ(record.error_kind, "");
  EXPECT_EQ(record.snapshots_completed, outcome.snapshots_completed);
  ASSERT_THAT(record.snapshots, SizeIs(3));
  EXPECT_EQ(record.snapshots[0].device, "/dev/sda1");
  EXPECT_EQ(record.snapshots[0].state, "completed");
}

/// What can be made of a record later is what it was made from.
TEST(Recording, CanBeReadAgain) {
  BackupOutcome outcome;
  outcome.backup = BackupId("b-1");
  outcome.instance = InstanceId("i-0a1b2c3d");
  outcome.outcome = Outcome::failed;
  outcome.start_when = StartWhen::completed;
  outcome.consistency = Consistency::frozen;
  outcome.gate = GateOpening::deadline;
  outcome.downtime = Seconds(41);
  outcome.phases = {.stop = Seconds(1), .snapshot = {}, .gate = Seconds(2), .start = Seconds(3)};
  SnapshotOutcome taken;
  taken.snapshot.id = SnapshotId("snap-1");
  taken.snapshot.volume = VolumeId("vol-1");
  taken.snapshot.size = ec2::Gibibytes(8);
  taken.snapshot.state = ec2::SnapshotState::recovering;
  taken.snapshot.progress = 42;
  taken.device = "/dev/sda1";
  outcome.snapshots = {taken};
  outcome.image = ImageId("ami-1");
  outcome.api_calls = 27;
  outcome.error = Error{ErrorKind::no_capacity, "no room", "wait", "InsufficientInstanceCapacity"};
  outcome.went_on = true;
  outcome.left_down = true;
  outcome.recovered = true;
  const auto record = to_record(outcome, "web-1", RunId("r-1"), "us-east-1");
  const auto again = to_outcome(record);
  EXPECT_EQ(to_record(again, "web-1", RunId("r-1"), "us-east-1"), record);
  EXPECT_EQ(again.outcome, outcome.outcome);
  EXPECT_EQ(again.start_when, outcome.start_when);
  EXPECT_EQ(again.consistency, outcome.consistency);
  EXPECT_EQ(again.gate, outcome.gate);
  EXPECT_EQ(again.error->kind, outcome.error->kind);
  EXPECT_EQ(again.snapshots[0].snapshot.state, taken.snapshot.state);
}

TEST(Recording, HasARefusalAndItsReason) {
  PitBench bench;
  bench.cloud.fail_call("DryRun:StartInstances", 1, {ErrorKind::forbidden, "denied", {}, ""});
  bench.run();
  const auto record = only_record(bench);
  EXPECT_EQ(record.outcome, "refused");
  EXPECT_TRUE(record.backup.empty());
  EXPECT_EQ(record.name, "web-1");
  EXPECT_EQ(record.error_kind, "forbidden");
  EXPECT_THAT(record.error_message, HasSubstr("denied"));
  EXPECT_GE(record.begun, WallTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)));
  EXPECT_THAT(record.snapshots, IsEmpty());
}

TEST(Recording, HasAServerThatIsLeftDown) {
  PitBench bench;
  bench.cloud.terminates_instead_of_stopping = true;
  bench.run();
  const auto record = only_record(bench);
  EXPECT_EQ(record.outcome, "failed");
  EXPECT_TRUE(record.left_down);
  EXPECT_FALSE(record.downtime);
}

TEST(Recording, ComesBeforeTheServersEndIsReported) {
  PitBench bench;
  std::size_t recorded = 0;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::finished) {
      recorded = bench.journal.backups()->size();
    }
  };
  bench.run();
  EXPECT_EQ(recorded, 1U);
}

/// A journal on disk that another process has locked.
struct LockedJournal {
  LockedJournal()
      : journal(*Journal::open(directory.path())),
        other((directory / "journal.db").string(), SQLite::OPEN_READWRITE) {
    other.exec("BEGIN IMMEDIATE");
  }

  TemporaryDirectory directory;
  Journal journal;
  SQLite::Database other;
};

BackupRecord some_record() {
  BackupRecord record;
  record.outcome = "refused";
  return record;
}

Task<void> unlock(LockedJournal& locked, Clock& clock, Duration after) {
  co_await clock.sleep(after);
  locked.other.exec("ROLLBACK");
}

Task<void> add_into(Status& added, LockedJournal& locked, Clock& clock) {
  RunLocks locks;
  JournalLogbook logbook(locked.journal, locks, clock);
  added = co_await logbook.close(some_record());
}

VIRTUAL_TEST(Recording, WaitsForALockWhileOthersGoOn) {
  LockedJournal locked;
  Status added = fail(ErrorKind::internal, "not tried");
  std::vector<Task<void>> tasks;
  tasks.push_back(add_into(added, locked, time));
  tasks.push_back(unlock(locked, time, Seconds(3)));
  co_await concurrently(std::move(tasks));
  EXPECT_TRUE(added);
  EXPECT_THAT(*locked.journal.backups(), SizeIs(1));
}

VIRTUAL_TEST(Recording, GivesUpOnALockThatIsNotLetGo) {
  LockedJournal locked;
  const Instant begun = time.now();
  Status added;
  co_await add_into(added, locked, time);
  CO_ASSERT_TRUE(!added);
  EXPECT_THAT(added.error().message, HasSubstr("is locked by another process"));
  EXPECT_GE(time.now() - begun, Seconds(5));
  EXPECT_LE(time.now() - begun, Seconds(15));
}

/// The journal is locked by another process from that step on.
void lock_at(PitBench& bench, LockedJournal& locked, Step step) {
  locked.other.exec("ROLLBACK");
  bench.journal = std::move(locked.journal);
  bench.seen.on_event = [&locked, step](const Event& event) {
    if (event.step == step) {
      locked.other.exec("BEGIN IMMEDIATE");
    }
  };
}

TEST(Recording, ThatFailsAfterTheStopIsSaidAloudAndChangesNothingElse) {
  PitBench bench;
  LockedJournal locked;
  lock_at(bench, locked, Step::stop_requested);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_FALSE(outcome.error);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_EQ(bench.seen.count(Step::finished), 1U);
  EXPECT_THAT(bench.seen.warnings(), HasSubstr("the journal does not take \"snapshots\""));
  EXPECT_THAT(bench.seen.warnings(), HasSubstr("the journal does not take \"start\""));
  EXPECT_THAT(bench.seen.warnings(),
              HasSubstr("i-0123456789abcdef0: its backup is not in the journal"));
  EXPECT_THAT(bench.seen.warnings(), HasSubstr("is locked by another process"));
  const auto warning = std::ranges::find(bench.seen.events, Step::warning, &Event::step);
  EXPECT_THAT(warning->hint, HasSubstr("fuser"));
}

/// A journal on disk whose connection the test has, too.
struct OwnJournal {
  OwnJournal() {
    auto connection = std::make_unique<SQLite::Database>(
        (directory / "journal.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    EXPECT_TRUE(bring_up_to_date(*connection, "journal.db"));
    database = connection.get();
    journal.emplace(std::move(connection));
  }

  TemporaryDirectory directory;
  SQLite::Database* database = nullptr;
  std::optional<Journal> journal;
};

/// Not another page can be had, and there is no room in those that there are.
void fill_the_disk(SQLite::Database& database) {
  database.exec("PRAGMA max_page_count = 1");  // as many as there are
  for (const int length : {2000, 200, 20, 1}) {
    SQLite::Statement filler(database,
                             "INSERT INTO mark SELECT id, 0, 'tag', :text FROM open_backup");
    filler.bind(":text", std::string(static_cast<std::size_t>(length), 'x'));
    while (filler.tryExecuteStep() == SQLITE_DONE) {
      filler.tryReset();
    }
  }
}

/// Breaks the journal when the server is going down.
void expect_the_server_back(const std::function<void(SQLite::Database&)>& break_it,
                            const std::string& complaint) {
  PitBench bench;
  OwnJournal own;
  bench.journal = std::move(*own.journal);
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::stop_requested) {
      break_it(*own.database);
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_THAT(bench.seen.warnings(), HasSubstr("the journal does not take \"start\""));
  EXPECT_THAT(bench.seen.warnings(), HasSubstr(complaint));
}

TEST(Recording, OnADiskThatIsFullAfterTheStopBringsTheServerBack) {
  expect_the_server_back(fill_the_disk, "finds no room on its disk");
}

TEST(Recording, InAJournalThatIsReadOnlyAfterTheStopBringsTheServerBack) {
  expect_the_server_back(
      [](SQLite::Database& database) { database.exec("PRAGMA query_only = ON"); }, "is read-only");
}

TEST(Recording, InAJournalThatIsGoneAfterTheStopBringsTheServerBack) {
  expect_the_server_back(
      [](SQLite::Database& database) { database.exec("DROP TABLE mark; DROP TABLE open_backup"); },
      "no such table");
}

TEST(Recording, OnADiskThatIsFullBeforeTheStopRefusesIt) {
  PitBench bench;
  OwnJournal own;
  own.database->exec(
      "INSERT INTO open_backup (id, run_id, backup_id, instance_id, name, region, opened_ms, "
      "start_when, found_stopped, holder) "
      "VALUES (1, 'r-0', 'b-0', 'i-0', '', 'us-east-1', 0, 'progress', 0, "
      "'nobody')");
  fill_the_disk(*own.database);
  bench.journal = std::move(*own.journal);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("finds no room on its disk"));
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
}

TEST(Recording, ThatFailsBeforeTheStopRefusesIt) {
  PitBench bench;
  LockedJournal locked;
  bench.journal = std::move(locked.journal);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("is locked by another process"));
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_EQ(bench.cloud.count("CreateTags"), 0U);
}

}  // namespace
}  // namespace pitstop
