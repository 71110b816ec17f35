#include "schedule/window.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "utc.hpp"

namespace pitstop {
namespace {

using test::utc;
using namespace std::chrono_literals;
using testing::HasSubstr;

TimeZone berlin() {
  return TimeZone::named("Europe/Berlin").value();
}

std::vector<Window> windows(std::string_view text) {
  return {parse_window(text).value()};
}

TEST(Window, IsReadAndShown) {
  for (const auto* text :
       {"02:00-05:00", "Sun 02:00-05:00", "Mon,Tue,Wed,Thu,Fri 22:00-04:00", "00:00-24:00"}) {
    EXPECT_EQ(to_string(parse_window(text).value()), text);
  }
  EXPECT_EQ(parse_window(" mon-fri 22:00-04:00 ").value(),
            parse_window("Mon,Tue,Wed,Thu,Fri 22:00-04:00").value());
  EXPECT_EQ(parse_window("Sat-Sun 22:00-04:00").value(),
            parse_window("Sun,Sat 22:00-04:00").value());
  EXPECT_EQ(parse_window("Mon-Sun 22:00-04:00").value(), parse_window("22:00-04:00").value());
  EXPECT_EQ(parse_window("22:00-00:00").value(), parse_window("22:00-24:00").value());
}

TEST(Window, IsNotReadIntoWhatIsNone) {
  for (const auto* text :
       {"", "Sun", "02:00", "02:00-", "2:00-05:00", "02:00-05:60", "02:00-25:00", "02:00-24:01",
        "24:00-02:00", "02:00-02:00", "Son 02:00-05:00", "Sun-Mon-Tue 02:00-05:00",
        "Sun, Mon 02:00-05:00", "Sun 02:00-05:00 UTC", "Sun,,Mon 02:00-05:00", "-1:00-05:00",
        "02:00--5:00", "Sun\n02:00-05:00"}) {
    const auto window = parse_window(text);
    ASSERT_FALSE(window) << text;
    EXPECT_EQ(window.error().kind, ErrorKind::usage);
    EXPECT_THAT(window.error().message, HasSubstr("is not a window"));
  }
}

TEST(Window, IsOpenFromItsBeginningToBeforeItsEnd) {
  const auto sunday = windows("Sun 02:00-05:00");
  EXPECT_FALSE(opening_at(sunday, berlin(), utc("2026-11-29T00:59:59.999Z")));
  const auto opening = opening_at(sunday, berlin(), utc("2026-11-29T01:00:00Z"));
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->opens, utc("2026-11-29T01:00:00Z"));
  EXPECT_EQ(opening->closes, utc("2026-11-29T04:00:00Z"));
  EXPECT_TRUE(opening_at(sunday, berlin(), utc("2026-11-29T03:59:59.999Z")));
  EXPECT_FALSE(opening_at(sunday, berlin(), utc("2026-11-29T04:00:00Z")));
  EXPECT_FALSE(opening_at(sunday, berlin(), utc("2026-11-28T02:00:00Z"))) << "a Saturday";
}

TEST(Window, MayCloseOnTheNextDay) {
  const auto friday = windows("Fri 22:00-04:00");
  EXPECT_TRUE(opening_at(friday, TimeZone(), utc("2026-11-28T03:59:00Z")));
  EXPECT_FALSE(opening_at(friday, TimeZone(), utc("2026-11-28T04:00:00Z")));
  EXPECT_FALSE(opening_at(friday, TimeZone(), utc("2026-11-28T22:00:00Z")));
}

TEST(Window, OpensNext) {
  const auto sunday = windows("Sun 02:00-05:00");
  const auto next = [&](std::string_view after) {
    return opening_after(sunday, berlin(), utc(after)).opens;
  };
  EXPECT_EQ(next("2026-11-27T15:00:00Z"), utc("2026-11-29T01:00:00Z"));
  EXPECT_EQ(next("2026-11-29T00:59:59Z"), utc("2026-11-29T01:00:00Z"));
  EXPECT_EQ(next("2026-11-29T01:00:00Z"), utc("2026-12-06T01:00:00Z"));
}

TEST(Window, OfSeveralIsTheOneThatClosesLast) {
  const std::vector<Window> two{*parse_window("02:00-03:00"), *parse_window("02:30-05:00")};
  EXPECT_EQ(opening_at(two, TimeZone(), utc("2026-11-29T02:40:00Z"))->closes,
            utc("2026-11-29T05:00:00Z"));
  EXPECT_EQ(opening_after(two, TimeZone(), utc("2026-11-29T00:00:00Z")).opens,
            utc("2026-11-29T02:00:00Z"));
}

// On 2026-10-25 clocks in Berlin go from 03:00 (01:00 UTC) back to 02:00.
TEST(Window, IsLongerWhenClocksArePutBack) {
  const auto opening = opening_at(windows("02:00-03:00"), berlin(), utc("2026-10-25T01:30:00Z"));
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->opens, utc("2026-10-25T00:00:00Z"));
  EXPECT_EQ(opening->closes, utc("2026-10-25T02:00:00Z"));
}

// On 2026-03-29 they go from 02:00 (01:00 UTC) to 03:00.
TEST(Window, IsShorterWhenClocksArePutForward) {
  const auto opening = opening_at(windows("01:00-05:00"), berlin(), utc("2026-03-29T00:30:00Z"));
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->closes - opening->opens, 3h);
}

TEST(Window, IsNotLostWhenClocksAreJustThenPutForward) {
  const auto opening =
      opening_at(windows("Sun 02:00-03:00"), berlin(), utc("2026-03-29T01:30:00Z"));
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->opens, utc("2026-03-29T01:00:00Z"));
  EXPECT_EQ(opening->closes, utc("2026-03-29T02:00:00Z"));
}

/// Five minutes at a time through a year in which clocks are put forward and back in windows.
TEST(Window, IsWhatTheClockOnTheWallSays) {
  const auto zone = TimeZone::named("America/New_York").value();
  const auto window = windows("Sat-Sun 00:30-04:15");
  for (auto time = utc("2026-01-01T00:00:00Z"); time < utc("2027-01-01T00:00:00Z"); time += 5min) {
    const auto local = zone.local(time);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto weekday = std::chrono::weekday(day);
    const bool is_weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
    const bool says_open = is_weekend && local - day >= 30min && local - day < 255min;
    EXPECT_EQ(opening_at(window, zone, time).has_value(), says_open) << rfc3339(time);
  }
}

}  // namespace
}  // namespace pitstop
