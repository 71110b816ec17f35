#include "ec2/paced_caller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/concurrently.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;

const Need a_start{.action = "StartInstances"};
const Need an_instance{.action = "StartInstances", .requests = 0, .instances = 1};

/// One who calls, before an EC2 that takes every start.
struct Lane {
  explicit Lane(Clock& clock) : caller(clock), pace(clock), paced(caller, pace) {
    caller.on("StartInstances").always().reply();
  }

  test::ScriptedCaller caller;
  Pace pace;
  PacedCaller paced;
  Interruption interruption;
};

struct Turn {
  Urgency urgency;
  Instant when;
};

Task<void> take_into(Pace& pace, Clock& clock, Need need, Urgency urgency,
                     std::vector<Turn>& turns) {
  co_await pace.take(std::move(need), urgency);
  turns.push_back({urgency, clock.now()});
}

Task<void> drain(Pace& pace, Need need, int times) {
  for (int i = 0; i < times; ++i) {
    co_await pace.take(need, Urgency::prepares);
  }
}

VIRTUAL_TEST(Pace, LetsABurstPassAndThenKeepsToTheRate) {
  Pace pace(time);
  const Instant begun = time.now();
  co_await drain(pace, a_start, 4);
  EXPECT_EQ(time.now(), begun) << "the bucket holds five, of which a little is kept";
  co_await drain(pace, a_start, 10);
  EXPECT_NEAR(seconds(time.now() - begun), 4.6, 0.05) << "two a second";
}

VIRTUAL_TEST(Pace, TheMoreUrgentComeFirst) {
  Pace pace(time);
  co_await drain(pace, a_start, 5);
  std::vector<Turn> turns;
  std::vector<Task<void>> tasks;
  for (const auto urgency :
       {Urgency::follows, Urgency::prepares, Urgency::creates, Urgency::brings_back}) {
    tasks.push_back(take_into(pace, time, a_start, urgency, turns));
  }
  co_await concurrently(std::move(tasks));
  std::vector<Urgency> order;
  for (const auto& turn : turns) {
    order.push_back(turn.urgency);
  }
  EXPECT_THAT(order, ElementsAre(Urgency::brings_back, Urgency::creates, Urgency::prepares,
                                 Urgency::follows));
}

VIRTUAL_TEST(Pace, EachActionHasItsOwnBucket) {
  Pace pace(time);
  co_await drain(pace, a_start, 5);
  const Instant begun = time.now();
  co_await pace.take({.action = "StopInstances"}, Urgency::prepares);
  EXPECT_EQ(time.now(), begun);
}

VIRTUAL_TEST(Pace, CountsTheInstancesThatAreNamed) {
  Call call{.action = "StartInstances"};
  call.parameters.add_list("InstanceId",
                           std::vector<InstanceId>{InstanceId("i-1"), InstanceId("i-2")});
  EXPECT_EQ(need_of(call).instances, 2);
  call.action = "DescribeInstances";
  EXPECT_EQ(need_of(call).instances, 0);
  EXPECT_EQ(need_of(call).action, "DescribeInstances, whole lists");
  call.parameters.add_filters({{"instance-state-name", {"running"}}});
  EXPECT_EQ(need_of(call).action, "DescribeInstances");
  co_return;
}

VIRTUAL_TEST(Pace, GoesSlowerWhereItIsThrottledAndFasterAgainByAndBy) {
  Pace pace(time);
  pace.throttled(a_start);
  const Instant begun = time.now();
  co_await drain(pace, a_start, 10);
  const double slow = seconds(time.now() - begun);
  EXPECT_GT(slow, 6.5) << "the bucket was not full, and its rate is lower";
  co_await time.sleep(std::chrono::minutes(10));
  const Instant again = time.now();
  co_await drain(pace, a_start, 14);
  EXPECT_NEAR(seconds(time.now() - again), 4.6, 0.05);
}

VIRTUAL_TEST(Pace, WhatIsSetAsideIsThereWhenItIsNeeded) {
  Lane lane(time);
  const auto aside = co_await lane.paced.set_aside({.action = "StartInstances"}, lane.interruption);
  EXPECT_TRUE(aside);
  co_await drain(lane.pace, a_start, 4);
  const Instant begun = time.now();
  co_await lane.paced.call({.action = "StartInstances"});
  EXPECT_EQ(time.now(), begun);
  co_await lane.paced.call({.action = "StartInstances"});
  EXPECT_GT(time.now(), begun) << "only one was set aside";
}

VIRTUAL_TEST(Pace, ADryRunLeavesAloneWhatIsSetAside) {
  Lane lane(time);
  co_await lane.paced.set_aside({.action = "StartInstances"}, lane.interruption);
  Call trial{.action = "StartInstances"};
  trial.parameters.add("DryRun", true);
  co_await lane.paced.call(std::move(trial));
  EXPECT_TRUE(lane.paced.spend("StartInstances"));
  EXPECT_FALSE(lane.paced.spend("StartInstances"));
}

VIRTUAL_TEST(Pace, WhatIsNotNeededIsGivenBack) {
  Pace pace(time);
  Interruption interruption;
  {
    test::ScriptedCaller caller(time);
    PacedCaller one(caller, pace);
    co_await one.set_aside({.action = "StartInstances", .requests = 4}, interruption);
  }
  const Instant begun = time.now();
  co_await drain(pace, a_start, 4);
  EXPECT_EQ(time.now(), begun);
}

Task<void> set_aside_many(PacedCaller& caller, Interruption& interruption, int& count, int most) {
  for (; count < most; ++count) {
    const auto aside = co_await caller.set_aside(an_instance, interruption);
    if (!aside) {
      co_return;
    }
  }
}

Task<void> interrupt_after(Clock& clock, Duration time, Interruption& interruption) {
  co_await clock.sleep(time);
  interruption.request();
}

VIRTUAL_TEST(Pace, PromisesNoMoreThanCanBeTrustedToBeThere) {
  Lane lane(time);
  co_await lane.pace.take({.action = "StartInstances", .requests = 0, .instances = 999},
                          Urgency::prepares);
  int count = 0;
  std::vector<Task<void>> tasks;
  tasks.push_back(set_aside_many(lane.paced, lane.interruption, count, 1000));
  tasks.push_back(interrupt_after(time, std::chrono::minutes(1), lane.interruption));
  co_await concurrently(std::move(tasks));
  // In a minute 120 tokens flow in. Half of them are promised at most, and twenty on top.
  EXPECT_GE(count, 65);
  EXPECT_LE(count, 75);
}

VIRTUAL_TEST(Pace, AnInterruptionEndsTheWaitForLaterTokens) {
  Lane lane(time);
  co_await lane.pace.take({.action = "StartInstances", .requests = 0, .instances = 1000},
                          Urgency::prepares);
  int count = 0;
  const Instant begun = time.now();
  std::vector<Task<void>> tasks;
  tasks.push_back(set_aside_many(lane.paced, lane.interruption, count, 1000));
  tasks.push_back(interrupt_after(time, Seconds(3), lane.interruption));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(time.now() - begun, Duration(Seconds(3)));
  EXPECT_LT(count, 7);
}

Task<void> look_after(Pace& pace, Clock& clock, Duration wait, std::vector<Congestion>& seen) {
  co_await clock.sleep(wait);
  seen = pace.congestion();
}

VIRTUAL_TEST(Pace, TellsWhatHasToWait) {
  Pace pace(time);
  co_await drain(pace, a_start, 4);
  EXPECT_TRUE(pace.congestion().empty());
  std::vector<Turn> turns;
  std::vector<Congestion> seen;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back(take_into(pace, time, a_start, Urgency::brings_back, turns));
  }
  tasks.push_back(look_after(pace, time, Milliseconds(10), seen));
  co_await concurrently(std::move(tasks));
  EXPECT_THAT(seen, ElementsAre(Congestion{"StartInstances", 3, false}));
  EXPECT_TRUE(pace.congestion().empty());
}

VIRTUAL_TEST(Pace, TellsForAWhileWhatEc2HasRefused) {
  Pace pace(time);
  pace.throttled({.action = "DescribeInstances, whole lists"});
  EXPECT_THAT(pace.congestion(), ElementsAre(Congestion{"DescribeInstances", 0, true}));
  co_await time.sleep(std::chrono::minutes(1));
  EXPECT_TRUE(pace.congestion().empty());
}

}  // namespace
}  // namespace pitstop::ec2
