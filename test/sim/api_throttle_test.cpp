#include <gtest/gtest.h>

#include "api_bench.hpp"
#include "sim/api/throttle.hpp"

namespace pitstop::test {
namespace {

/// How many calls go through one right after the other.
int burst(sim::Throttle& throttle, std::string_view action, bool listed, std::size_t instances,
          Instant now) {
  int admitted = 0;
  while (admitted < 10'000 && throttle.admit(action, listed, instances, now)) {
    ++admitted;
  }
  return admitted;
}

struct Documented {
  std::string_view action;
  bool listed;
  int most;
  int a_second;
};

TEST(ApiThrottle, EveryBucketIsAsAwsDocumentsIt) {
  for (const auto& row : std::to_array<Documented>({
           {"DescribeInstances", true, 100, 20},
           {"DescribeInstances", false, 50, 10},
           {"DescribeSnapshots", false, 50, 10},
           {"DescribeRegions", false, 100, 20},
           {"DescribeInstanceAttribute", false, 100, 20},
           {"GetLaunchTemplateData", false, 100, 20},
           {"StopInstances", false, 50, 5},
           {"StartInstances", false, 5, 2},
           {"RunInstances", false, 5, 2},
           {"TerminateInstances", false, 100, 5},
           {"CreateSnapshots", false, 100, 5},
           {"CreateTags", false, 100, 10},
           {"CopyImage", false, 100, 1},
           {"CopySnapshot", false, 50, 5},
           {"ModifySnapshotAttribute", false, 100, 5},
           {"DescribeSnapshotAttribute", false, 100, 20},
           {"RegisterImage", false, 50, 5},
           {"CreateCapacityReservation", false, 50, 5},
       })) {
    sim::Throttle throttle{sim::Throttling{}};
    const Instant begin;
    EXPECT_EQ(burst(throttle, row.action, row.listed, 1, begin), row.most) << row.action;
    EXPECT_EQ(burst(throttle, row.action, row.listed, 1, begin + Seconds(1)), row.a_second)
        << row.action;
    EXPECT_EQ(burst(throttle, row.action, row.listed, 1, begin + Seconds(1000)), row.most)
        << row.action;
  }
}

TEST(ApiThrottle, InstancesHaveABucketOfTheirOwn) {
  sim::Throttle throttle{sim::Throttling{}};
  const Instant begin;
  EXPECT_TRUE(throttle.admit("StartInstances", false, 999, begin));
  EXPECT_FALSE(throttle.admit("StartInstances", false, 2, begin));
  EXPECT_TRUE(throttle.admit("StartInstances", false, 1, begin));
  EXPECT_FALSE(throttle.admit("StartInstances", false, 3, begin + Seconds(1)));
  EXPECT_TRUE(throttle.admit("StartInstances", false, 2, begin + Seconds(1)));
  EXPECT_TRUE(throttle.admit("StopInstances", false, 1000, begin));
  EXPECT_FALSE(throttle.admit("StopInstances", false, 21, begin + Seconds(1)));
  EXPECT_TRUE(throttle.admit("StopInstances", false, 20, begin + Seconds(1)));
}

TEST(ApiThrottle, AnActionDoesNotTakeAnothersTokens) {
  sim::Throttle throttle{sim::Throttling{}};
  burst(throttle, "StartInstances", false, 1, Instant());
  EXPECT_TRUE(throttle.admit("StopInstances", false, 1, Instant()));
  burst(throttle, "DescribeInstances", false, 1, Instant());
  EXPECT_TRUE(throttle.admit("DescribeInstances", true, 1, Instant()));
}

TEST(ApiThrottle, ANeighbourTakesItsPartOfTheRefill) {
  sim::Throttle throttle{sim::Throttling{.on = true, .neighbour = 0.6}};
  burst(throttle, "CreateSnapshots", false, 1, Instant());
  EXPECT_EQ(burst(throttle, "CreateSnapshots", false, 1, Instant(Seconds(10))), 20);
}

TEST(ApiThrottle, ACallWithoutTokensIsRefusedBeforeItsParametersAreRead) {
  auto scenario = api_scenario();
  scenario.throttling.on = true;
  ApiBench bench(scenario);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(bench.call("StartInstances").code(), "MissingParameter");
  }
  const auto reply = bench.call("StartInstances");
  EXPECT_EQ(reply.status(), 503);
  EXPECT_EQ(reply.code(), "RequestLimitExceeded");
  bench.pass(Milliseconds(500));
  EXPECT_EQ(bench.call("StartInstances").code(), "MissingParameter");
}

TEST(ApiThrottle, ACallThatFiltersOrPagesFindsMoreTokens) {
  auto scenario = api_scenario();
  scenario.throttling.on = true;
  ApiBench bench(scenario);
  const auto admitted = [&](const ApiParameters& parameters) {
    int calls = 0;
    while (bench.call("DescribeSnapshots", parameters).succeeded()) {
      ++calls;
    }
    return calls;
  };
  EXPECT_EQ(admitted({}), 50);
  EXPECT_EQ(admitted({{"Filter.1.Name", "status"}, {"Filter.1.Value.1", "pending"}}), 100);
}

TEST(ApiThrottle, ALaunchTakesATokenForEachOfItsInstances) {
  auto scenario = api_scenario();
  scenario.throttling.on = true;
  ApiBench bench(scenario);
  EXPECT_EQ(bench.call("RunInstances", {{"MaxCount", "1000"}}).code(), "MissingParameter");
  EXPECT_EQ(bench.call("RunInstances", {{"MaxCount", "1"}}).code(), "RequestLimitExceeded");
}

TEST(ApiThrottle, RegionsHaveBucketsOfTheirOwn) {
  auto scenario = api_scenario();
  scenario.throttling.on = true;
  ApiBench bench(scenario);
  for (int i = 0; i < 6; ++i) {
    bench.call("StartInstances");
  }
  EXPECT_EQ(bench.call("StartInstances").code(), "RequestLimitExceeded");
  EXPECT_EQ(bench.call("StartInstances", {}, "eu-west-1").code(), "MissingParameter");
}

}  // namespace
}  // namespace pitstop::test
