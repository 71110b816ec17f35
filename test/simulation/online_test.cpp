// Backups without a stop, before the simulated EC2.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "sim/cloud/volumes.hpp"
#include "simulation/crashes.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Takes a volume away when all has been looked at.
class Remover final : public Observer {
 public:
  Remover(SimulatedWorld& world, VolumeId volume) : world_(world), volume_(std::move(volume)) {}

  void saw(const Event& event) override {
    if (event.step == Step::snapshots_requested) {
      ASSERT_TRUE(sim::delete_volume(world_.region(), volume_));
    }
  }
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {}
  bool wants_progress() const override { return false; }

 private:
  SimulatedWorld& world_;
  VolumeId volume_;
};

class OnlineInTheCloud : public testing::Test {
 protected:
  void begin(sim::Scenario scenario = one_quick_server()) { world.emplace(std::move(scenario)); }

  const sim::Instance& server() { return world->region().instances.begin()->second; }

  VolumeId volume_at(const std::string& device) {
    return std::ranges::find(server().attachments, device, &sim::Attachment::device)->volume;
  }

  /// Nothing has happened to the server, and the snapshots say what they are worth.
  void expect_good(const BackupOutcome& outcome, const std::string& worth) {
    ASSERT_EQ(outcome.outcome, Outcome::completed) << (outcome.error ? outcome.error->message : "");
    EXPECT_EQ(to_string(*outcome.consistency), worth);
    EXPECT_TRUE(outcome.went_on);
    EXPECT_FALSE(outcome.downtime);
    EXPECT_THAT(server().history, SizeIs(1));
    for (const auto* action : {"StopInstances", "StartInstances", "DeleteTags"}) {
      EXPECT_EQ(world->simulator.calls(action), 0) << action;
    }
    for (const auto& [id, snapshot] : world->region().snapshots) {
      EXPECT_EQ(snapshot.tags.at("pitstop:consistency"), worth);
      EXPECT_EQ(snapshot.tags.at("pitstop:backup"), outcome.backup.str());
    }
    EXPECT_EQ(world->region().snapshots.size(), outcome.snapshots.size());
    EXPECT_THAT(left_after_recovery(*world), IsEmpty());
  }

  std::optional<SimulatedWorld> world;
};

TEST_F(OnlineInTheCloud, StopsNothing) {
  begin();
  const auto outcome = world->back_up({.approach = Approach::online})->front();
  expect_good(outcome, "crash");
  EXPECT_THAT(outcome.snapshots, SizeIs(2));
}

TEST_F(OnlineInTheCloud, MindsNothingThatSpeaksAgainstAStopOnly) {
  auto scenario = one_quick_server();
  add_rotation(scenario);
  scenario.servers.front().stop_protection = true;
  scenario.servers.front().public_ip = true;
  scenario.denied_actions = {"StartInstances", "StopInstances"};
  begin(scenario);
  const auto checked = world->check({.approach = Approach::online});
  EXPECT_THAT(checked.front().findings, IsEmpty());
  world.emplace(scenario);
  expect_good(world->back_up({.approach = Approach::online})->front(), "crash");
}

TEST_F(OnlineInTheCloud, LeavesTheRootToItselfWhereTheOthersAreUnmounted) {
  begin();
  const auto outcome = world->back_up({.approach = Approach::unmounted})->front();
  expect_good(outcome, "unmounted");
  ASSERT_THAT(outcome.snapshots, SizeIs(1));
  EXPECT_EQ(outcome.snapshots.front().snapshot.volume, volume_at("/dev/sdf"));
}

TEST_F(OnlineInTheCloud, HasNothingToTakeWhereThereIsNothingButARoot) {
  auto scenario = one_quick_server();
  scenario.servers.front().volumes.pop_back();
  begin(scenario);
  const auto outcome = world->back_up({.approach = Approach::unmounted})->front();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("no volume to back up"));
  EXPECT_THAT(world->region().snapshots, IsEmpty());
}

TEST_F(OnlineInTheCloud, TakesOneSetWhateverBecomesOfTheCall) {
  for (const auto kind : {sim::FaultKind::lost_reply, sim::FaultKind::late,
                          sim::FaultKind::internal_error, sim::FaultKind::cut_reply}) {
    auto scenario = one_quick_server();
    scenario.faults.scripted = {{.action = "CreateSnapshots", .nth = 1, .kind = kind}};
    begin(scenario);
    expect_good(world->back_up({.approach = Approach::online})->front(), "crash");
    EXPECT_THAT(world->faults.unused(), IsEmpty());
  }
}

TEST_F(OnlineInTheCloud, TakesWhatIsAttachedToNothingIntoTheSameBackup) {
  begin();
  const auto spare = detached_volume(*world);
  const auto outcome =
      world->back_up({.approach = Approach::unmounted, .detached_volumes = {spare}})->front();
  expect_good(outcome, "unmounted");
  ASSERT_THAT(outcome.snapshots, SizeIs(2));
  const auto& taken = outcome.snapshots.front();
  EXPECT_EQ(taken.snapshot.volume, spare);
  EXPECT_EQ(taken.device, "");
  const auto& tags = world->region().snapshots.at(taken.snapshot.id).tags;
  EXPECT_EQ(tags.at("disk"), "archive");
  EXPECT_EQ(tags.count("pitstop:device"), 0U);
}

TEST_F(OnlineInTheCloud, TakesWhatIsAttachedToNothingWhereNothingElseIsTaken) {
  auto scenario = one_quick_server();
  scenario.servers.front().volumes.pop_back();
  begin(scenario);
  const auto outcome = world
                           ->back_up({.approach = Approach::unmounted,
                                      .detached_volumes = {detached_volume(*world)}})
                           ->front();
  expect_good(outcome, "unmounted");
  EXPECT_THAT(outcome.snapshots, SizeIs(1));
  EXPECT_EQ(world->simulator.calls("CreateSnapshots"), 0);
}

TEST_F(OnlineInTheCloud, TakesADetachedVolumeOnceWhateverBecomesOfTheCall) {
  for (const auto kind : {sim::FaultKind::lost_reply, sim::FaultKind::late,
                          sim::FaultKind::internal_error, sim::FaultKind::cut_reply}) {
    auto scenario = one_quick_server();
    scenario.faults.scripted = {{.action = "CreateSnapshot", .nth = 1, .kind = kind}};
    begin(scenario);
    const auto spare = detached_volume(*world);
    expect_good(
        world->back_up({.approach = Approach::unmounted, .detached_volumes = {spare}})->front(),
        "unmounted");
    EXPECT_THAT(world->faults.unused(), IsEmpty());
  }
}

TEST_F(OnlineInTheCloud, ADetachedVolumeThatIsNotIsRefused) {
  begin();
  const auto elsewhere = volume_at("/dev/sdf");
  for (const auto& [volume, why] : std::map<VolumeId, std::string>{
           {elsewhere, "is attached to"}, {VolumeId("vol-0123456789abcdef0"), "there is no"}}) {
    const auto outcome =
        world->back_up({.approach = Approach::unmounted, .detached_volumes = {volume}})->front();
    EXPECT_EQ(outcome.outcome, Outcome::refused);
    EXPECT_THAT(outcome.error->message, HasSubstr(why));
  }
  EXPECT_THAT(world->region().snapshots, IsEmpty());
}

TEST_F(OnlineInTheCloud, TheOthersStayWhenADetachedVolumeIsGone) {
  begin();
  const auto spare = detached_volume(*world);
  Remover remover(*world, spare);
  world->observer = &remover;
  const auto outcome =
      world->back_up({.approach = Approach::unmounted, .detached_volumes = {spare}})->front();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_THAT(outcome.error->message, HasSubstr("no snapshot of " + spare.str()));
  EXPECT_THAT(outcome.snapshots, SizeIs(1));
}

TEST_F(OnlineInTheCloud, WhoMayTakeNoSnapshotsIsToldSo) {
  auto scenario = one_quick_server();
  scenario.denied_actions = {"CreateSnapshots"};
  begin(scenario);
  const auto outcome = world->back_up({.approach = Approach::online})->front();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("CreateSnapshots"));
}

TEST_F(OnlineInTheCloud, AServerThatIsStoppedIsTakenAsItIs) {
  auto scenario = one_quick_server();
  scenario.servers.front().stopped = true;
  begin(scenario);
  const auto outcome = world->back_up({.approach = Approach::online})->front();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_FALSE(outcome.went_on);
  EXPECT_THAT(server().history, SizeIs(1));
}

}  // namespace
}  // namespace pitstop::test
