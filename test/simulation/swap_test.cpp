// A restore in place: the volumes of a server exchanged in its pit stop.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/swap.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/truth.hpp"
#include "sim/cloud/volumes.hpp"
#include "simulation/crashes.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;

class SwapInPlace : public testing::Test {
 protected:
  explicit SwapInPlace(const sim::Scenario& scenario = one_quick_server()) : world(scenario) {
    server = world.servers().front();
    old = attachments();
    swap = swap_to_the_past(world);
  }

  std::map<std::string, VolumeId> attachments() {
    std::map<std::string, VolumeId> by_device;
    for (const auto& attachment : world.region().instances.at(server).attachments) {
      by_device[attachment.device] = attachment.volume;
    }
    return by_device;
  }

  sim::InstanceState state() { return world.region().instances.at(server).state(); }
  sim::Volume& volume(const VolumeId& id) { return world.region().volumes.at(id); }

  BackupOutcome restore(BackupOptions options = {}) {
    options.swap = swap;
    const auto outcomes = world.back_up(options);
    EXPECT_TRUE(outcomes);
    return outcomes->front();
  }

  void expect_old_volumes() {
    EXPECT_EQ(attachments(), old);
    for (const auto& [id, each] : world.region().volumes) {
      EXPECT_TRUE(each.deleted || !each.attached_to.empty()) << id.str();
      EXPECT_FALSE(each.tags.contains(replaced_by_tag_key)) << id.str();
    }
  }

  SimulatedWorld world;
  InstanceId server;
  std::map<std::string, VolumeId> old;
  Swap swap;
};

TEST_F(SwapInPlace, GivesTheServerWhatTheSnapshotsCaught) {
  const auto& root = volume(old.at("/dev/xvda"));
  const auto outcome = restore();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(outcome.swapped, SwapState::now);
  EXPECT_EQ(state(), sim::InstanceState::running);
  for (const auto& swapped : swap.volumes) {
    const auto& made = volume(attachments().at(swapped.device));
    const auto& caught = world.region().snapshots.at(swapped.request->from).caught;
    EXPECT_EQ(made.made_from, swapped.request->from);
    EXPECT_EQ(made.contents.lineage, caught.lineage);
    EXPECT_GT(made.contents.writes, caught.writes);  // the server has mounted it
    EXPECT_FALSE(made.tags.contains(swapped_in_tag_key));
  }
  EXPECT_TRUE(root.attached_to.empty());
  EXPECT_FALSE(root.deleted);
  EXPECT_EQ(root.tags.at(replaced_by_tag_key), swap.restore.str());
  EXPECT_EQ(root.tags.at(replaced_place_tag_key), "/dev/xvda goes " + server.str());
}

TEST_F(SwapInPlace, TakesABackupOfWhatIsThereFirst) {
  const auto outcome = restore();
  ASSERT_EQ(outcome.snapshots.size(), 2U);
  for (const auto& taken : outcome.snapshots) {
    EXPECT_EQ(world.region().snapshots.at(taken.snapshot.id).volume, old.at(taken.device));
  }
  EXPECT_EQ(outcome.consistency, Consistency::at_rest);
}

TEST_F(SwapInPlace, TakesNoneIfNoneIsWanted) {
  swap.safety_backup = false;
  const auto before = world.region().snapshots.size();
  const auto outcome = restore();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(outcome.swapped, SwapState::now);
  EXPECT_EQ(world.region().snapshots.size(), before);
}

TEST_F(SwapInPlace, KeepsWhetherAVolumeGoesWithTheServer) {
  swap.volumes[0].delete_on_termination = true;
  swap.volumes[1].delete_on_termination = false;
  restore();
  for (const auto& attachment : world.region().instances.at(server).attachments) {
    EXPECT_EQ(attachment.delete_on_termination, attachment.device == swap.volumes[0].device);
  }
}

TEST_F(SwapInPlace, DropsTheOldVolumesIfThatIsWanted) {
  swap.drops_old = true;
  restore();
  EXPECT_TRUE(volume(old.at("/dev/xvda")).deleted);
  EXPECT_TRUE(volume(old.at("/dev/sdf")).deleted);
}

TEST_F(SwapInPlace, MakesTheVolumesBeforeTheStop) {
  restore();
  const auto outage = sim::outages_of(world.region(), server).front();
  for (const auto& [device, id] : attachments()) {
    EXPECT_LT(volume(id).created, outage.stop_accepted) << device;
  }
}

/// What EC2 will never do is not waited for while the server is down.
TEST_F(SwapInPlace, PutsEverythingBackAtOnceWhenAVolumeCanNeverBeAttached) {
  // The volumes were made in the zone of the server, and by the time of the stop they are not.
  world.region().observers.emplace_back([&](const sim::Instance& instance) {
    for (auto& [id, each] : world.region().volumes) {
      const bool is_new = each.tags.contains(swapped_in_tag_key);
      if (is_new && instance.state() == sim::InstanceState::stopping) {
        each.zone = "us-east-1z";
      }
    }
  });
  const auto outcome = restore();
  EXPECT_EQ(outcome.swapped, SwapState::old);
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->message, HasSubstr("cannot be exchanged"));
  EXPECT_EQ(state(), sim::InstanceState::running);
  EXPECT_EQ(attachments(), old);
  EXPECT_LT(*outcome.downtime, std::chrono::minutes(1));
}

TEST_F(SwapInPlace, LeavesTheServerAloneIfAVolumeCannotBeMade) {
  world.region().snapshots.at(swap.volumes[1].request->from).deleted = world.time.now();
  const auto outcome = restore();
  EXPECT_NE(outcome.outcome, Outcome::completed);
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->message, HasSubstr("the volumes that are to come in"));
  EXPECT_TRUE(sim::outages_of(world.region(), server).empty());
  expect_old_volumes();
}

TEST_F(SwapInPlace, LeavesTheServerAloneIfItHasOtherVolumesByNow) {
  ASSERT_TRUE(sim::detach_volume(world.region(), old.at("/dev/sdf"), server));
  const auto outcome = restore();
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->message, HasSubstr("has nothing at /dev/sdf now, and had vol-"));
  EXPECT_TRUE(sim::outages_of(world.region(), server).empty());
  EXPECT_EQ(world.region().volumes.size(), 2U);
}

class SwapThatFails : public SwapInPlace {
 protected:
  SwapThatFails() : SwapInPlace(scenario()) {}

  /// For longer than an exchange may take.
  static sim::Scenario scenario() {
    auto scenario = one_quick_server();
    scenario.faults.scripted = {
        {.action = "AttachVolume", .nth = 1, .times = 560, .kind = sim::FaultKind::denied}};
    return scenario;
  }
};

TEST_F(SwapThatFails, IsTakenBackAndTheServerRuns) {
  const auto outcome = restore();
  EXPECT_EQ(outcome.swapped, SwapState::old);
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->message, HasSubstr("cannot be exchanged"));
  EXPECT_EQ(state(), sim::InstanceState::running);
  EXPECT_EQ(outcome.snapshots.size(), 2U);
  expect_old_volumes();
}

/// Whatever befalls the calls: everything old, or everything new, and the outcome says which.
TEST(SwapSeeds, EndInOneOfTwoStates) {
  int exchanged = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    auto scenario = one_quick_server();
    scenario.seed = seed;
    scenario.consistency.late_looks = 0.2;
    scenario.faults.random.parts = {
        {sim::FaultKind::throttled, 0.05},    {sim::FaultKind::unavailable, 0.04},
        {sim::FaultKind::lost_reply, 0.04},   {sim::FaultKind::internal_error, 0.03},
        {sim::FaultKind::lost_request, 0.03}, {sim::FaultKind::denied, 0.004},
        {sim::FaultKind::late, 0.01}};
    SimulatedWorld world(scenario);
    BackupOptions options{.wait = false};
    options.swap = swap_to_the_past(world);
    const auto outcomes = world.back_up(options);
    ASSERT_TRUE(outcomes) << seed;
    if (outcomes->empty()) {
      continue;  // EC2 could not be asked for the server
    }
    const auto& outcome = outcomes->front();
    world.wait(std::chrono::minutes(10));
    const auto& server = world.region().instances.begin()->second;
    EXPECT_EQ(server.state(), sim::InstanceState::running) << seed;
    EXPECT_EQ(server.attachments.size(), 2U) << seed;
    const bool is_new = outcome.swapped == SwapState::now;
    for (const auto& attachment : server.attachments) {
      const auto& volume = world.region().volumes.at(attachment.volume);
      EXPECT_EQ(!volume.made_from.empty(), is_new) << seed;
    }
    exchanged += is_new ? 1 : 0;
  }
  EXPECT_GT(exchanged, 20);
}

TEST_F(SwapInPlace, OfAServerThatIsFoundStoppedLeavesItStopped) {
  auto scenario = one_quick_server();
  scenario.servers.front().stopped = true;
  SimulatedWorld stopped(scenario);
  BackupOptions options;
  options.swap = swap_to_the_past(stopped);
  const auto outcome = stopped.back_up(options)->front();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(outcome.swapped, SwapState::now);
  const auto& instance = stopped.region().instances.begin()->second;
  EXPECT_EQ(instance.state(), sim::InstanceState::stopped);
  for (const auto& attachment : instance.attachments) {
    EXPECT_FALSE(stopped.region().volumes.at(attachment.volume).made_from.empty());
  }
}

TEST_F(SwapInPlace, IsTakenBackInTheSameWay) {
  restore();
  const auto present = attachments();
  Swap back{.restore = RestoreId("rs-00000000000b"), .volumes = {}, .safety_backup = false};
  for (const auto& [device, id] : old) {
    back.volumes.push_back({.device = device, .out = present.at(device), .in = id});
  }
  swap = back;
  const auto outcome = restore();
  EXPECT_EQ(outcome.swapped, SwapState::now);
  EXPECT_EQ(attachments(), old);
  EXPECT_EQ(volume(present.at("/dev/sdf")).tags.at(replaced_by_tag_key), "rs-00000000000b");
}

}  // namespace
}  // namespace pitstop::test
