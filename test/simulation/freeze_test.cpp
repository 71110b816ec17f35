// --online --freeze, before the simulated EC2 and its SSM agents.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class FreezeInTheCloud : public testing::Test {
 protected:
  void begin(sim::Scenario scenario = one_quick_server()) {
    world.emplace(std::move(scenario));
    observer.emplace(world->time);
    world->observer = &*observer;
  }

  BackupOutcome back_up() { return world->back_up({.approach = Approach::frozen})->front(); }

  bool is_root(const sim::Snapshot& snapshot) {
    const auto& server = world->region().instances.begin()->second;
    const auto* attachment = server.find(snapshot.volume);
    return attachment->device == server.settings.root_device_name;
  }

  /// Whether the tags say so, and the truth of each data volume does.
  void expect_worth(const BackupOutcome& outcome, const std::string& worth) {
    ASSERT_EQ(outcome.outcome, Outcome::completed) << (outcome.error ? outcome.error->message : "");
    EXPECT_EQ(to_string(*outcome.consistency), worth);
    EXPECT_THAT(world->region().snapshots, SizeIs(2));
    for (const auto& [id, snapshot] : world->region().snapshots) {
      EXPECT_EQ(snapshot.tags.at("pitstop:consistency"), worth);
      if (worth == "frozen" && !is_root(snapshot)) {
        EXPECT_EQ(snapshot.caught.file_system, sim::FileSystem::frozen);
      }
    }
  }

  /// Nobody's writers wait any longer.
  void expect_thawed() {
    world->wait(std::chrono::minutes(2));
    for (const auto& [id, volume] : world->region().volumes) {
      EXPECT_EQ(volume.contents.file_system, sim::FileSystem::mounted) << id.str();
    }
  }

  std::optional<SimulatedWorld> world;
  std::optional<RecordingObserver> observer;
};

TEST_F(FreezeInTheCloud, TakesTheSnapshotsWhileItIsFrozen) {
  begin();
  expect_worth(back_up(), "frozen");
  EXPECT_LT(*observer->when(Step::thawed) - *observer->when(Step::frozen), Seconds(15));
  EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
  expect_thawed();
}

TEST_F(FreezeInTheCloud, TakesNothingWhereNoAgentRuns) {
  auto scenario = one_quick_server();
  scenario.servers.front().ssm_agent = false;
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("InvalidInstanceId"));
  EXPECT_THAT(outcome.error->hint, HasSubstr("SSM agent"));
  EXPECT_THAT(world->region().snapshots, IsEmpty());
}

TEST_F(FreezeInTheCloud, TakesNothingWhereThereIsNothingToFreeze) {
  auto scenario = one_quick_server();
  scenario.servers.front().volumes.pop_back();
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("no data file system"));
  EXPECT_THAT(world->region().snapshots, IsEmpty());
}

TEST_F(FreezeInTheCloud, WhoMayNotFreezeIsToldSo) {
  auto scenario = one_quick_server();
  scenario.denied_actions = {"ssm:SendCommand"};
  begin(scenario);
  const auto outcome = back_up();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_EQ(outcome.error->kind, ErrorKind::forbidden);
  EXPECT_THAT(outcome.error->message, HasSubstr("ssm:SendCommand"));
}

TEST_F(FreezeInTheCloud, ASetThatCameTooLateDoesNotSayThatItWasFrozen) {
  auto scenario = one_quick_server();
  scenario.faults.scripted = {
      {.action = "CreateSnapshots", .nth = 1, .kind = sim::FaultKind::late}};
  begin(scenario);
  expect_worth(back_up(), "crash");
  EXPECT_THAT(observer->warnings(), HasSubstr("not frozen to the end"));
  expect_thawed();
}

TEST_F(FreezeInTheCloud, LostAnswersChangeNothing) {
  for (const auto* action : {"SendCommand", "GetCommandInvocation"}) {
    for (const auto kind : {sim::FaultKind::lost_reply, sim::FaultKind::internal_error,
                            sim::FaultKind::throttled, sim::FaultKind::cut_reply}) {
      auto scenario = one_quick_server();
      scenario.faults.scripted = {{.action = action, .nth = 1, .kind = kind}};
      begin(scenario);
      const auto outcome = back_up();
      EXPECT_THAT(world->faults.unused(), IsEmpty());
      ASSERT_EQ(outcome.outcome, Outcome::completed) << outcome.error->message;
      expect_worth(outcome, std::string(to_string(*outcome.consistency)));
      expect_thawed();
    }
  }
}

TEST_F(FreezeInTheCloud, ThawsByItselfWhereItsRunIsKilled) {
  for (int moment = 1; moment < 100; ++moment) {
    begin();
    world->killing = {.at_moment = moment, .after = true};
    if (world->back_up({.approach = Approach::frozen})) {
      EXPECT_GT(moment, 10);
      return;
    }
    world->killing = {};
    ASSERT_TRUE(world->recover());
    expect_thawed();
    EXPECT_THAT(left_after_recovery(*world), IsEmpty()) << moment;
    for (const auto& [id, snapshot] : world->region().snapshots) {
      const bool claims = snapshot.tags.at("pitstop:consistency") == "frozen";
      const bool was = snapshot.caught.file_system == sim::FileSystem::frozen;
      EXPECT_TRUE(!claims || was || is_root(snapshot)) << moment;
    }
  }
  FAIL() << "it never came to its end";
}

}  // namespace
}  // namespace pitstop::test
