#include <gtest/gtest.h>

#include <memory>

#include "api_bench.hpp"
#include "sim/api/consistency.hpp"

namespace pitstop::test {
namespace {

TEST(ApiConsistency, WithoutLateLooksEveryLookSeesThePresent) {
  sim::ConsistencyModel model(sim::Consistency{}, 1);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(model.look(Instant(Seconds(i))), Instant(Seconds(i)));
  }
}

TEST(ApiConsistency, LateLooksSeeThePastWithinItsBoundsAndOutOfOrder) {
  sim::ConsistencyModel model(sim::Consistency{.late_looks = 0.5, .most = Seconds(5)}, 1);
  const Instant now(std::chrono::hours(1));
  int late = 0;
  int backwards = 0;
  Instant before = now;
  for (int i = 0; i < 1000; ++i) {
    const auto seen = model.look(now);
    EXPECT_LE(seen, now);
    EXPECT_GE(seen, now - Seconds(5));
    late += seen < now ? 1 : 0;
    backwards += seen < before ? 1 : 0;
    before = seen;
  }
  EXPECT_NEAR(late, 500, 60);
  EXPECT_GT(backwards, 200);
}

/// Every look sees what was a while ago.
std::unique_ptr<ApiBench> late_bench() {
  auto scenario = api_scenario();
  scenario.consistency = {.late_looks = 1, .most = Seconds(5)};
  return std::make_unique<ApiBench>(scenario);
}

TEST(ApiConsistency, WhatWasMadeAMomentAgoIsNotFound) {
  const auto late = late_bench();
  auto& bench = *late;
  const auto snapshot =
      bench.call("CreateSnapshot", {{"VolumeId", bench.volume()}}).text("snapshotId");
  EXPECT_EQ(bench.call("DescribeSnapshots", {{"SnapshotId.1", snapshot}}).code(),
            "InvalidSnapshot.NotFound");
  EXPECT_EQ(bench.call("DescribeSnapshots").count("snapshotSet/item"), 0U);
  bench.pass(Seconds(6));
  EXPECT_EQ(bench.call("DescribeSnapshots", {{"SnapshotId.1", snapshot}}).count("snapshotSet/item"),
            1U);
}

TEST(ApiConsistency, AStateShowsAsItWas) {
  const auto late = late_bench();
  auto& bench = *late;
  const auto answer = bench.call("StopInstances", {{"InstanceId.1", bench.id()}});
  EXPECT_EQ(answer.text("//currentState/name"), "stopping") << "the call itself knows";
  EXPECT_EQ(bench.call("DescribeInstances").text("//instanceState/name"), "running");
  bench.pass(Seconds(6));
  EXPECT_EQ(bench.call("DescribeInstances").text("//instanceState/name"), "stopping");
}

TEST(ApiConsistency, TheScenariosServersWereAlwaysThere) {
  const auto late = late_bench();
  auto& bench = *late;
  for (int i = 0; i < 20; ++i) {
    const auto reply = bench.call("DescribeInstances", {{"InstanceId.1", bench.id()}});
    EXPECT_EQ(reply.text("//instanceState/name"), "running");
  }
}

TEST(ApiConsistency, ChangesAreMadeToWhatIsTrueNow) {
  const auto late = late_bench();
  auto& bench = *late;
  const auto snapshot =
      bench.call("CreateSnapshot", {{"VolumeId", bench.volume()}}).text("snapshotId");
  EXPECT_TRUE(bench
                  .call("CreateTags",
                        {{"ResourceId.1", snapshot}, {"Tag.1.Key", "a"}, {"Tag.1.Value", "b"}})
                  .succeeded());
}

}  // namespace
}  // namespace pitstop::test
