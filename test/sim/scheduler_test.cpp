// The simulated EventBridge Scheduler: what its schedules do by themselves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler_bench.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using sim::InstanceState;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(SimulatedScheduler, StartsAStoppedServerWhenItsTimeHasCome) {
  SchedulerBench bench;
  ASSERT_EQ(bench.create(bench.guard(minutes(10), hours(2))).status, 200);
  bench.stop();
  bench.pass(minutes(8));
  EXPECT_EQ(bench.state(), InstanceState::stopped);
  EXPECT_THAT(bench.invocations(), IsEmpty());
  bench.pass(minutes(2));
  EXPECT_NE(bench.state(), InstanceState::stopped) << "within the minute";
  ASSERT_THAT(bench.invocations(), SizeIs(1));
  EXPECT_THAT(bench.invocations().front().started, ElementsAre(InstanceId(bench.id())));
  EXPECT_EQ(bench.invocations().front().error, "");
}

TEST(SimulatedScheduler, IsDueOnceAMinuteAndLateByLessThanOne) {
  SchedulerBench bench;
  const Instant begin = bench.simulator.schedule().now() + minutes(10);
  bench.create(bench.guard(minutes(10), minutes(70)));
  bench.pass(hours(3));
  const auto& made = bench.invocations();
  ASSERT_GE(made.size(), 60U);
  ASSERT_LE(made.size(), 61U) << "the last one may come too late";
  std::set<Duration> latenesses;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const Duration late = made[i].at - (begin + minutes(i));
    EXPECT_GE(late, Duration(0));
    EXPECT_LT(late, minutes(1));
    latenesses.insert(late);
    EXPECT_THAT(made[i].started, IsEmpty()) << "it ran all the time";
  }
  EXPECT_GT(latenesses.size(), 50U);
}

TEST(SimulatedScheduler, GoesAwayAfterItsEnd) {
  SchedulerBench bench;
  bench.create(bench.guard(minutes(1), minutes(5)));
  bench.pass(minutes(4));
  EXPECT_THAT(bench.simulator.schedules(), SizeIs(1));
  bench.pass(minutes(3));
  EXPECT_THAT(bench.simulator.schedules(), IsEmpty());
  EXPECT_EQ(bench.get().code, "ResourceNotFoundException");
}

TEST(SimulatedScheduler, StaysIfNobodyHasAskedForItsRemoval) {
  SchedulerBench bench;
  auto schedule = bench.guard(minutes(1), minutes(5));
  schedule.erase("ActionAfterCompletion");
  bench.create(schedule);
  bench.pass(hours(1));
  EXPECT_THAT(bench.simulator.schedules(), SizeIs(1));
  EXPECT_LE(bench.invocations().size(), 5U);
}

TEST(SimulatedScheduler, DoesNothingOnceItIsRemoved) {
  SchedulerBench bench;
  bench.create(bench.guard(minutes(1), hours(1)));
  EXPECT_EQ(bench.remove().status, 200);
  bench.pass(minutes(10));
  EXPECT_THAT(bench.invocations(), IsEmpty());
}

TEST(SimulatedScheduler, AnotherOneOfItsNameIsAnother) {
  SchedulerBench bench;
  bench.create(bench.guard(minutes(1), hours(1)));
  bench.remove();
  bench.create(bench.guard(minutes(30), hours(1)));
  bench.pass(minutes(29));
  EXPECT_THAT(bench.invocations(), IsEmpty());
  bench.pass(minutes(3));
  EXPECT_THAT(bench.invocations(), SizeIs(testing::AllOf(testing::Ge(2U), testing::Le(3U))));
}

TEST(SimulatedScheduler, ADisabledOneDoesNothing) {
  SchedulerBench bench;
  auto schedule = bench.guard(minutes(1), hours(1));
  schedule["State"] = "DISABLED";
  bench.create(schedule);
  bench.pass(minutes(10));
  EXPECT_THAT(bench.invocations(), IsEmpty());
}

TEST(SimulatedScheduler, WhatFailsIsTriedAgainTheNextMinute) {
  SchedulerBench bench;
  bench.server().pace.hung_shutdowns = 1;
  bench.create(bench.guard(Duration(0), hours(1)));
  bench.call("StopInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(minutes(7));
  EXPECT_EQ(bench.state(), InstanceState::running);
  const auto& made = bench.invocations();
  ASSERT_GE(made.size(), 5U);
  EXPECT_EQ(made[1].error, "IncorrectInstanceState") << "still stopping";
  EXPECT_EQ(std::ranges::count_if(made, [](const auto& one) { return !one.started.empty(); }), 1);
}

TEST(SimulatedScheduler, FindsNoCapacityWhenThereIsNone) {
  auto scenario = api_scenario();
  scenario.shortages = {{.instance_type = "", .zone = "", .from = {}, .until = minutes(30)}};
  SchedulerBench bench(scenario);
  bench.stop();
  bench.create(bench.guard(minutes(1), hours(1)));
  bench.pass(minutes(20));
  EXPECT_EQ(bench.state(), InstanceState::stopped);
  EXPECT_EQ(bench.invocations().back().error, "InsufficientInstanceCapacity");
  bench.pass(minutes(20));
  EXPECT_EQ(bench.state(), InstanceState::running);
}

TEST(SimulatedScheduler, TheRoleMayLackTheRight) {
  auto scenario = api_scenario();
  scenario.scheduler_role.may_start = false;
  SchedulerBench bench(scenario);
  bench.stop();
  bench.create(bench.guard(minutes(1), hours(1)));
  bench.pass(minutes(20));
  EXPECT_EQ(bench.state(), InstanceState::stopped);
  EXPECT_EQ(bench.invocations().back().error, "UnauthorizedOperation");
}

TEST(SimulatedScheduler, TheRoleMayNeedATag) {
  auto scenario = api_scenario();
  scenario.scheduler_role.needs_tag = "pitstop:down";
  SchedulerBench bench(scenario);
  bench.stop();
  bench.create(bench.guard(minutes(1), hours(1)));
  bench.pass(minutes(10));
  EXPECT_EQ(bench.invocations().back().error, "UnauthorizedOperation");
  bench.call("CreateTags",
             {{"ResourceId.1", bench.id()}, {"Tag.1.Key", "pitstop:down"}, {"Tag.1.Value", ""}});
  bench.pass(minutes(3));
  EXPECT_EQ(bench.state(), InstanceState::running);
}

TEST(SimulatedScheduler, AnInputThatMakesNoSenseFailsWhenItIsDue) {
  for (const auto* input : {"", "{}", "no JSON", R"({"InstanceId":"i-1"})",
                            R"({"InstanceIds":["i-0aaaaaaaaaaaaaaaa"]})", R"({"InstanceIds":[7]})",
                            R"({"InstanceIds":[]})"}) {
    SchedulerBench bench;
    auto schedule = bench.guard(minutes(1), hours(1));
    schedule["Target"]["Input"] = input;
    if (std::string_view(input).empty()) {
      schedule["Target"].erase("Input");
    }
    EXPECT_EQ(bench.create(schedule).status, 200) << input;
    bench.pass(minutes(3));
    ASSERT_FALSE(bench.invocations().empty());
    EXPECT_NE(bench.invocations().front().error, "") << input;
  }
}

TEST(SimulatedScheduler, LeavesTheChanceOfAllElseAsItWas) {
  const auto stopped_after = [](bool with_schedule) {
    auto scenario = api_scenario();
    scenario.servers.front().pace = {};
    SchedulerBench bench(scenario);
    if (with_schedule) {
      bench.create(bench.guard(hours(1), hours(2)));
    }
    const auto reply = bench.call("StopInstances", {{"InstanceId.1", bench.id()}});
    bench.pass(minutes(10));
    return std::pair(bench.server().history.back().at, reply.response.header("x-amzn-RequestId"));
  };
  EXPECT_EQ(stopped_after(true), stopped_after(false));
}

TEST(SimulatedScheduler, EachRegionHasItsOwn) {
  SchedulerBench bench;
  bench.create(bench.guard(minutes(1), hours(1)));
  EXPECT_THAT(bench.simulator.scheduler("eu-central-1").schedules(), IsEmpty());
}

}  // namespace
}  // namespace pitstop::test
