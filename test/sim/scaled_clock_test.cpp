#include "sim/scaled_clock.hpp"

#include <gtest/gtest.h>

#include "support/coroutine.hpp"

namespace pitstop::sim {
namespace {

VIRTUAL_TEST(ScaledClock, RunsFaster) {
  co_await time.sleep(Seconds(7));
  const ScaledClock fast(time, 60);
  const auto begun = fast.now();
  const auto wall = fast.wall();
  EXPECT_EQ(begun, time.now());
  EXPECT_EQ(wall, time.wall());
  co_await time.sleep(Seconds(2));
  EXPECT_EQ(fast.now() - begun, Seconds(120));
  EXPECT_EQ(fast.wall() - wall, Seconds(120));
}

VIRTUAL_TEST(ScaledClock, RunsSlower) {
  const ScaledClock slow(time, 0.1);
  const auto begun = slow.now();
  co_await time.sleep(Seconds(20));
  EXPECT_EQ(slow.now() - begun, Seconds(2));
}

VIRTUAL_TEST(ScaledClock, SleepsAsLongAsItSays) {
  ScaledClock fast(time, 1000);
  const auto begun = time.now();
  co_await fast.sleep(Seconds(500));
  EXPECT_EQ(time.now() - begun, Milliseconds(500));
}

VIRTUAL_TEST(ScaledClock, KeepsTimeForYearsAndStopsBeforeItOverflows) {
  const ScaledClock fast(time, 100'000);
  const auto begun = fast.now();
  co_await time.sleep(std::chrono::hours(1));
  EXPECT_EQ(fast.now() - begun, std::chrono::hours(100'000));
  co_await time.sleep(std::chrono::days(30));
  EXPECT_EQ(fast.now() - begun, std::chrono::years(100));
  EXPECT_GT(fast.wall(), time.wall());
}

}  // namespace
}  // namespace pitstop::sim
