// A restore in place with fast snapshot restore, whatever befalls its calls.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using testing::IsEmpty;

/// What is left of it is told of, and can be found.
TEST(FastRestoreSeeds, LeaveNothingThatCostsUnlessTheySaySo) {
  int fast = 0;
  int told = 0;
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
    RecordingObserver observer(world.time);
    world.observer = &observer;
    BackupOptions options{.wait = false};
    options.swap = swap_to_the_past(world);
    restore_fast(*options.swap);
    const auto outcomes = world.back_up(options);
    ASSERT_TRUE(outcomes) << seed;
    if (outcomes->empty()) {
      continue;  // EC2 could not be asked for the server
    }
    world.wait(std::chrono::minutes(10));
    for (const auto& [key, each] : world.region().fast_restores) {
      const auto& tags = world.region().snapshots.at(each.snapshot).tags;
      EXPECT_TRUE(!each.is_on(world.region().now()) || tags.contains(fast_restore_tag_key))
          << seed << ": " << key << " can never be found again";
    }
    const bool is_left = !left_of_fast_restore(world).empty();
    EXPECT_TRUE(!is_left || observer.count(Step::warning) > 0) << seed;
    told += is_left ? 1 : 0;
    for (const auto& [id, volume] : world.region().volumes) {
      fast += volume.fast_restored ? 1 : 0;
    }
  }
  EXPECT_GT(fast, 60);
  EXPECT_LT(told, 6);
}

TEST(FastRestoreInPlace, IsOverBeforeTheServerStops) {
  SimulatedWorld world(one_quick_server());
  RecordingObserver observer(world.time);
  world.observer = &observer;
  BackupOptions options{.wait = false};
  options.swap = swap_to_the_past(world);
  restore_fast(*options.swap);
  const auto outcomes = world.back_up(options);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(outcomes->front().swapped, SwapState::now);
  EXPECT_LT(*observer.when(Step::fast_restore_enabled), *observer.when(Step::volumes_created));
  EXPECT_LT(*observer.when(Step::fast_restore_disabled), *observer.when(Step::stop_requested));
  EXPECT_THAT(left_of_fast_restore(world), IsEmpty());
  for (const auto& attachment : world.region().instances.begin()->second.attachments) {
    EXPECT_TRUE(world.region().volumes.at(attachment.volume).fast_restored);
  }
}

}  // namespace
}  // namespace pitstop::test
