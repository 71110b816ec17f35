#include <gtest/gtest.h>

#include "cloud_bench.hpp"
#include "sim/cloud/images.hpp"

namespace pitstop::test {
namespace {

using SnapshotState = sim::SnapshotState;
using sim::FileSystem;

class CloudSnapshots : public testing::Test {
 protected:
  const sim::Snapshot& get(const sim::Answer<SnapshotId>& made) {
    return bench.region.snapshots.at(*made);
  }
  SnapshotState state(const sim::Answer<SnapshotId>& made) {
    return get(made).state_at(bench.region.now());
  }
  std::string progress(const sim::Answer<SnapshotId>& made) {
    return get(made).progress_at(bench.region.now());
  }
  void finish() { bench.pass(std::chrono::hours(1)); }

  CloudBench bench;
};

TEST_F(CloudSnapshots, ProgressIsSilentThenZeroThenInSteps) {
  bench.volume().snapshot_pace.mib_per_second = 100;
  const auto made = bench.snapshot();
  ASSERT_TRUE(made);
  EXPECT_EQ(progress(made), "");
  bench.pass(Seconds(2));
  EXPECT_EQ(progress(made), "0%");
  const auto copying = *get(made).copying;
  const Duration length = copying.ends - copying.begins;
  bench.pass(copying.past_zero - bench.region.now() - Milliseconds(1));
  EXPECT_EQ(progress(made), "0%");
  bench.pass(Milliseconds(1));
  EXPECT_EQ(progress(made), "10%");
  EXPECT_EQ(copying.past_zero, copying.begins + length / 10);
  bench.pass(length / 4);
  EXPECT_EQ(progress(made), "30%");
  EXPECT_EQ(state(made), SnapshotState::pending);
  bench.pass(copying.ends - bench.region.now());
  EXPECT_EQ(state(made), SnapshotState::completed);
  EXPECT_EQ(progress(made), "100%");
}

TEST_F(CloudSnapshots, ProgressMayJumpFromZeroTo100) {
  bench.volume().snapshot_pace.jumping = 1;
  const auto made = bench.snapshot();
  const auto copying = *get(made).copying;
  EXPECT_EQ(copying.past_zero, copying.ends);
  bench.pass(copying.ends - bench.region.now() - Milliseconds(1));
  EXPECT_EQ(progress(made), "0%");
  bench.pass(Milliseconds(1));
  EXPECT_EQ(progress(made), "100%");
}

TEST_F(CloudSnapshots, TheFirstOneCopiesAllAndTheNextOneWhatHasChanged) {
  const auto first = bench.snapshot();
  EXPECT_EQ(get(first).bytes_to_copy, std::uint64_t{2000} << 20);
  bench.pass(Seconds(100));
  const auto second = bench.snapshot();
  EXPECT_EQ(get(second).bytes_to_copy, std::uint64_t{100} << 20) << "1 MiB/s for 100 s";
}

TEST_F(CloudSnapshots, ItCatchesTheMomentOfTheCallAndNothingLater) {
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto made = bench.snapshot();
  const auto caught = get(made).caught;
  EXPECT_EQ(caught.file_system, FileSystem::clean);
  ASSERT_TRUE(bench.start());
  finish();
  EXPECT_EQ(get(made).caught, caught);
  settle(bench.region, bench.volume());
  EXPECT_GT(bench.volume().contents.writes, caught.writes);
}

TEST_F(CloudSnapshots, OneOfARunningServerCatchesMountedFileSystems) {
  EXPECT_EQ(get(bench.snapshot()).caught.file_system, FileSystem::mounted);
}

TEST_F(CloudSnapshots, ANewerOneWaitsForTheOldest) {
  bench.volume().snapshot_pace.mib_per_second = 1;
  const auto first = bench.snapshot();
  bench.pass(Seconds(60));
  const auto second = bench.snapshot();
  EXPECT_TRUE(get(first).copying);
  EXPECT_FALSE(get(second).copying);
  bench.pass(get(first).copying->ends - bench.region.now());
  EXPECT_EQ(state(first), SnapshotState::completed);
  EXPECT_TRUE(get(second).copying);
  EXPECT_EQ(progress(second), "0%");
}

TEST_F(CloudSnapshots, FifteenSecondsMustPassBetweenTwoOfOneVolume) {
  ASSERT_TRUE(bench.snapshot());
  bench.pass(Milliseconds(14'999));
  EXPECT_EQ(bench.snapshot().error().code, "SnapshotCreationPerVolumeRateExceeded");
  bench.pass(Milliseconds(1));
  EXPECT_TRUE(bench.snapshot());
}

TEST_F(CloudSnapshots, FiveMayBeUnfinishedAndOneOfSlowVolumes) {
  bench.volume(0).snapshot_pace.mib_per_second = 0.01;
  bench.volume(1).snapshot_pace.mib_per_second = 0.01;
  bench.volume(1).type = "sc1";
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(bench.snapshot()) << i;
    bench.pass(Seconds(15));
  }
  EXPECT_EQ(bench.snapshot().error().code, "ConcurrentSnapshotLimitExceeded");
  EXPECT_TRUE(bench.snapshot(1));
  bench.pass(Seconds(15));
  EXPECT_EQ(bench.snapshot(1).error().code, "ConcurrentSnapshotLimitExceeded");
}

TEST_F(CloudSnapshots, OneThatFailsTakesItsSetWithIt) {
  bench.volume(1).snapshot_pace.failing = 1;
  const auto set = create_snapshots(bench.region, {bench.volume(0).id, bench.volume(1).id},
                                    {{"", {}}, {"", {}}});
  ASSERT_TRUE(set);
  finish();
  for (const auto& id : *set) {
    EXPECT_EQ(bench.region.snapshots.at(id).state_at(bench.region.now()), SnapshotState::error);
  }
}

TEST_F(CloudSnapshots, ASetIsMadeWholeOrNotAtAll) {
  ASSERT_TRUE(bench.snapshot(1));
  const auto set = create_snapshots(bench.region, {bench.volume(0).id, bench.volume(1).id},
                                    {{"", {}}, {"", {}}});
  EXPECT_EQ(set.error().code, "SnapshotCreationPerVolumeRateExceeded");
  EXPECT_EQ(bench.region.snapshots.size(), 1U);
}

TEST_F(CloudSnapshots, OneThatIsDeletedWhilePendingGoesWhenItHasEnded) {
  const auto made = bench.snapshot();
  ASSERT_TRUE(delete_snapshot(bench.region, *made));
  EXPECT_FALSE(get(made).deleted);
  finish();
  EXPECT_TRUE(get(made).deleted);
  EXPECT_EQ(delete_snapshot(bench.region, *made).error().code, "InvalidSnapshot.NotFound");
}

TEST_F(CloudSnapshots, AVolumeMadeFromOneHasWhatItCaught) {
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto made = bench.snapshot();
  sim::PlannedVolume plan;
  plan.snapshot = *made;
  EXPECT_EQ(create_volume(bench.region, plan, "us-east-1a", "").error().code, "IncorrectState");
  finish();
  const auto volume = create_volume(bench.region, plan, "us-east-1a", "");
  ASSERT_TRUE(volume);
  EXPECT_EQ(bench.region.volumes.at(*volume).contents, get(made).caught);
}

TEST_F(CloudSnapshots, AnImageStandsOnSnapshotsOfEveryVolume) {
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto image = create_image(bench.region, {.instance = bench.id, .name = "nightly"});
  ASSERT_TRUE(image);
  const auto& made = bench.region.images.at(*image);
  EXPECT_EQ(made.volumes.size(), 2U);
  EXPECT_EQ(image_state(bench.region, made, bench.region.now()), "pending");
  EXPECT_EQ(create_image(bench.region, {.instance = bench.id, .name = "nightly"}).error().code,
            "InvalidAMIName.Duplicate");
  finish();
  EXPECT_EQ(image_state(bench.region, made, bench.region.now()), "available");
  const auto snapshot = made.volumes.front().snapshot;
  EXPECT_EQ(delete_snapshot(bench.region, snapshot).error().code, "InvalidSnapshot.InUse");
  ASSERT_TRUE(deregister_image(bench.region, *image));
  EXPECT_TRUE(delete_snapshot(bench.region, snapshot));
}

TEST_F(CloudSnapshots, TheNameOfAnImageIsFreeSomeTimeAfterTheImageIsGone) {
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto image = create_image(bench.region, {.instance = bench.id, .name = "nightly"});
  finish();
  ASSERT_TRUE(deregister_image(bench.region, *image));
  bench.pass(Seconds(59));
  EXPECT_EQ(create_image(bench.region, {.instance = bench.id, .name = "nightly"}).error().code,
            "InvalidAMIName.Duplicate");
  bench.pass(Seconds(2));
  EXPECT_TRUE(create_image(bench.region, {.instance = bench.id, .name = "nightly"}));
}

TEST_F(CloudSnapshots, TheTruthTellsTheDowntimeAndItsLimit) {
  const Instant begun = bench.region.now();
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(13));  // 11 until it is stopped, 2 lost
  const auto made = bench.snapshot();
  const auto copying = *get(made).copying;
  bench.pass(copying.past_zero - bench.region.now() + Seconds(3));  // 3 lost
  ASSERT_TRUE(bench.start());
  finish();
  const auto outages = outages_of(bench.region, bench.id);
  ASSERT_EQ(outages.size(), 1U);
  const auto& outage = outages.front();
  EXPECT_EQ(outage.stop_accepted, begun);
  EXPECT_TRUE(outage.clean);
  ASSERT_TRUE(outage.downtime() && outage.limit() && outage.limit_of_waiting());
  EXPECT_EQ(*outage.downtime() - *outage.limit(), Seconds(5));
  EXPECT_EQ(*outage.limit(), Seconds(11) + (copying.past_zero - get(made).created) + Seconds(20));
  EXPECT_EQ(*outage.limit_of_waiting() - *outage.limit(), copying.ends - copying.past_zero);
}

}  // namespace
}  // namespace pitstop::test
