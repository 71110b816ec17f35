#include "schedule/time_zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "utc.hpp"

namespace pitstop {
namespace {

using test::utc;
using testing::HasSubstr;

TEST(TimeZone, ShowsWhatClocksShow) {
  const auto berlin = TimeZone::named("Europe/Berlin").value();
  EXPECT_EQ(berlin.name(), "Europe/Berlin");
  EXPECT_EQ(berlin.show(utc("2026-11-29T01:00:00Z")), "Sun 2026-11-29 02:00 CET");
  EXPECT_EQ(berlin.show(utc("2026-07-01T01:00:00Z")), "Wed 2026-07-01 03:00 CEST");
  EXPECT_EQ(TimeZone().show(utc("2026-11-29T01:00:59Z")), "Sun 2026-11-29 01:00 UTC");
  EXPECT_EQ(TimeZone::named("UTC").value().show(utc("2026-11-29T01:00:00Z")),
            "Sun 2026-11-29 01:00 UTC");
}

TEST(TimeZone, KnowsTheHourThatIsThereTwice) {
  const auto berlin = TimeZone::named("Europe/Berlin").value();
  const auto twice = berlin.local(utc("2026-10-25T00:30:00Z"));
  EXPECT_EQ(twice, berlin.local(utc("2026-10-25T01:30:00Z")));
  EXPECT_EQ(berlin.first(twice), utc("2026-10-25T00:30:00Z"));
  EXPECT_EQ(berlin.last(twice), utc("2026-10-25T01:30:00Z"));
}

TEST(TimeZone, KnowsTheHourThatIsNotThere) {
  const auto berlin = TimeZone::named("Europe/Berlin").value();
  const auto half_past_one = berlin.local(utc("2026-03-29T00:30:00Z"));
  const auto missing = half_past_one + std::chrono::hours(1);
  EXPECT_EQ(berlin.first(missing), utc("2026-03-29T01:00:00Z"));
  EXPECT_EQ(berlin.last(missing), utc("2026-03-29T01:00:00Z"));
}

TEST(TimeZone, IsNotWhatTheDatabaseDoesNotHave) {
  for (const auto* name : {"", "Europe/Bonn", "../../etc/passwd", "CEST+1", "berlin"}) {
    const auto zone = TimeZone::named(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().kind, ErrorKind::usage);
    EXPECT_THAT(zone.error().message, HasSubstr("there is no time zone"));
  }
}

}  // namespace
}  // namespace pitstop
