// Who may only call CreateTags: what recovery does by tags that no run of pitstop has written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/down_tag.hpp"
#include "backup/priming.hpp"
#include "backup/rotation.hpp"
#include "backup/swap.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/reservations.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/volumes.hpp"
#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// All that changes anything but the state of a stopped server, or a tag of its own.
constexpr std::array harmful{"StopInstances",     "AttachVolume",    "DetachVolume",
                             "DeleteVolume",      "CreateVolume",    "DeleteSnapshot",
                             "DeregisterImage",   "RegisterTargets", "DeregisterTargets",
                             "ExitStandby",       "EnterStandby",    "CancelCapacityReservation",
                             "DeleteSchedule",    "CreateTags",      "DisableFastSnapshotRestores",
                             "TerminateInstances"};

class ForgedTags : public testing::Test {
 protected:
  void begin(sim::Scenario scenario = one_quick_server()) {
    world.emplace(std::move(scenario));
    observer.emplace(world->time);
    world->observer = &*observer;
    server = world->servers().front();
    world->wait(std::chrono::hours(3));
  }

  sim::Instance& instance() { return world->region().instances.at(server); }

  /// Of a run that began and ended so long ago.
  void claim(Duration since, Duration until, std::optional<RestoreId> restore = {},
             bool with_everything = false) {
    const auto at = [&](Duration ago) {
      return world->time.wall() - std::chrono::floor<Milliseconds>(ago);
    };
    instance().tags[down_tag_key] = to_text({.run = run,
                                             .since = at(since),
                                             .until = at(until),
                                             .host = "host-9",
                                             .guarded = with_everything,
                                             .reserved = with_everything,
                                             .swap = restore});
  }

  void stop() {
    ASSERT_TRUE(sim::stop_instances(world->region(), {server}, sim::StopManner::orderly));
  }

  VolumeId stray_volume() {
    return *sim::create_volume(world->region(), {}, instance().settings.zone, "stray");
  }

  /// However often, and whoever is said to be gone: nothing happens but a start.
  void expect_no_harm() {
    for (const bool take_over : {false, true, false}) {
      ASSERT_TRUE(world->recover({.take_over = take_over}));
    }
    for (const auto* action : harmful) {
      EXPECT_EQ(world->simulator.calls(action), 0) << action;
    }
  }

  const RunId run{"r-forged"};
  const RestoreId restore{"rs-forged"};
  std::optional<SimulatedWorld> world;
  std::optional<RecordingObserver> observer;
  InstanceId server;
};

TEST_F(ForgedTags, DeleteNoVolume) {
  begin();
  claim(std::chrono::hours(2), std::chrono::hours(1), restore);
  for (const auto* made : {"made", "found"}) {
    const auto stray = stray_volume();
    world->region().volumes.at(stray).tags = {
        {swapped_in_tag_key, restore.str()},
        {swapped_in_place_tag_key,
         std::string("/dev/xvdg - goes stays ") + made + " " + server.str()},
        {"pitstop:restore", restore.str()}};
    expect_no_harm();
    EXPECT_FALSE(world->region().volumes.at(stray).deleted);
    EXPECT_THAT(world->recovered.empty() ? std::vector<std::string>()
                                         : world->recovered.front().left_behind,
                testing::Not(IsEmpty()))
        << "it is told";
  }
}

TEST_F(ForgedTags, ReplaceNoVolume) {
  for (const bool is_stopped : {false, true}) {
    begin();
    if (is_stopped) {
      stop();
      world->wait(std::chrono::minutes(5));
    }
    claim(std::chrono::hours(2), std::chrono::minutes(1), restore);
    const auto root = instance().attachments.front().volume;
    const auto stray = stray_volume();
    world->region().volumes.at(stray).tags = {
        {swapped_in_tag_key, restore.str()},
        {swapped_in_place_tag_key, "/dev/xvda " + root.str() + " goes goes made " + server.str()}};
    expect_no_harm();
    EXPECT_EQ(instance().attachments.front().volume, root);
  }
}

/// It looks half exchanged: nobody but a person who names the restore goes on, and EC2's facts
/// speak against it even then.
TEST_F(ForgedTags, AreNotSupportedWhereAPersonNamesTheRestore) {
  begin();
  const auto stray = stray_volume();
  ASSERT_TRUE(sim::attach_volume(world->region(), stray, server, "/dev/sdg"));
  claim(std::chrono::hours(1), std::chrono::minutes(30), restore);
  world->region().volumes.at(stray).tags = {
      {swapped_in_tag_key, restore.str()},
      {swapped_in_place_tag_key, "/dev/xvda " + instance().attachments.front().volume.str() +
                                     " goes goes made " + server.str()}};
  expect_no_harm();
  ASSERT_TRUE(world->recover({.restore = restore, .take_over = true}));
  EXPECT_THAT(world->left_alone, testing::Contains(server));
  EXPECT_THAT(observer->warnings(), IsEmpty());
  for (const auto* action : harmful) {
    EXPECT_EQ(world->simulator.calls(action), 0) << action;
  }
}

TEST_F(ForgedTags, StartNothingThatWasStoppedOnPurpose) {
  begin();
  stop();
  world->wait(std::chrono::hours(3));
  claim(std::chrono::hours(2), std::chrono::hours(1));
  expect_no_harm();
  EXPECT_EQ(world->simulator.calls("StartInstances"), 0);
  EXPECT_THAT(world->left_alone, testing::Contains(server)) << "it is told";
  EXPECT_TRUE(instance().tags.contains(down_tag_key));
}

/// A tag that stays where it could not be removed says nothing of what somebody does later.
TEST_F(ForgedTags, StartNothingThatWasStoppedLater) {
  begin();
  claim(std::chrono::hours(2), std::chrono::hours(1));
  stop();
  world->wait(std::chrono::minutes(5));
  expect_no_harm();
  EXPECT_EQ(world->simulator.calls("StartInstances"), 0);
}

TEST_F(ForgedTags, RegisterNoTargetAndEndNoStandby) {
  auto scenario = one_quick_server();
  add_rotation(scenario);
  begin(scenario);
  claim(std::chrono::hours(2), std::chrono::hours(1));
  const auto& groups = world->simulator.load_balancing().groups();
  for (const auto& [name, group] : groups) {
    instance().tags[rotation_tag_key] = "standby " + name + "/0123456789abcdef:22";
    expect_no_harm();
  }
  EXPECT_THAT(observer->warnings(), HasSubstr("is left out of rotation: only its tag"));
}

TEST_F(ForgedTags, CountNoOutageThatEc2DoesNotShow) {
  begin();
  claim(std::chrono::hours(2), std::chrono::hours(1));
  const auto before = world->time.now();
  ASSERT_TRUE(world->recover());
  EXPECT_LT(world->time.now() - before, Seconds(60));
  ASSERT_EQ(world->recovered.size(), 1U);
  EXPECT_FALSE(world->recovered.front().downtime) << "it has run all the time";
  EXPECT_FALSE(instance().tags.contains(down_tag_key));
  EXPECT_THAT(*world->journal.backups(), IsEmpty()) << "a tag is no backup that has failed";
}

TEST_F(ForgedTags, DeleteNoSnapshot) {
  begin();
  const auto volume = instance().attachments.front().volume;
  const sim::SnapshotSpecification specification{
      "golden",
      {{"pitstop:run", run.str()}, {"pitstop:instance", server.str()}, {prime_tag_key, "remove"}}};
  const auto set = sim::create_snapshots(world->region(), {volume}, {specification});
  ASSERT_TRUE(set);
  world->wait(std::chrono::hours(1));
  claim(std::chrono::hours(2), std::chrono::hours(1));
  expect_no_harm();
  EXPECT_FALSE(world->region().snapshots.at(set->front()).deleted);
}

/// Not even by the run that it names, which is alive, or has left its entry in the journal.
TEST_F(ForgedTags, DeleteNoSnapshotOfSomebodyElse) {
  begin();
  const auto volume = instance().attachments.front().volume;
  const sim::SnapshotSpecification specification{"golden", {}};
  const auto golden = sim::create_snapshots(world->region(), {volume}, {specification})->front();
  world->wait(std::chrono::hours(1));
  observer->on_event = [&](const Event& event) {
    if (event.step == Step::primed) {
      auto& tags = world->region().snapshots.at(golden).tags;
      for (const auto& [id, snapshot] : world->region().snapshots) {
        if (snapshot.tags.contains(prime_tag_key)) {
          tags = snapshot.tags;
        }
      }
    }
  };
  EXPECT_EQ(world->back_up({.prime = true})->front().outcome, Outcome::completed);
  EXPECT_FALSE(world->region().snapshots.at(golden).deleted);
  EXPECT_EQ(world->simulator.calls("DeleteSnapshot"), 2) << "its own are gone";
}

TEST_F(ForgedTags, CancelNoReservationThatIsNoRuns) {
  begin();
  sim::CapacityReservation big;
  big.id = "cr-big";
  big.instance_type = instance().settings.type;
  big.platform = instance().settings.platform_details;
  big.zone = instance().settings.zone;
  big.total = 1;
  big.created = world->region().now();
  big.tags = {{"pitstop:run", run.str()}, {"pitstop:instance", server.str()}};
  world->region().reservations[big.id] = big;
  claim(std::chrono::hours(2), std::chrono::hours(1), {}, true);
  expect_no_harm();
  EXPECT_EQ(world->region().reservations.at("cr-big").state, "active");
}

/// The tag does not say when, or says what no run writes: it is in nobody's way.
TEST_F(ForgedTags, BlockNoBackupForEver) {
  for (const auto* text : {"r-1 2026-01-01T00:00:00Z 2999-01-01T00:00:00Z host-9",
                           "r-1 2998-01-01T00:00:00Z 2998-01-01T01:00:00Z host-9",
                           "r-1 0001-01-01T00:00:00Z 0001-01-01T01:00:00Z host-9", "yes"}) {
    begin();
    instance().tags[down_tag_key] = text;
    expect_no_harm();
    EXPECT_THAT(world->left_alone, testing::Contains(server)) << "it is told";
    const auto outcome = world->back_up()->front();
    EXPECT_EQ(outcome.outcome, Outcome::completed) << text;
    EXPECT_FALSE(instance().tags.contains(down_tag_key));
  }
}

/// A server that is down, and whose tag somebody has overwritten, is not taken for one that was
/// found stopped.
TEST_F(ForgedTags, HideNoServerThatIsDown) {
  begin();
  stop();
  world->wait(std::chrono::minutes(1));
  instance().tags[down_tag_key] = "nothing to see here";
  const auto outcome = world->back_up()->front();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_EQ(outcome.error->kind, ErrorKind::held);
  EXPECT_TRUE(instance().tags.contains(down_tag_key));
}

/// With the journal of this host the volumes that it names count.
TEST_F(ForgedTags, AddNoVolumeToARestoreOfThisHost) {
  begin();
  VolumeId stray;
  observer->on_event = [&](const Event& event) {
    if (event.step == Step::stop_requested) {
      stray = stray_volume();
      world->region().volumes.at(stray).tags = {
          {swapped_in_tag_key, "rs-0123456789ab"},
          {swapped_in_place_tag_key, "/dev/sdg - goes stays made " + server.str()},
          {"pitstop:restore", "rs-0123456789ab"}};
      world->time.kill();
    }
  };
  world->killing = {.at_moment = std::numeric_limits<int>::max()};
  BackupOptions options;
  options.swap = swap_to_the_past(*world);
  EXPECT_FALSE(world->back_up(options));
  world->killing = {};
  observer->on_event = nullptr;
  ASSERT_TRUE(world->recover());
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  EXPECT_FALSE(world->region().volumes.at(stray).deleted);
  EXPECT_EQ(instance().attachments.size(), 2U);
  EXPECT_THAT(*world->journal.open_backups(), IsEmpty());
}

/// Half exchanged, and the credentials may not go on: nothing that runs is stopped for it.
TEST_F(ForgedTags, WhatMayNotBeFinishedStopsNothing) {
  begin();
  observer->on_event = [&](const Event& event) {
    if (event.step == Step::volumes_swapped) {
      world->time.kill();
    }
  };
  world->killing = {.at_moment = std::numeric_limits<int>::max()};
  BackupOptions options;
  options.swap = swap_to_the_past(*world);
  EXPECT_FALSE(world->back_up(options));
  world->killing = {};
  observer->on_event = nullptr;
  world->wait(std::chrono::minutes(5));
  auto& region = world->region();
  if (instance().state() != sim::InstanceState::running) {
    const auto started = sim::start_instances(region, {server});
    ASSERT_TRUE(started) << started.error().message;
    world->wait(std::chrono::minutes(5));
  }
  ASSERT_EQ(instance().state(), sim::InstanceState::running);
  ASSERT_EQ(instance().attachments.size(), 2U);
  const auto data = instance().attachments.front().device == "/dev/xvda"
                        ? instance().attachments.back().volume
                        : instance().attachments.front().volume;
  ASSERT_TRUE(sim::detach_volume(region, data, server));
  world->wait(std::chrono::minutes(1));
  const auto stops = world->simulator.calls("StopInstances");
  world->simulator.deny({"AttachVolume", "DetachVolume"});
  ASSERT_TRUE(world->recover());
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  EXPECT_EQ(world->simulator.calls("StopInstances"), stops);
  EXPECT_THAT(*world->journal.open_backups(), testing::SizeIs(1)) << "it is not done";
  world->simulator.deny({});
  ASSERT_TRUE(world->recover());
  EXPECT_EQ(instance().state(), sim::InstanceState::running);
  EXPECT_EQ(instance().attachments.size(), 2U);
  EXPECT_THAT(*world->journal.open_backups(), IsEmpty());
}

}  // namespace
}  // namespace pitstop::test
