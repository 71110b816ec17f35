// The client against the simulated service: whatever befalls a call, it ends as it should.

#include <gtest/gtest.h>

#include "aws/scheduler.hpp"
#include "scripted_http.hpp"
#include "sim/door/simulated_http.hpp"
#include "some_schedule.hpp"
#include "support/coroutine.hpp"

namespace pitstop {
namespace {

using sim::FaultKind;

constexpr auto region = "us-east-1";

sim::Scenario one_server(std::vector<sim::ScriptedFault> faults) {
  sim::Scenario scenario;
  scenario.servers.emplace_back().id = test::some_schedule().instance;
  scenario.faults.scripted = std::move(faults);
  return scenario;
}

/// A cloud, and two hosts that use it.
struct World {
  World(VirtualTime& time_, std::vector<sim::ScriptedFault> faults_ = {})
      : time(time_),
        simulator(time_, one_server(std::move(faults_))),
        faults(simulator.scenario().faults, 1) {}

  VirtualTime& time;
  sim::Simulator simulator;
  sim::Faults faults;
  sim::SimulatedHttp http{simulator, faults, time, 1};
  Identity identity = test::some_identity(region);
  SeededRandom random{1};
  Scheduler scheduler{http, identity, time, random, Seconds(2), Seconds(30)};
  Scheduler other_host{http, identity, time, random, Seconds(2), Seconds(30)};
};

StartSchedule schedule_of(const std::string& maker) {
  auto schedule = test::some_schedule();
  schedule.description = maker;
  schedule.client_token = maker;
  return schedule;
}

VIRTUAL_TEST(SchedulerSimulated, IsFoundAsItWasMade) {
  World world(time);
  const auto wanted = schedule_of("a");
  const auto made = co_await world.scheduler.create(wanted);
  EXPECT_TRUE(made);
  const auto found = co_await world.scheduler.find(wanted.name);
  CO_ASSERT_TRUE(found);
  const auto checked = check_schedule(*found, wanted, region);
  EXPECT_TRUE(checked) << checked.error().message;
}

VIRTUAL_TEST(SchedulerSimulated, OneOfTwoHostsHasIt) {
  World world(time);
  const auto first = co_await world.scheduler.create(schedule_of("a"));
  EXPECT_TRUE(first);
  const auto second = co_await world.other_host.create(schedule_of("b"));
  CO_ASSERT_TRUE(!second);
  EXPECT_EQ(second.error().kind, ErrorKind::held);
  const auto removed = co_await world.scheduler.remove(test::some_schedule().name);
  EXPECT_TRUE(removed);
  const auto third = co_await world.other_host.create(schedule_of("b"));
  EXPECT_TRUE(third);
}

VIRTUAL_TEST(SchedulerSimulated, WhateverBefallsACallOnce) {
  for (const auto kind : {FaultKind::throttled, FaultKind::unavailable, FaultKind::internal_error,
                          FaultKind::html_page, FaultKind::cut_reply, FaultKind::lost_request,
                          FaultKind::lost_reply}) {
    World world(time, {{.action = "CreateSchedule", .kind = kind},
                       {.action = "GetSchedule", .kind = kind},
                       {.action = "DeleteSchedule", .kind = kind}});
    auto wanted = schedule_of("a");
    wanted.begin = time.wall() + Seconds(600);
    wanted.end = wanted.begin + Seconds(3600);
    const auto made = co_await world.scheduler.create(wanted);
    EXPECT_TRUE(made) << to_string(kind);
    const auto found = co_await world.scheduler.find(wanted.name);
    EXPECT_TRUE(found) << to_string(kind);
    const auto removed = co_await world.scheduler.remove(wanted.name);
    EXPECT_TRUE(removed) << to_string(kind);
    EXPECT_TRUE(world.simulator.schedules().empty()) << to_string(kind);
    EXPECT_TRUE(world.faults.unused().empty()) << to_string(kind);
  }
}

VIRTUAL_TEST(SchedulerSimulated, ALateCreateIsStillThere) {
  World world(time, {{.action = "CreateSchedule", .times = 1000, .kind = FaultKind::late}});
  const auto made = co_await world.scheduler.create(schedule_of("a"));
  CO_ASSERT_TRUE(!made);
  EXPECT_EQ(made.error().kind, ErrorKind::unknown_fate);
  co_await time.sleep(Seconds(10));
  EXPECT_EQ(world.simulator.schedules().size(), 1U);
}

VIRTUAL_TEST(SchedulerSimulated, WhatIsDeniedSaysWhichRight) {
  World world(time, {{.action = "CreateSchedule", .kind = FaultKind::denied}});
  const auto made = co_await world.scheduler.create(schedule_of("a"));
  CO_ASSERT_TRUE(!made);
  EXPECT_EQ(made.error().kind, ErrorKind::forbidden);
  EXPECT_NE(made.error().hint.find("iam:PassRole"), std::string::npos);
}

}  // namespace
}  // namespace pitstop
