#include "report/availability.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

struct Case {
  Milliseconds downtime;
  const char* percent;
  int nines;
};

TEST(Availability, IsCutAndNeverBetterThanItWas) {
  // Of a period of 1,000,000,000 ms, eleven and a half days.
  const std::vector<Case> cases{
      {Milliseconds(0), "100 %", 9},
      {Milliseconds(1), "99.99999990 %", 9},
      {Milliseconds(2), "99.9999998 %", 8},
      {Milliseconds(1'300'000), "99.87 %", 2},
      {Milliseconds(1'000'000), "99.90 %", 3},
      {Milliseconds(1'000'001), "99.89 %", 2},
      {Milliseconds(999'999), "99.90 %", 3},
      {Milliseconds(100'000), "99.990 %", 4},
      {Milliseconds(100'001), "99.98 %", 3},
      {Milliseconds(50'000), "99.995 %", 4},
      {Milliseconds(10'000'000), "99.00 %", 2},
      {Milliseconds(10'000'001), "98.99 %", 1},
      {Milliseconds(100'000'000), "90.00 %", 1},
      {Milliseconds(100'000'001), "89.99 %", 0},
      {Milliseconds(999'999'999), "0.00 %", 0},
      {Milliseconds(1'000'000'000), "0.00 %", 0},
      {Milliseconds(5'000'000'000), "0.00 %", 0},
  };
  for (const auto& one : cases) {
    const Availability availability(one.downtime, Seconds(1'000'000));
    EXPECT_EQ(availability.percent(), one.percent) << one.downtime.count();
    EXPECT_EQ(availability.nines(), one.nines) << one.downtime.count();
  }
}

TEST(Availability, IsAFraction) {
  EXPECT_DOUBLE_EQ(Availability(Seconds(1), Seconds(8)).fraction(), 0.875);
  EXPECT_DOUBLE_EQ(Availability(Seconds(0), Seconds(8)).fraction(), 1.0);
  EXPECT_DOUBLE_EQ(Availability(Seconds(9), Seconds(8)).fraction(), 0.0);
}

TEST(Availability, OfCenturiesIsExactToo) {
  const Availability availability(Seconds(1), std::chrono::hours(24 * 365 * 200));
  EXPECT_EQ(availability.nines(), 9);
  EXPECT_EQ(availability.percent(), "99.99999998 %");
}

}  // namespace
}  // namespace pitstop
