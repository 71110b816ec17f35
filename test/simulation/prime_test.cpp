// --prime, before the simulated EC2.

#include "backup/priming.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Whose copy takes half an hour, and which writes little.
sim::Scenario large_server() {
  auto scenario = one_quick_server();
  for (auto& volume : scenario.servers.front().volumes) {
    volume.used_gib = 100;
  }
  return scenario;
}

class PrimeInTheCloud : public testing::Test {
 protected:
  void begin(sim::Scenario scenario) {
    world.emplace(std::move(scenario));
    observer.emplace(world->time);
    world->observer = &*observer;
  }

  BackupOutcome back_up(BackupOptions options = {}) {
    options.prime = true;
    return world->back_up(options)->front();
  }

  /// Those that are there still.
  std::vector<const sim::Snapshot*> primes() {
    std::vector<const sim::Snapshot*> found;
    for (const auto& [id, snapshot] : world->region().snapshots) {
      if (snapshot.tags.contains(prime_tag_key) && !snapshot.deleted) {
        found.push_back(&snapshot);
      }
    }
    return found;
  }

  std::optional<SimulatedWorld> world;
  std::optional<RecordingObserver> observer;
};

TEST_F(PrimeInTheCloud, SparesTheDowntimeThatCopyingTakes) {
  BackupOptions options{.start_when = StartWhen::completed, .max_downtime = std::chrono::hours(3)};
  begin(large_server());
  const auto without = *world->back_up(options)->front().downtime;
  begin(large_server());
  const auto outcome = back_up(options);
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_LT(*outcome.downtime * 10, without);
  EXPECT_LT(*observer->when(Step::primed), *observer->when(Step::stop_requested));
  EXPECT_THAT(primes(), IsEmpty());
  EXPECT_THAT(outcome.snapshots, SizeIs(2));
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

TEST_F(PrimeInTheCloud, IsKeptIfAskedFor) {
  begin(large_server());
  EXPECT_EQ(back_up({.keep_prime = true}).outcome, Outcome::completed);
  ASSERT_THAT(primes(), SizeIs(2));
  for (const auto* snapshot : primes()) {
    EXPECT_EQ(snapshot->tags.at(prime_tag_key), prime_to_keep);
    EXPECT_EQ(snapshot->tags.at("pitstop:consistency"), "crash");
    EXPECT_FALSE(snapshot->tags.contains("pitstop:backup"));
  }
  EXPECT_EQ(world->simulator.calls("DeleteSnapshot"), 0);
}

TEST_F(PrimeInTheCloud, ThatFailsStopsNothing) {
  auto scenario = large_server();
  scenario.servers.front().volumes.front().snapshot_pace.failing = 1;
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
  EXPECT_THAT(primes(), IsEmpty());
  EXPECT_THAT(*world->journal.open_backups(), IsEmpty());
}

TEST_F(PrimeInTheCloud, ThatIsInterruptedStopsNothing) {
  begin(large_server());
  observer->on_event = [this](const Event& event) {
    if (event.step == Step::priming) {
      world->interruption.request();
    }
  };
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(outcome.error->kind, ErrorKind::interrupted);
  EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
  world->wait(std::chrono::hours(2));
  EXPECT_THAT(primes(), IsEmpty());
}

TEST_F(PrimeInTheCloud, OutlivesABackupThatFails) {
  auto scenario = large_server();
  scenario.faults.scripted = {
      {.action = "CreateSnapshots", .nth = 2, .kind = sim::FaultKind::lost_request}};
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_THAT(primes(), SizeIs(2));
  for (const auto* snapshot : primes()) {
    EXPECT_EQ(snapshot->tags.at(prime_tag_key), prime_to_keep);
    EXPECT_TRUE(snapshot->tags.contains("pitstop:backup")) << "it is a backup of its own";
    EXPECT_EQ(snapshot->tags.at("pitstop:consistency"), "crash");
  }
  EXPECT_THAT(observer->warnings(), HasSubstr("kept as the backup b-"));
}

TEST_F(PrimeInTheCloud, IsFoundWhenItsReplyIsLost) {
  for (const auto kind : {sim::FaultKind::lost_reply, sim::FaultKind::cut_reply}) {
    auto scenario = large_server();
    scenario.faults.scripted = {{.action = "CreateSnapshots", .nth = 1, .kind = kind}};
    begin(scenario);
    EXPECT_EQ(back_up().outcome, Outcome::completed);
    EXPECT_EQ(world->simulator.calls("CreateSnapshots"), 2);
    EXPECT_THAT(primes(), IsEmpty());
  }
}

TEST_F(PrimeInTheCloud, IsOfNoUseToAServerThatIsStopped) {
  auto scenario = large_server();
  scenario.servers.front().stopped = true;
  begin(scenario);
  EXPECT_EQ(back_up().outcome, Outcome::completed);
  EXPECT_EQ(world->simulator.calls("CreateSnapshots"), 1);
  EXPECT_EQ(observer->count(Step::priming), 0);
}

/// Complete, and its run was killed before it had stopped anything.
TEST_F(PrimeInTheCloud, OfARunThatWasKilledIsABackupOrIsGone) {
  for (const auto step : {Step::priming, Step::primed}) {
    begin(large_server());
    observer->on_event = [&](const Event& event) {
      if (event.step == step) {
        world->time.kill();
      }
    };
    world->killing = {.at_moment = std::numeric_limits<int>::max()};
    ASSERT_FALSE(world->back_up({.prime = true}));
    world->killing = {};
    observer->on_event = nullptr;
    ASSERT_TRUE(world->recover());
    world->wait(std::chrono::hours(2));
    for (const auto* snapshot : primes()) {
      EXPECT_EQ(snapshot->tags.at(prime_tag_key), prime_to_keep);
      EXPECT_TRUE(snapshot->tags.contains("pitstop:backup"));
    }
    EXPECT_EQ(primes().size(), step == Step::primed ? 2U : 0U);
    EXPECT_THAT(*world->journal.open_backups(), IsEmpty());
  }
}

/// What costs is not forgotten because a call was refused.
TEST_F(PrimeInTheCloud, ThatCannotBeRemovedIsRemovedLater) {
  auto scenario = large_server();
  scenario.denied_actions = {"DeleteSnapshot"};
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_THAT(outcome.left_behind, testing::Contains(HasSubstr("primed a backup")));
  EXPECT_THAT(*world->journal.open_backups(), SizeIs(1));
  world->simulator.deny({});
  ASSERT_TRUE(world->recover());
  EXPECT_THAT(primes(), IsEmpty());
  EXPECT_THAT(*world->journal.open_backups(), IsEmpty());
  EXPECT_THAT(*world->journal.backups(), SizeIs(1)) << "it is one backup";
}

TEST_F(PrimeInTheCloud, ThatCannotBeRemovedIsNamed) {
  auto scenario = large_server();
  scenario.denied_actions = {"DeleteSnapshot"};
  begin(scenario);
  EXPECT_EQ(back_up().outcome, Outcome::completed);
  EXPECT_THAT(primes(), SizeIs(2));
  EXPECT_THAT(observer->warnings(), HasSubstr(primes().front()->id.str()));
}

}  // namespace
}  // namespace pitstop::test
