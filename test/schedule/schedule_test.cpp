#include "schedule/schedule.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hpp"
#include "utc.hpp"

namespace pitstop {
namespace {

using test::utc;
using namespace std::chrono_literals;

const WallTime now = utc("2026-11-27T15:00:00Z");

Schedule every(Duration interval) {
  return {.every = interval};
}

Schedule sundays() {
  return {.every = std::chrono::days(7),
          .windows = {*parse_window("Sun 02:00-05:00")},
          .zone = *TimeZone::named("Europe/Berlin")};
}

TEST(Schedule, HasWhoeverWasNeverBackedUp) {
  EXPECT_TRUE(is_due(every(24h), {}, now));
}

TEST(Schedule, HasAServerAgainAfterItsInterval) {
  EXPECT_FALSE(is_due(every(24h), {.good = now - 23h}, now));
  EXPECT_TRUE(is_due(every(24h), {.good = now - 24h + 10s}, now)) << "the timer was a bit early";
  EXPECT_TRUE(is_due(every(24h), {.good = now - 30h}, now));
  EXPECT_FALSE(is_due(every(1h), {.good = now - 55min}, now));
  EXPECT_FALSE(is_due(every(24h), {.good = now + 1h}, now)) << "a clock was set back";
}

TEST(Schedule, LeavesAloneForAWhileWhatFailed) {
  EXPECT_FALSE(is_due(every(24h), {.tried = now - 59min}, now));
  EXPECT_TRUE(is_due(every(24h), {.tried = now - 60min}, now));
  EXPECT_FALSE(is_due(every(24h), {.good = now - 30h, .tried = now - 10min}, now));
  EXPECT_FALSE(is_due(every(24h), {.good = now - 5h, .tried = now - 2h}, now))
      << "it was not due when it failed, and is not now";
}

TEST(Schedule, GoesByOpeningsOfTheWindowWhereverInThemABackupWas) {
  const PastBackups late_last_sunday{.good = utc("2026-11-22T03:55:00Z")};
  EXPECT_TRUE(is_due(sundays(), late_last_sunday, utc("2026-11-29T01:00:00Z")));
  EXPECT_FALSE(
      is_due(sundays(), {.good = utc("2026-11-29T01:00:10Z")}, utc("2026-11-29T03:59:00Z")));
}

TEST(Schedule, GoesByTheClockOverAChangeOfTheHour) {
  const PastBackups before{.good = utc("2026-03-22T03:55:00Z")};
  EXPECT_TRUE(is_due(sundays(), before, utc("2026-03-29T01:00:00Z")));
  const PastBackups late{.good = utc("2026-10-18T02:55:00Z")};
  EXPECT_TRUE(is_due(sundays(), late, utc("2026-10-25T01:00:00Z")));
}

TEST(Schedule, AfterABackupOutOfTheWindowWaitsForTheInterval) {
  const PastBackups on_thursday{.good = utc("2026-11-26T12:00:00Z")};
  EXPECT_FALSE(is_due(sundays(), on_thursday, utc("2026-11-29T01:00:00Z")));
  EXPECT_TRUE(is_due(sundays(), on_thursday, utc("2026-12-06T01:00:00Z")));
}

TEST(Schedule, MayHaveMoreThanOneBackupInOneOpening) {
  const Schedule hourly{.every = 1h, .windows = {*parse_window("20:00-24:00")}};
  EXPECT_TRUE(is_due(hourly, {.good = utc("2026-11-27T20:00:00Z")}, utc("2026-11-27T21:00:00Z")));
  EXPECT_FALSE(is_due(hourly, {.good = utc("2026-11-27T20:30:00Z")}, utc("2026-11-27T21:00:00Z")));
}

struct Timer {
  Duration every;
  Duration jitter;
};

/// Asks as a timer does, for a year; a backup begins some seconds after it was asked for.
std::vector<WallTime> backups_in_a_year(const Schedule& schedule, Timer timer, std::uint64_t seed) {
  SeededRandom random(seed);
  const auto some_of = [&](Duration most) {
    return std::chrono::floor<Milliseconds>(
        Duration(static_cast<Duration::rep>(random.unit() * static_cast<double>(most.count()))));
  };
  std::vector<WallTime> backups;
  PastBackups past;
  const auto begin = utc("2026-01-01T00:00:00Z");
  for (auto tick = begin; tick < begin + std::chrono::days(364);
       tick += std::chrono::floor<Milliseconds>(timer.every)) {
    const auto asked = tick + some_of(timer.jitter);
    const bool is_open =
        schedule.windows.empty() || opening_at(schedule.windows, schedule.zone, asked);
    if (is_open && is_due(schedule, past, asked)) {
      backups.push_back(asked + some_of(90s));
      past.good = backups.back();
    }
  }
  return backups;
}

class ScheduleWithTimer : public testing::TestWithParam<Timer> {};

TEST_P(ScheduleWithTimer, IsKeptForAYear) {
  const auto& timer = GetParam();
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    EXPECT_EQ(backups_in_a_year(sundays(), timer, seed).size(), 52U);
    const auto daily = backups_in_a_year(every(24h), timer, seed);
    for (std::size_t i = 1; i < daily.size(); ++i) {
      EXPECT_GE(daily[i] - daily[i - 1], 24h - 2min);
      EXPECT_LE(daily[i] - daily[i - 1], 24h + timer.every + timer.jitter + 90s);
    }
    if (timer.jitter == 0s) {
      EXPECT_GE(daily.size(), 363U) << "it does not move to a later hour";
      EXPECT_LE(daily.size(), 365U);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Timers, ScheduleWithTimer,
                         testing::Values(Timer{5min, 0s}, Timer{15min, 0s}, Timer{15min, 2min},
                                         Timer{1h, 0s}, Timer{1h, 5min}));

}  // namespace
}  // namespace pitstop
