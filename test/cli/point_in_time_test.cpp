#include "cli/point_in_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pitstop {
namespace {

using testing::HasSubstr;

const WallTime now = *parse_rfc3339("2026-11-23T00:16:00.250Z");

TEST(PointInTime, IsADateATimeOrAnAge) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"2026-11-01", "2026-11-01T00:00:00.000Z"},
      {"2024-02-29", "2024-02-29T00:00:00.000Z"},
      {"2026-11-01T06:30:00Z", "2026-11-01T06:30:00.000Z"},
      {"2026-11-01T06:30:00.125Z", "2026-11-01T06:30:00.125Z"},
      {"2026-11-01T06:30:00+02:00", "2026-11-01T04:30:00.000Z"},
      {"2026-11-01T22:30:00.5-05:30", "2026-11-02T04:00:00.500Z"},
      {"90d", "2026-08-25T00:16:00.250Z"},
      {"1h30m", "2026-11-22T22:46:00.250Z"},
  };
  for (const auto& [text, expected] : cases) {
    const auto time = parse_point_in_time(text, now);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(rfc3339(*time), expected);
  }
}

TEST(PointInTime, IsNothingElse) {
  for (const auto* text :
       {"", "yesterday", "2026-11", "2026-11-31", "2025-02-29", "01.11.2026", "2026-11-01 06:30",
        "2026-11-01T06:30:00", "2026-11-01T06:30:00*02:00", "2026-11-01T06:30:00+25:00",
        "2026-11-01T06:30Z", "90", "-90d", "d", "+02:00"}) {
    const auto time = parse_point_in_time(text, now);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::usage);
    EXPECT_THAT(time.error().message, HasSubstr("is not a date, a time or an age"));
    EXPECT_THAT(time.error().hint, HasSubstr("2026-11-01"));
  }
}

}  // namespace
}  // namespace pitstop
