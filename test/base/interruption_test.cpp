#include "base/interruption.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace pitstop {
namespace {

TEST(Interruption, CallsAllSubscribersInOrder) {
  Interruption interruption;
  std::string calls;
  const auto first = interruption.subscribe([&] { calls += 'a'; });
  const auto second = interruption.subscribe([&] { calls += 'b'; });
  EXPECT_FALSE(interruption.requested());
  EXPECT_EQ(calls, "");
  interruption.request();
  EXPECT_TRUE(interruption.requested());
  EXPECT_EQ(calls, "ab");
}

TEST(Interruption, CallsALateSubscriberAtOnce) {
  Interruption interruption;
  interruption.request();
  int calls = 0;
  const auto subscription = interruption.subscribe([&] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(Interruption, CallsNobodyWhoHasGone) {
  Interruption interruption;
  int calls = 0;
  {
    const auto subscription = interruption.subscribe([&] { ++calls; });
    const auto kept = interruption.subscribe([] {});
  }
  interruption.request();
  EXPECT_EQ(calls, 0);
}

TEST(Interruption, CallsOnceAfterASubscriptionHasMoved) {
  Interruption interruption;
  int calls = 0;
  std::optional<Interruption::Subscription> moved;
  {
    auto subscription = interruption.subscribe([&] { ++calls; });
    moved.emplace(std::move(subscription));
  }
  interruption.request();
  EXPECT_EQ(calls, 1);
  moved.reset();
  interruption.request();
  EXPECT_EQ(calls, 1);
}

TEST(Interruption, MayGoBeforeItsSubscribers) {
  std::optional<Interruption> interruption(std::in_place);
  const auto subscription = interruption->subscribe([] {});
  interruption.reset();
  const Interruption::Subscription none;
}

}  // namespace
}  // namespace pitstop
