#include "backup/alarm.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace pitstop {
namespace {

TEST(Alarm, RingsSeldomerAndSeldomerAndAtLeastOnceAnHour) {
  Alarm alarm(std::chrono::minutes(1));
  std::vector<int> minutes;
  for (int minute = 0; minute <= 300; ++minute) {
    if (alarm.rings(std::chrono::minutes(minute))) {
      minutes.push_back(minute);
    }
  }
  EXPECT_EQ(minutes, (std::vector{1, 3, 9, 27, 81, 141, 201, 261}));
}

TEST(Alarm, RingsOnceForWhatWasMissed) {
  Alarm alarm(std::chrono::minutes(1));
  EXPECT_TRUE(alarm.rings(std::chrono::minutes(10)));
  EXPECT_FALSE(alarm.rings(std::chrono::minutes(10)));
  EXPECT_EQ(alarm.next(), std::chrono::minutes(27));
}

}  // namespace
}  // namespace pitstop
