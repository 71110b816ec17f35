// What a watch makes of failures of its looks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/coroutine.hpp"
#include "watch_bench.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using Ending = WatchBench::Ending;

VIRTUAL_TEST(WatchFailures, WhatPassesIsIgnored) {
  for (const auto kind : {ErrorKind::transient, ErrorKind::unknown_fate, ErrorKind::wrong_state,
                          ErrorKind::no_capacity, ErrorKind::internal}) {
    WatchBench bench(time);
    bench.caller.on("DescribeInstances").times(3).fail(kind);
    bench.answer_the_rest();
    bench.runs_after("i-00001", {});
    Ending ending;
    co_await bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, ending);
    EXPECT_TRUE(ending.status);
    EXPECT_EQ(ending.polls, 4);
    EXPECT_EQ(ending.after, Seconds(1)) << "at the usual pace";
  }
}

VIRTUAL_TEST(WatchFailures, ARefusalIsAskedAgain) {
  for (const auto kind : {ErrorKind::forbidden, ErrorKind::refused}) {
    WatchBench bench(time);
    bench.caller.on("DescribeInstances").times(2).fail(kind);
    bench.answer_the_rest();
    bench.runs_after("i-00001", {});
    Ending ending;
    co_await bench.wait_into(WatchBench::for_running({instance_id(1)}), {}, ending);
    EXPECT_TRUE(ending.status);
    EXPECT_THAT(bench.looks(),
                ElementsAre(Milliseconds(250), Milliseconds(750), Milliseconds(1750)))
        << "and slower";
  }
}

VIRTUAL_TEST(WatchFailures, RefusalsLastUntilTheDeadlineWhichSaysSo) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances")
      .always()
      .fail(Error{ErrorKind::forbidden, "you may not", {}, {}});
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.deadline = time.now() + std::chrono::minutes(30);
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  CO_ASSERT_TRUE(!ending.status);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::deadline);
  EXPECT_NE(ending.status.error().message.find("you may not"), std::string::npos);
  EXPECT_EQ(ending.after, std::chrono::minutes(30));
}

VIRTUAL_TEST(WatchFailures, WithoutADeadlineRefusalsEndTheWaitsThatHearNothingElse) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").always().fail(ErrorKind::forbidden);
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 2; ++i) {
    auto wait = WatchBench::for_running({instance_id(i)});
    tasks.push_back(bench.wait_into(std::move(wait), {}, endings[static_cast<std::size_t>(i)]));
  }
  co_await concurrently(std::move(tasks));
  for (const auto& ending : endings) {
    CO_ASSERT_TRUE(!ending.status);
    EXPECT_EQ(ending.status.error().kind, ErrorKind::forbidden);
    EXPECT_GE(ending.after, std::chrono::minutes(15));
    EXPECT_LE(ending.after, std::chrono::minutes(16));
  }
}

/// Asks with a filter, which EC2 refuses.
VIRTUAL_TEST(WatchFailures, WhereAFilterIsRefusedLooksGoOnWithout) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").always().answer([&](const Call& call) -> Result<Reply> {
    if (call.parameters.find("Filter.1.Name") != nullptr) {
      return fail(Error{ErrorKind::refused, "InvalidParameterValue", {}, "InvalidParameterValue"});
    }
    return bench.describe(call);
  });
  bench.runs_after("i-00001", Seconds(2));
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.news = {"running"};
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_TRUE(ending.status);
  EXPECT_EQ(ending.after, Seconds(2)) << "nothing is lost";
  const auto filtered = std::ranges::count_if(bench.caller.calls(), [](const auto& made) {
    return made.call.parameters.find("Filter.1.Name") != nullptr;
  });
  EXPECT_EQ(filtered, 1) << "it is not tried again";
}

VIRTUAL_TEST(WatchFailures, RefusedCredentialsDoNotEndTheFilters) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").fail(ErrorKind::forbidden);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(1));
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.news = {"running"};
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_TRUE(ending.status);
  EXPECT_NE(bench.caller.calls().back().call.parameters.find("Filter.1.Name"), nullptr);
}

VIRTUAL_TEST(WatchFailures, TellsWhenEc2HasAnsweredTheLastTime) {
  WatchBench bench(time);
  const Instant begun = time.now();
  bench.caller.on("DescribeInstances").times(4).answer([&](const Call& call) {
    return bench.describe(call);
  });
  bench.caller.on("DescribeInstances").always().fail(ErrorKind::unknown_fate);
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.tempo = steady(Seconds(1));
  wait.deadline = begun + Seconds(20);
  const auto waited = co_await bench.watch->wait(std::move(wait));
  EXPECT_EQ(waited.answered - begun, Seconds(4));
}

VIRTUAL_TEST(WatchFailures, ThrottlingMakesItSlowerAndAnAnswerFastAgain) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").times(6).fail(ErrorKind::throttled);
  bench.answer_the_rest();
  bench.runs_after("i-00001", Seconds(17));
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.tempo = steady(Milliseconds(250));
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_TRUE(ending.status);
  std::vector<Duration> gaps;
  const auto looks = bench.looks();
  for (std::size_t i = 1; i < looks.size(); ++i) {
    gaps.push_back(looks[i] - looks[i - 1]);
  }
  CO_ASSERT_TRUE(gaps.size() > 8);
  gaps.resize(8);
  EXPECT_THAT(gaps, ElementsAre(Milliseconds(500), Seconds(1), Seconds(2), Seconds(4), Seconds(4),
                                Seconds(4), Milliseconds(250), Milliseconds(250)));
}

VIRTUAL_TEST(WatchFailures, ALookOfManyCallsCountsAsThrottledOnce) {
  WatchBench bench(time);
  bench.caller.on("DescribeInstances").times(2).fail(ErrorKind::throttled);
  bench.answer_the_rest();
  std::vector<InstanceId> ids;
  for (int i = 0; i < 3000; ++i) {
    ids.push_back(instance_id(i));
  }
  bench.runs_after("i-02999", Seconds(2));
  auto wait = WatchBench::for_running(std::move(ids));
  wait.tempo = steady(Seconds(1));
  const auto waited = co_await bench.watch->wait(std::move(wait));
  EXPECT_TRUE(waited.status);
  const auto looks = bench.looks();
  CO_ASSERT_TRUE(looks.size() == 6);
  EXPECT_EQ(looks[3] - looks[2], Seconds(2)) << "twice the interval, not four times, and not once";
}

VIRTUAL_TEST(WatchFailures, OneUnknownIdDoesNotStarveTheOthers) {
  WatchBench bench(time);
  bench.answer_the_rest();
  constexpr int waiters = 64;
  std::vector<Ending> endings(waiters);
  std::vector<Task<void>> tasks;
  bench.hide(instance_id(17).str());
  for (int i = 0; i < waiters; ++i) {
    bench.runs_after(instance_id(i).str(), Seconds(3));
    auto wait = WatchBench::for_running({instance_id(i)});
    wait.tempo = steady(Seconds(1));
    tasks.push_back(bench.wait_into(std::move(wait), {}, endings[static_cast<std::size_t>(i)]));
  }
  co_await concurrently(std::move(tasks));
  for (int i = 0; i < waiters; ++i) {
    const auto& ending = endings[static_cast<std::size_t>(i)];
    EXPECT_EQ(ending.status.has_value(), i != 17);
    if (i != 17) {
      EXPECT_EQ(ending.after, Seconds(3));
    }
  }
  EXPECT_EQ(endings[17].status.error().kind, ErrorKind::not_found);
}

VIRTUAL_TEST(WatchFailures, AnIdThatIsKnownToBeMissingIsAskedForByItself) {
  WatchBench bench(time);
  bench.answer_the_rest();
  std::vector<InstanceId> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(instance_id(i));
  }
  bench.hide(instance_id(500).str());
  bench.runs_after(instance_id(0).str(), Seconds(10));
  auto wait = WatchBench::for_running(std::move(ids));
  wait.tempo = steady(Seconds(1));
  const auto waited = co_await bench.watch->wait(std::move(wait));
  EXPECT_TRUE(waited.status);
  EXPECT_LE(bench.caller.calls().size(), 22U + 9 * 2)
      << "the first look halves down to it; the others need two calls";
}

VIRTUAL_TEST(WatchFailures, WhatBecomesVisibleInTimeIsSeen) {
  WatchBench bench(time);
  bench.hide("i-00001");
  bench.caller.on("DescribeInstances").times(200).answer([&](const Call& call) {
    return bench.describe(call);
  });
  bench.caller.on("DescribeInstances").always().answer([&](const Call& call) {
    bench.unhide("i-00001");
    return bench.describe(call);
  });
  bench.runs_after("i-00001", {});
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.tempo = steady(Seconds(1));
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_TRUE(ending.status);
  EXPECT_EQ(ending.after, Seconds(201));
}

VIRTUAL_TEST(WatchFailures, WhatIsMissingForFiveMinutesIsGone) {
  WatchBench bench(time);
  bench.answer_the_rest();
  bench.hide("i-00001");
  bench.runs_after("i-00002", std::chrono::minutes(10));
  std::vector<Ending> endings(2);
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 2; ++i) {
    auto wait = WatchBench::for_running({instance_id(i + 1)});
    wait.tempo = steady(Seconds(1));
    tasks.push_back(bench.wait_into(std::move(wait), {}, endings[static_cast<std::size_t>(i)]));
  }
  co_await concurrently(std::move(tasks));
  EXPECT_EQ(endings[0].status.error().kind, ErrorKind::not_found);
  EXPECT_EQ(endings[0].after, std::chrono::minutes(5) + Seconds(1));
  EXPECT_TRUE(endings[1].status) << "only its own wait";
  EXPECT_EQ(endings[1].after, std::chrono::minutes(10));
}

VIRTUAL_TEST(WatchFailures, TheFiveMinutesBeginAnewWhenItHasBeenVisible) {
  WatchBench bench(time);
  bench.hide("i-00001");
  bench.caller.on("DescribeInstances").times(200).answer([&](const Call& call) {
    return bench.describe(call);
  });
  bench.caller.on("DescribeInstances").answer([&](const Call& call) {
    return test::reply_of(call.action, "<reservationSet/>");
  });
  bench.answer_the_rest();
  auto wait = WatchBench::for_running({instance_id(1)});
  wait.tempo = steady(Seconds(1));
  Ending ending;
  co_await bench.wait_into(std::move(wait), {}, ending);
  EXPECT_EQ(ending.status.error().kind, ErrorKind::not_found);
  EXPECT_EQ(ending.after, Seconds(202) + std::chrono::minutes(5));
}

}  // namespace
}  // namespace pitstop::ec2
