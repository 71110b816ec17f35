#include "ec2/starts_together.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "base/random.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

struct Bench {
  explicit Bench(Clock& clock) : caller(clock), pace(clock), starts(caller, pace, clock, random) {}

  /// EC2 starts all but these.
  void start_all_but(std::vector<std::string> bad) {
    caller.on("StartInstances").always().answer([=](const Call& call) -> Result<Reply> {
      std::string items;
      for (const auto& id : test::RecordedCall{.time = {}, .call = call}.list("InstanceId")) {
        if (contains(bad, id)) {
          return fail(ErrorKind::wrong_state, id + " is terminated");
        }
        items += fmt::format(
            "<item><instanceId>{}</instanceId><currentState><code>0</code></currentState>"
            "<previousState><code>80</code></previousState></item>",
            id);
      }
      return test::reply_of("StartInstances",
                            fmt::format("<instancesSet>{}</instancesSet>", items));
    });
  }

  Task<void> use_up_the_tokens() {
    for (int i = 0; i < 5; ++i) {
      co_await pace.take({.action = "StartInstances"}, Urgency::prepares);
    }
  }

  Task<void> start_into(int number, Status& status) {
    const auto answer = co_await starts.start(InstanceId(fmt::format("i-{:05}", number)), false);
    status = answer ? Status() : fail(answer.error());
  }

  Task<void> start(int count, std::vector<Status>& statuses) {
    statuses.resize(static_cast<std::size_t>(count));
    std::vector<Task<void>> tasks;
    for (int i = 0; i < count; ++i) {
      tasks.push_back(start_into(i, statuses[static_cast<std::size_t>(i)]));
    }
    co_await concurrently(std::move(tasks));
  }

  std::vector<std::size_t> sizes() const {
    std::vector<std::size_t> all;
    for (const auto& made : caller.calls()) {
      all.push_back(made.list("InstanceId").size());
    }
    return all;
  }

  test::ScriptedCaller caller;
  SeededRandom random{1};
  Pace pace;
  StartsTogether starts;
};

VIRTUAL_TEST(StartsTogether, OneGoesAloneAndAtOnce) {
  Bench bench(time);
  bench.start_all_but({});
  const Instant begun = time.now();
  std::vector<Status> statuses;
  co_await bench.start(1, statuses);
  EXPECT_EQ(time.now(), begun);
  EXPECT_THAT(bench.sizes(), ElementsAre(1));
  EXPECT_EQ(bench.caller.calls().front().call.urgency, Urgency::brings_back);
}

VIRTUAL_TEST(StartsTogether, ThoseThatFindNoTokenGoInOneCall) {
  Bench bench(time);
  bench.start_all_but({});
  co_await bench.use_up_the_tokens();
  const Instant begun = time.now();
  std::vector<Status> statuses;
  co_await bench.start(30, statuses);
  EXPECT_THAT(bench.sizes(), ElementsAre(30));
  EXPECT_LE(time.now() - begun, Duration(Milliseconds(700)));
  for (const auto& status : statuses) {
    EXPECT_TRUE(status);
  }
}

VIRTUAL_TEST(StartsTogether, NoMoreThanFiftyAreInACall) {
  Bench bench(time);
  bench.start_all_but({});
  co_await bench.use_up_the_tokens();
  std::vector<Status> statuses;
  co_await bench.start(120, statuses);
  EXPECT_THAT(bench.sizes(), ElementsAre(50, 50, 20));
}

VIRTUAL_TEST(StartsTogether, ABadOneFailsAlone) {
  Bench bench(time);
  bench.start_all_but({"i-00013"});
  co_await bench.use_up_the_tokens();
  std::vector<Status> statuses;
  co_await bench.start(30, statuses);
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    EXPECT_EQ(statuses[i].has_value(), i != 13) << i;
  }
  EXPECT_LE(bench.caller.calls().size(), 11U);
}

VIRTUAL_TEST(StartsTogether, WhereTheReplyIsLostAllAreToldSo) {
  Bench bench(time);
  co_await bench.use_up_the_tokens();
  bench.caller.on("StartInstances").fail(ErrorKind::unknown_fate);
  std::vector<Status> statuses;
  co_await bench.start(3, statuses);
  for (const auto& status : statuses) {
    EXPECT_EQ(status.error().kind, ErrorKind::unknown_fate);
  }
  EXPECT_THAT(bench.caller.calls(), SizeIs(1)) << "their state tells what became of it";
}

VIRTUAL_TEST(StartsTogether, ASurpriseIsAnErrorOfThoseWhomItConcerns) {
  Bench bench(time);
  bench.caller.on("StartInstances").answer([](const Call&) -> Result<Reply> {
    throw std::runtime_error("thrown by the test");
  });
  bench.start_all_but({});
  std::vector<Status> statuses;
  co_await bench.start(1, statuses);
  EXPECT_EQ(statuses.front().error().kind, ErrorKind::internal);
  co_await bench.start(1, statuses);
  EXPECT_TRUE(statuses.front());
}

VIRTUAL_TEST(StartsTogether, OneThatIsThrottledIsTriedAgain) {
  Bench bench(time);
  bench.caller.on("StartInstances").times(2).fail_with_code("RequestLimitExceeded", 503);
  bench.start_all_but({});
  std::vector<Status> statuses;
  co_await bench.start(1, statuses);
  EXPECT_TRUE(statuses.front());
  EXPECT_THAT(bench.caller.calls(), SizeIs(3));
}

}  // namespace
}  // namespace pitstop::ec2
