#include "base/backoff.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

TEST(LongestWait, DoublesUpToTwentySeconds) {
  EXPECT_EQ(longest_wait(ErrorKind::transient, 0), Milliseconds(50));
  EXPECT_EQ(longest_wait(ErrorKind::transient, 1), Milliseconds(100));
  EXPECT_EQ(longest_wait(ErrorKind::unknown_fate, 3), Milliseconds(400));
  EXPECT_EQ(longest_wait(ErrorKind::throttled, 0), Seconds(1));
  EXPECT_EQ(longest_wait(ErrorKind::throttled, 4), Seconds(16));
  EXPECT_EQ(longest_wait(ErrorKind::throttled, 5), Seconds(20));
  EXPECT_EQ(longest_wait(ErrorKind::transient, 1'000'000), Seconds(20));
}

TEST(DrawWait, LiesBetweenNothingAndTheLongest) {
  SeededRandom random(1);
  Duration shortest = Duration::max();
  Duration longest{};
  for (int i = 0; i < 1000; ++i) {
    const auto wait = draw_wait(ErrorKind::throttled, 1, random);
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
  }
  EXPECT_LT(shortest, Milliseconds(50));
  EXPECT_GT(longest, Milliseconds(1950));
  EXPECT_LT(longest, Seconds(2));
}

}  // namespace
}  // namespace pitstop
