// How waits end: at their deadline, by the user, with the watch itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "watch_bench.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Ending = WatchBench::Ending;

VIRTUAL_TEST(WatchEndings, TheDeadlineComesAfterALastLook) {
  WatchBench bench(time);
  bench.answer_the_rest();
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.tempo = steady(Seconds(10));
  wait.deadline = time.now() + Seconds(25);
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  CO_ASSERT_TRUE(!ending.status);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::deadline);
  EXPECT_THAT(bench.looks(), ElementsAre(Seconds(10), Seconds(20), Seconds(25)));
  EXPECT_EQ(ending.after, Seconds(25));
}

VIRTUAL_TEST(WatchEndings, WhatTheLastLookSeesCounts) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(24));
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.tempo = steady(Seconds(10));
  wait.deadline = time.now() + Seconds(25);
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_TRUE(ending.status);
}

VIRTUAL_TEST(WatchEndings, ADeadlineThatIsPastLeavesTimeForOneLook) {
  WatchBench bench(time);
  bench.answer_the_rest();
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.deadline = time.now() - Seconds(1);
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::deadline);
  EXPECT_EQ(ending.polls, 1);
  EXPECT_EQ(ending.after, Duration::zero());
}

VIRTUAL_TEST(WatchEndings, TheDeadlineHoldsWhileEc2OnlyFails) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").always().fail(ErrorKind::throttled);
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.deadline = time.now() + Seconds(60);
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::deadline);
  EXPECT_EQ(ending.after, Seconds(60));
}

Task<void> interrupt_after(VirtualTime& time, Duration pause, Interruption& interruption) {
  co_await time.sleep(pause);
  interruption.request();
}

VIRTUAL_TEST(WatchEndings, AnInterruptionEndsAWaitAtOnceAndOnlyThoseThatSaySo) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00002", Seconds(30));
  Interruption interruption;
  auto follower = WatchBench::for_running({instance_id(1)});
  follower.tempo = steady(Seconds(10));
  follower.interruption = &interruption;
  auto server_down = WatchBench::for_running({instance_id(2)});
  server_down.tempo = steady(Seconds(10));
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  tasks.push_back(bench.wait_into(std::move(follower), {}, endings[0]));
  tasks.push_back(bench.wait_into(std::move(server_down), {}, endings[1]));
  tasks.push_back(interrupt_after(time, Seconds(14), interruption));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(endings[0].status.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(endings[0].after, Seconds(14));
  EXPECT_EQ(endings[0].polls, 1);
  EXPECT_TRUE(endings[1].status);
  EXPECT_THAT(bench.caller.calls().back().list("InstanceId"), ElementsAre("i-00002"));
}

VIRTUAL_TEST(WatchEndings, AfterAnInterruptionNoWaitBegins) {
  WatchBench bench(time);
  Interruption interruption;
  interruption.request();
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.interruption = &interruption;
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::interrupted);
  EXPECT_EQ(ending.after, Duration::zero());
  co_await time.sleep(Seconds(10));
  EXPECT_THAT(bench.caller.calls(), IsEmpty());
}

/// Waits with something on its own stack that `enough` refers to.
Task<Waited> wait_with_a_notebook(Watch<Instance>& watch, Interruption& interruption) {
  std::vector<InstanceState> notebook;
  Wait<Instance> wait;
  wait.ids = {instance_id(1)};
  wait.interruption = &interruption;
  wait.enough = [&](const Instance& instance) {
    notebook.push_back(instance.state);
    return false;
  };
  co_return co_await watch.wait(std::move(wait));
}

Task<void> wait_with_a_notebook_into(Watch<Instance>& watch, Interruption& interruption,
                                     Waited& waited) {
  waited = co_await wait_with_a_notebook(watch, interruption);
}

VIRTUAL_TEST(WatchEndings, AReplyThatComesAfterTheEndIsShownToNobody) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").after(Seconds(4)).answer([&](const Call& call) {
    return bench.describe(call);
  });
  Interruption interruption;
  Waited waited;
  std::vector<Task<void>> tasks;
  tasks.push_back(wait_with_a_notebook_into(*bench.watch, interruption, waited));
  tasks.push_back(interrupt_after(time, Seconds(2), interruption));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(waited.status.error().kind, ErrorKind::interrupted);
  co_await time.sleep(Seconds(10));
  EXPECT_THAT(bench.caller.calls(), SizeIs(1));
}

VIRTUAL_TEST(WatchEndings, EnoughIsNotAskedAgainAfterItSaidYes) {
  WatchBench bench(time);
  bench.answer_the_rest();
  std::vector<InstanceId> ids;
  for (int i = 0; i < 1500; ++i) {
    ids.push_back(instance_id(i));
  }
  int asked = 0;
  Wait<Instance> wait;
  wait.ids = std::move(ids);
  wait.enough = [&](const Instance&) {
    ++asked;
    return true;
  };
  const auto waited = co_await bench.watch->wait(std::move(wait));
  EXPECT_TRUE(waited.status);
  co_await time.sleep(Seconds(10));
  EXPECT_EQ(asked, 1);
}

TEST(WatchEndings, AWatchMayGoWhileOthersWait) {
  for (const auto look_takes : {Seconds(0), Seconds(3)}) {
    VirtualTime time;
    WatchBench bench(time);
    bench.caller.on("DescribeInstances").always().after(look_takes).answer([&](const Call& call) {
      return bench.describe(call);
    });
    std::vector<Ending> endings(2);
    begin(time.executor(),
          bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, endings[0]));
    begin(time.executor(),
          bench.wait_into(WatchBench::for_running({instance_id(2)}), {}, endings[1]));
    time.run(time.sleep(Seconds(1)));
    bench.watch.reset();
    time.drain();
    EXPECT_FALSE(endings[0].over);
    EXPECT_FALSE(endings[1].over);
  }
}

Task<void> let_go(WatchBench& bench) {
  bench.watch.reset();
  co_return;
}

TEST(WatchEndings, AWatchMayGoAfterAWaitHasEndedAndBeforeItRunsAgain) {
  VirtualTime time;
  WatchBench bench(time);
  bench.answer_the_rest();
  Wait<Instance> wait;
  wait.ids = {instance_id(1)};
  wait.enough = [&](const Instance&) {
    begin(time.executor(), let_go(bench));
    return true;
  };
  Ending ending;
  begin(time.executor(), bench.wait_into(std::move(wait), {}, ending));
  time.drain();
  EXPECT_FALSE(bench.watch);
  EXPECT_TRUE(ending.over);
  EXPECT_TRUE(ending.status);
}

TEST(WatchEndings, AnInterruptedWaitEndsEvenIfTheWatchGoesAtThatMoment) {
  VirtualTime time;
  WatchBench bench(time);
  Interruption interruption;
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.interruption = &interruption;
  wait.tempo = steady(Seconds(10));
  Ending ending;
  begin(time.executor(), bench.wait_into(std::move(wait), {}, ending));
  time.run(time.sleep(Seconds(1)));
  interruption.request();
  bench.watch.reset();
  time.drain();
  EXPECT_TRUE(ending.over);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::interrupted);
}

}  // namespace
}  // namespace pitstop::ec2
