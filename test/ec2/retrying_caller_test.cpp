#include "ec2/retrying_caller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Duration usual_patience = Seconds(30);

/// A Random that always says the same.
class Constant final : public Random {
 public:
  explicit Constant(std::uint64_t value) : value_(value) {}
  std::uint64_t next() override { return value_; }

 private:
  std::uint64_t value_;
};

struct RetryBench {
  explicit RetryBench(VirtualTime& time_) : time(time_) {}

  /// Calls the action "X", whose effect is that, and returns how it ended.
  Task<Result<Reply>> make(Effect effect) {
    Call call{.action = "X", .effect = effect};
    return retrying.call(std::move(call));
  }

  VirtualTime& time;
  test::ScriptedCaller wire{time};
  SeededRandom random{1};
  RetryingCaller retrying{wire, time, random, usual_patience};
};

TEST(WorthRepeating, DependsOnTheKindAndOnWhatTheCallDoes) {
  for (const auto effect : {Effect::asks, Effect::settles, Effect::creates}) {
    EXPECT_TRUE(worth_repeating(ErrorKind::throttled, effect));
    EXPECT_TRUE(worth_repeating(ErrorKind::transient, effect));
    EXPECT_EQ(worth_repeating(ErrorKind::unknown_fate, effect), effect != Effect::creates);
    for (const auto kind :
         {ErrorKind::not_found, ErrorKind::wrong_state, ErrorKind::no_capacity,
          ErrorKind::would_work, ErrorKind::forbidden, ErrorKind::refused, ErrorKind::deadline,
          ErrorKind::interrupted, ErrorKind::usage, ErrorKind::internal}) {
      EXPECT_FALSE(worth_repeating(kind, effect)) << to_string(kind);
    }
  }
}

VIRTUAL_TEST(RetryingCaller, HandsAnAnswerOnAtOnce) {
  RetryBench bench(time);
  const Instant begun = time.now();
  bench.wire.on("X").reply();
  const auto reply = co_await bench.make(Effect::creates);
  CO_ASSERT_TRUE(reply);
  EXPECT_FALSE(reply->may_be_a_repetition);
  EXPECT_EQ(time.now(), begun);
}

VIRTUAL_TEST(RetryingCaller, RepeatsWhatCertainlyDidNotHappenEvenIfItCreates) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::transient);
  bench.wire.on("X").fail(ErrorKind::throttled);
  bench.wire.on("X").reply();
  const auto reply = co_await bench.make(Effect::creates);
  CO_ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->may_be_a_repetition) << "no error is believed against what EC2 shows";
  EXPECT_THAT(bench.wire.unused(), IsEmpty());
}

VIRTUAL_TEST(RetryingCaller, NeverRepeatsACreationWhoseFateIsUnknown) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::throttled);
  bench.wire.on("X").fail(ErrorKind::unknown_fate);
  const auto reply = co_await bench.make(Effect::creates);
  CO_ASSERT_TRUE(!reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::unknown_fate);
  EXPECT_THAT(bench.wire.calls(), SizeIs(2));
}

VIRTUAL_TEST(RetryingCaller, RemembersThatASettlingCallMayHaveHappenedBefore) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::unknown_fate);
  bench.wire.on("X").fail(ErrorKind::throttled);
  bench.wire.on("X").reply();
  const auto reply = co_await bench.make(Effect::settles);
  CO_ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->may_be_a_repetition);
}

VIRTUAL_TEST(RetryingCaller, AQuestionIsNoRepetition) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::unknown_fate);
  bench.wire.on("X").reply();
  const auto reply = co_await bench.make(Effect::asks);
  CO_ASSERT_TRUE(reply);
  EXPECT_FALSE(reply->may_be_a_repetition);
}

VIRTUAL_TEST(RetryingCaller, AfterALostAttemptTheFateStaysUnknownWhateverTheLastOneSaid) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::unknown_fate);
  bench.wire.on("X").fail_with_code("InsufficientInstanceCapacity", 500);
  const auto reply = co_await bench.make(Effect::settles);
  CO_ASSERT_TRUE(!reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::unknown_fate);
  EXPECT_EQ(reply.error().code, "InsufficientInstanceCapacity");
}

VIRTUAL_TEST(RetryingCaller, ALostQuestionKeepsTheErrorThatCameInTheEnd) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::unknown_fate);
  bench.wire.on("X").fail(ErrorKind::not_found);
  const auto reply = co_await bench.make(Effect::asks);
  CO_ASSERT_TRUE(!reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::not_found);
}

VIRTUAL_TEST(RetryingCaller, GivesUpWhenItsPatienceEnds) {
  RetryBench bench(time);
  const Instant begun = time.now();
  bench.wire.on("X").always().fail(ErrorKind::throttled);
  const auto reply = co_await bench.make(Effect::asks);
  CO_ASSERT_TRUE(!reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::throttled);
  EXPECT_LT(time.now() - begun, usual_patience);
  EXPECT_GT(bench.wire.calls().size(), 3U);
}

VIRTUAL_TEST(RetryingCaller, ACallCanBringItsOwnPatience) {
  RetryBench bench(time);
  const Instant begun = time.now();
  bench.wire.on("X").always().fail(ErrorKind::throttled);
  Call call{.action = "X", .patience = std::chrono::hours(1)};
  const auto reply = co_await bench.retrying.call(std::move(call));
  EXPECT_FALSE(reply);
  EXPECT_LT(time.now() - begun, std::chrono::hours(1));
  EXPECT_GT(time.now() - begun, std::chrono::minutes(59));
}

VIRTUAL_TEST(RetryingCaller, WithoutPatienceThereIsOneAttempt) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::transient);
  Call call{.action = "X", .patience = Duration::zero()};
  const auto reply = co_await bench.retrying.call(std::move(call));
  EXPECT_FALSE(reply);
  EXPECT_THAT(bench.wire.calls(), SizeIs(1));
}

VIRTUAL_TEST(RetryingCaller, TheTimeOfSlowAttemptsCountsAgainstThePatience) {
  RetryBench bench(time);
  bench.wire.on("X").times(3).after(Seconds(12)).fail(ErrorKind::unknown_fate);
  const auto reply = co_await bench.make(Effect::asks);
  EXPECT_FALSE(reply);
  EXPECT_THAT(bench.wire.unused(), IsEmpty());
}

VIRTUAL_TEST(RetryingCaller, SendsTheSameCallAgain) {
  RetryBench bench(time);
  bench.wire.on("X").fail(ErrorKind::transient);
  bench.wire.on("X").reply();
  Call call{.action = "X", .effect = Effect::settles, .attempt_timeout = Seconds(7)};
  call.parameters.add("ClientToken", "once");
  const auto reply = co_await bench.retrying.call(std::move(call));
  CO_ASSERT_TRUE(reply);
  for (const auto& made : bench.wire.calls()) {
    EXPECT_EQ(made.parameter("ClientToken"), "once");
    EXPECT_EQ(made.call.effect, Effect::settles);
    EXPECT_EQ(made.call.attempt_timeout, Seconds(7));
  }
}

VIRTUAL_TEST(RetryingCaller, DrawsItsWaitsBetweenNothingAndTheLongest) {
  test::ScriptedCaller wire(time);
  wire.on("X").always().fail(ErrorKind::transient);
  Constant half(std::uint64_t{1} << 63);
  RetryingCaller retrying(wire, time, half, Milliseconds(400));
  const Instant begun = time.now();
  Call call{.action = "X"};
  const auto reply = co_await retrying.call(std::move(call));
  EXPECT_FALSE(reply);
  std::vector<Duration> waited;
  for (const auto& made : wire.calls()) {
    waited.push_back(made.time - begun);
  }
  EXPECT_THAT(waited, ElementsAre(Milliseconds(0), Milliseconds(25), Milliseconds(75),
                                  Milliseconds(175), Milliseconds(375)));
}

}  // namespace
}  // namespace pitstop::ec2
