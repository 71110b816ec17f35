// The ordinary life of a watch: one who waits, many who wait, nobody.
#include "ec2/watch.hpp"

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

TEST(Tempo, LosesASmallPartOfTheWaitWithinBounds) {
  const Tempo tempo{Seconds(1), Seconds(2), Seconds(10), 20};
  EXPECT_EQ(tempo.interval(Duration::zero()), Seconds(2));
  EXPECT_EQ(tempo.interval(Seconds(40)), Seconds(2));
  EXPECT_EQ(tempo.interval(Seconds(100)), Seconds(5));
  EXPECT_EQ(tempo.interval(std::chrono::hours(1)), Seconds(10));
}

VIRTUAL_TEST(Watch, DoesNothingWhileNobodyWaits) {
  WatchBench bench(time);
  const Instant begun = time.now();
  bench.watch.reset();
  EXPECT_EQ(time.now(), begun);
  EXPECT_THAT(bench.caller.calls(), IsEmpty());
  co_return;
}

TEST(Watch, LeavesNoAlarmBehindThatRingsAgainAndAgain) {
  VirtualTime time;
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(10));
  Ending ending;
  time.run(bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, ending));
  const auto calls = bench.caller.calls().size();
  const Instant ended = time.now();
  time.drain();
  EXPECT_LE(time.now() - ended, while_down.longest)
      << "one alarm at most, and it rings for nothing";
  EXPECT_EQ(bench.caller.calls().size(), calls);
}

VIRTUAL_TEST(Watch, LooksEarlyAndEndsWithTheFirstLookThatSeesEnough) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Milliseconds(700));
  Ending ending;
  co_await bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, ending);
  EXPECT_TRUE(ending.status);
  EXPECT_EQ(ending.polls, 3);
  EXPECT_THAT(bench.looks(), ElementsAre(Milliseconds(250), Milliseconds(500), Milliseconds(750)));
  EXPECT_EQ(ending.after, Milliseconds(750));
}

VIRTUAL_TEST(Watch, AsksByIdForWhatIsWaitedForAndNothingElse) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00002", {});
  Ending ending;
  co_await bench.wait_into(WatchBench::for_running({instance_id(2), instance_id(1)}), {}, ending);
  CO_ASSERT_TRUE(bench.caller.calls().size() == 1);
  const auto& call = bench.caller.calls().front();
  EXPECT_THAT(call.list("InstanceId"), ElementsAre("i-00001", "i-00002"));
  EXPECT_EQ(call.parameter("Filter.1.Name"), "");
  EXPECT_EQ(call.call.attempt_timeout, Seconds(5)) << "a look that hangs must not hold up the next";
}

VIRTUAL_TEST(Watch, LooksSeldomerTheLongerItTakesWithinTheBoundsOfTheTempo) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", std::chrono::minutes(20));
  Ending ending;
  co_await bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, ending);
  EXPECT_TRUE(ending.status);
  const auto looks = bench.looks();
  for (std::size_t i = 1; i < looks.size(); ++i) {
    const Duration gap = looks[i] - looks[i - 1];
    EXPECT_GE(gap, while_down.shortest);
    EXPECT_LE(gap, while_down.longest);
    EXPECT_EQ(gap, while_down.interval(looks[i - 1]));
  }
  EXPECT_LE(ending.after - std::chrono::minutes(20), while_down.longest);
}

VIRTUAL_TEST(Watch, OneDescribeServesAllWhoWait) {
  WatchBench bench(time);
  bench.answer_the_rest();
  constexpr int waiters = 50;
  std::vector<Ending> endings(waiters);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < waiters; ++i) {
    bench.runs_after(instance_id(i).str(), Seconds(2));
    auto wait = WatchBench::for_running({instance_id(i)});
    tasks.push_back(bench.wait_into(std::move(wait), {}, endings[static_cast<std::size_t>(i)]));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_THAT(bench.caller.calls(), SizeIs(4)) << "and so many look less often";
  for (const auto& ending : endings) {
    EXPECT_TRUE(ending.status);
    EXPECT_EQ(ending.polls, 4);
    EXPECT_EQ(ending.after, Milliseconds(2200));
  }
}

VIRTUAL_TEST(Watch, TwoMayWaitForTheSameThing) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(1));
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  for (auto& ending : endings) {
    tasks.push_back(bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, ending));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_TRUE(endings[0].status);
  EXPECT_TRUE(endings[1].status);
  for (const auto& made : bench.caller.calls()) {
    EXPECT_THAT(made.list("InstanceId"), ElementsAre("i-00001"));
  }
}

VIRTUAL_TEST(Watch, WatchesSnapshotsToo) {
  test::ScriptedCaller caller(time);
  Watch<Snapshot> watch(caller, time);
  caller.on("DescribeSnapshots")
      .reply(
          "<snapshotSet><item><snapshotId>snap-1</snapshotId><status>pending</status>"
          "<progress/></item></snapshotSet>");
  caller.on("DescribeSnapshots")
      .reply(
          "<snapshotSet><item><snapshotId>snap-1</snapshotId><status>pending</status>"
          "<progress>1%</progress></item></snapshotSet>");
  Wait<Snapshot> wait;
  wait.ids = {SnapshotId("snap-1")};
  wait.news = {"pending", "completed", "error"};
  wait.enough = [](const Snapshot& snapshot) { return snapshot.progress.value_or(0) > 0; };
  const auto waited = co_await watch.wait(std::move(wait));
  EXPECT_TRUE(waited.status);
  EXPECT_EQ(waited.polls, 2);
  EXPECT_EQ(caller.calls().front().parameter("Filter.1.Name"), "status");
  EXPECT_THAT(caller.calls().front().list("Filter.1.Value"),
              ElementsAre("completed", "error", "pending"));
}

}  // namespace
}  // namespace pitstop::ec2
