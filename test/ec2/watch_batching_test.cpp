// Who looks together with whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "watch_bench.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
using Ending = WatchBench::Ending;

VIRTUAL_TEST(WatchBatching, ANewWaiterIsServedEarlyWhileAnotherSleepsLong) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(100));
  bench.runs_after("i-00002", Seconds(6));
  auto patient = WatchBench::for_running({instance_id(1)});
  patient.tempo = steady(Seconds(60));
  auto hasty = WatchBench::for_running({instance_id(2)});
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  tasks.push_back(bench.wait_into(std::move(patient), {}, endings[0]));
  tasks.push_back(bench.wait_into(std::move(hasty), Milliseconds(5900), endings[1]));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(endings[1].after, Milliseconds(6150));
  EXPECT_EQ(endings[0].after, Seconds(120));
  EXPECT_EQ(endings[0].polls, 2);
}

VIRTUAL_TEST(WatchBatching, WhoWouldBeDueSoonGoesAlong) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(7));
  bench.runs_after("i-00002", Seconds(7));
  auto first = WatchBench::for_running({instance_id(1)});
  auto second = WatchBench::for_running({instance_id(2)});
  first.tempo = steady(Seconds(2));
  second.tempo = steady(Seconds(2));
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  tasks.push_back(bench.wait_into(std::move(first), {}, endings[0]));
  tasks.push_back(bench.wait_into(std::move(second), Milliseconds(500), endings[1]));
  co_await concurrently(std::move(tasks));
  EXPECT_THAT(bench.looks(), ElementsAre(Seconds(2), Seconds(4), Seconds(6), Seconds(8)))
      << "the second is due half a second later and joins the first";
  EXPECT_EQ(endings[0].polls, 4);
  EXPECT_EQ(endings[1].polls, 4);
}

VIRTUAL_TEST(WatchBatching, WhoIsNotDueForLongIsNotAskedForEachTime) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(60));
  bench.runs_after("i-00002", Seconds(60));
  auto slow = WatchBench::for_running({instance_id(1)});
  slow.tempo = steady(Seconds(30));
  auto fast = WatchBench::for_running({instance_id(2)});
  fast.tempo = steady(Seconds(1));
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  tasks.push_back(bench.wait_into(std::move(slow), {}, endings[0]));
  tasks.push_back(bench.wait_into(std::move(fast), {}, endings[1]));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(endings[1].polls, 60);
  EXPECT_LE(endings[0].polls, 5);
  EXPECT_LE(bench.caller.calls().size(), 62U) << "they share their calls";
}

/// One who has news from 3 s on, `others` of his kind, and one who wants to hear all for a second.
Task<void> wait_with_news_and_without(WatchBench& bench, int others) {
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(1));
  std::vector<Ending> endings(static_cast<std::size_t>(others) + 2);
  std::vector<Task<void>> tasks;
  auto without = WatchBench::for_running({instance_id(1)});
  tasks.push_back(bench.wait_into(std::move(without), {}, endings[0]));
  for (int i = 0; i <= others; ++i) {
    bench.runs_after(instance_id(2 + i).str(), Seconds(3));
    auto with_news = WatchBench::for_running({instance_id(2 + i)});
    with_news.news = {"running", "stopped"};
    auto& ending = endings[static_cast<std::size_t>(i) + 1];
    tasks.push_back(bench.wait_into(std::move(with_news), {}, ending));
  }
  co_await concurrently(std::move(tasks));
}

VIRTUAL_TEST(WatchBatching, ManyWhoHaveNewsAreAskedForWithFiltersAndTheOthersWithout) {
  WatchBench bench(time);
  co_await wait_with_news_and_without(bench, 100);
  for (const auto& made : bench.caller.calls()) {
    const bool has_news = made.list("InstanceId").front() != "i-00001";
    EXPECT_THAT(made.list("InstanceId"), SizeIs(has_news ? 101 : 1));
    EXPECT_EQ(made.parameter("Filter.1.Name"), has_news ? "instance-state-name" : "");
  }
  EXPECT_THAT(bench.caller.calls().back().list("Filter.1.Value"),
              ElementsAre("running", "stopped"));
}

VIRTUAL_TEST(WatchBatching, AFewWhoHaveNewsGoAlongWithTheOthers) {
  WatchBench bench(time);
  co_await wait_with_news_and_without(bench, 0);
  for (const auto& made : bench.caller.calls()) {
    const bool together = made.time - bench.caller.calls().front().time < Seconds(1);
    EXPECT_THAT(made.list("InstanceId"), SizeIs(together ? 2 : 1));
    EXPECT_EQ(made.parameter("Filter.1.Name"), together ? "" : "instance-state-name");
  }
}

VIRTUAL_TEST(WatchBatching, WhatEnoughHasBeenHeardOfIsLeftOut) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", {});
  bench.runs_after("i-00002", Seconds(1));
  std::set<InstanceId> running;
  Wait<Instance> wait;
  wait.ids = {instance_id(1), instance_id(2)};
  wait.news = {"running"};
  wait.enough = [&](const Instance& instance) {
    running.insert(instance.id);
    return running.size() == 2;
  };
  wait.heard_enough_of = [](const Instance&) { return true; };
  const auto waited = co_await bench.watch->wait(std::move(wait));
  EXPECT_TRUE(waited.status);
  EXPECT_THAT(bench.caller.calls().front().list("InstanceId"), SizeIs(2));
  EXPECT_THAT(bench.caller.calls().back().list("InstanceId"), ElementsAre("i-00002"));
}

VIRTUAL_TEST(WatchBatching, TheNewsOfAllAreAskedFor) {
  WatchBench bench(time);
  bench.answer_the_rest();
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 2; ++i) {
    bench.runs_after(instance_id(i).str(), {});
    auto wait = WatchBench::for_running({instance_id(i)});
    wait.news = {"running", i == 0 ? "stopped" : "terminated"};
    tasks.push_back(bench.wait_into(std::move(wait), {}, endings[static_cast<std::size_t>(i)]));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_THAT(bench.caller.calls(), SizeIs(1));
  EXPECT_THAT(bench.caller.calls().front().list("Filter.1.Value"),
              ElementsAre("running", "stopped", "terminated"));
}

VIRTUAL_TEST(WatchBatching, WhoComesWhileALookIsUnderWayIsServedAfterIt) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").after(Seconds(3)).answer([&](const Call& call) {
    return bench.describe(call);
  });
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(1));
  bench.runs_after("i-00002", {});
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  tasks.push_back(bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, endings[0]));
  tasks.push_back(
      bench.wait_into(WatchBench::for_running({instance_id(2)}), Seconds(1), endings[1]));
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(endings[1].after, Milliseconds(3250));
  EXPECT_EQ(endings[0].after, Milliseconds(3250)) << "after so slow an answer it is due as well";
}

VIRTUAL_TEST(WatchBatching, FiveThousandAreAskedForByTheThousand) {
  WatchBench bench(time);
  bench.answer_the_rest();
  constexpr int waiters = 5000;
  std::vector<Ending> endings(waiters);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < waiters; ++i) {
    bench.runs_after(instance_id(i).str(), Milliseconds(i));
    auto wait = WatchBench::for_running({instance_id(i)});
    wait.news = {"running"};
    wait.tempo = steady(Seconds(1));
    tasks.push_back(bench.wait_into(std::move(wait), {}, endings[static_cast<std::size_t>(i)]));
  }
  co_await concurrently(std::move(tasks));
  for (const auto& made : bench.caller.calls()) {
    EXPECT_LE(made.list("InstanceId").size(), 1000U);
  }
  EXPECT_THAT(bench.caller.calls(), SizeIs(5 + 4 + 3 + 2 + 1));
  for (int i = 0; i < waiters; ++i) {
    const auto& ending = endings[static_cast<std::size_t>(i)];
    EXPECT_TRUE(ending.status);
    EXPECT_EQ(ending.polls, std::max(1, (i + 999) / 1000)) << i;
  }
}

VIRTUAL_TEST(WatchBatching, AWaitForMoreThanAThousandSeesThemAll) {
  WatchBench bench(time);
  bench.answer_the_rest();
  std::vector<InstanceId> ids;
  for (int i = 0; i < 2500; ++i) {
    ids.push_back(instance_id(i));
    bench.runs_after(ids.back().str(), {});
  }
  std::set<InstanceId> seen;
  Wait<Instance> wait;
  wait.ids = std::move(ids);
  wait.enough = [&](const Instance& instance) {
    seen.insert(instance.id);
    return seen.size() == 2500;
  };
  const auto waited = co_await bench.watch->wait(std::move(wait));
  EXPECT_TRUE(waited.status);
  EXPECT_EQ(waited.polls, 3);
}

}  // namespace
}  // namespace pitstop::ec2
