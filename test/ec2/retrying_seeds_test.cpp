// Retrying against an EC2 that fails at random: what must hold for every seed.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "ec2/retrying_caller.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

constexpr Duration patience = Seconds(20);

/// What really became of the attempts of one call.
struct Truth {
  int attempts = 0;
  int carried_out = 0;
  bool sent = false;  ///< an attempt before the answer that counts
  bool lost = false;  ///< an attempt's fate is unknown to the caller
  ErrorKind last = ErrorKind::internal;
};

Result<Reply> random_answer(const Call& call, Random& random, Truth& truth) {
  constexpr std::array kinds = {ErrorKind::throttled, ErrorKind::transient, ErrorKind::unknown_fate,
                                ErrorKind::no_capacity, ErrorKind::refused};
  ++truth.attempts;
  if (random.unit() < 0.25) {
    ++truth.carried_out;
    return test::reply_of(call.action, "");
  }
  truth.last = kinds[random.next() % (random.unit() < 0.8 ? 3 : kinds.size())];
  truth.sent |= truth.last != ErrorKind::transient;
  if (truth.last == ErrorKind::unknown_fate) {
    truth.lost = true;
    truth.carried_out += random.unit() < 0.5 ? 1 : 0;
  }
  return fail(truth.last, "as chance wants it");
}

void judge(const Result<Reply>& reply, Effect effect, const Truth& truth) {
  const bool changes = effect != Effect::asks;
  if (effect == Effect::creates) {
    EXPECT_LE(truth.carried_out, 1);
  }
  if (reply) {
    EXPECT_EQ(reply->may_be_a_repetition, changes && truth.sent);
    return;
  }
  const ErrorKind kind = reply.error().kind;
  EXPECT_EQ(kind, changes && truth.lost ? ErrorKind::unknown_fate : truth.last);
  if (changes && kind != ErrorKind::unknown_fate) {
    EXPECT_EQ(truth.carried_out, 0) << "it says that nothing happened";
  }
}

Task<void> one_call(VirtualTime& time, std::uint64_t seed) {
  SeededRandom random(seed);
  Truth truth;
  test::ScriptedCaller wire(time);
  wire.on("X").always().after(Milliseconds(random.next() % 3000)).answer([&](const Call& call) {
    return random_answer(call, random, truth);
  });
  RetryingCaller retrying(wire, time, random, patience);
  const Effect effect = std::array{Effect::asks, Effect::settles, Effect::creates}[seed % 3];
  Call call{.action = "X", .effect = effect};
  const Instant begun = time.now();
  const auto reply = co_await retrying.call(std::move(call));
  judge(reply, effect, truth);
  EXPECT_LT(time.now() - begun, patience + Seconds(3)) << "patience and one attempt";
}

TEST(RetryingCaller, KeepsItsWordForEverySeed) {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    test::run_in_virtual_time([seed](VirtualTime& time) { return one_call(time, seed); });
    if (HasFailure()) {
      return;
    }
  }
}

}  // namespace
}  // namespace pitstop::ec2
