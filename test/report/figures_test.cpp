#include "report/figures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "past.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::IsEmpty;
using testing::SizeIs;

/// Of all servers together; of one if there is but one.
Figures figures(const std::vector<BackupRecord>& records, WallTime until,
                std::optional<WallTime> since = {}, std::optional<Duration> cadence = {}) {
  return figures_of(records, {.since = since, .until = until}, cadence).all;
}

TEST(Figures, AreThoseOfThreeWeeklyBackups) {
  const auto found = figures(
      {past_backup(first_night, 10 * minute), past_backup(first_night + 7 * day, 14 * minute),
       past_backup(first_night + 14 * day, 12 * minute)},
      first_night + 21 * day);
  EXPECT_EQ(found.good, 3U);
  EXPECT_EQ(found.downtime.total, 36 * minute);
  EXPECT_EQ(found.downtime.median, 12 * minute);
  EXPECT_EQ(found.downtime.worst, 14 * minute);
  EXPECT_EQ(found.since, first_night);
  // 36 minutes of 21 days: 36 / 30240 = 0.0011904…
  EXPECT_NEAR(found.availability.fraction(), 0.998809523, 1e-9);
  EXPECT_EQ(found.availability.percent(), "99.88 %");
  EXPECT_EQ(found.availability.nines(), 2);
  // 12 minutes every 7 days: 12 / 10080 is the same.
  EXPECT_EQ(found.cadence, 7 * day);
  EXPECT_NEAR(found.at_cadence->fraction(), 0.998809523, 1e-9);
}

TEST(Figures, HaveEachPhase) {
  auto slow = past_backup(first_night + day, 10 * minute);
  slow.phases = {.stop = 4 * minute, .snapshot = minute, .gate = 2 * minute, .start = 3 * minute};
  const auto found = figures({past_backup(first_night, 10 * minute), slow}, first_night + 2 * day);
  EXPECT_EQ(found.stop.total, 4 * minute + Seconds(10));
  EXPECT_EQ(found.stop.median, 2 * minute + Seconds(5));
  EXPECT_EQ(found.stop.worst, 4 * minute);
  EXPECT_EQ(found.snapshot.worst, minute);
  EXPECT_EQ(found.gate.worst, 9 * minute + Seconds(33));
  EXPECT_EQ(found.start.total, 3 * minute + Seconds(15));
}

TEST(Figures, TakeTheMeanOfTheMiddleTwo) {
  const auto found =
      figures({past_backup(first_night, 40 * minute), past_backup(first_night + day, 10 * minute),
               past_backup(first_night + 2 * day, 14 * minute),
               past_backup(first_night + 4 * day, 12 * minute)},
              first_night + 5 * day);
  EXPECT_EQ(found.downtime.median, 13 * minute);
  EXPECT_EQ(found.cadence, day) << "of 1, 1 and 2 days";
}

TEST(Figures, OfNoBackupAreNone) {
  const auto found = figures_of({}, {.since = {}, .until = first_night});
  EXPECT_THAT(found.servers, IsEmpty());
  EXPECT_EQ(found.all.good, 0U);
  EXPECT_FALSE(found.all.downtime.median);
}

TEST(Figures, OfOneBackupNeedACadenceToBeTold) {
  const std::vector<BackupRecord> one{past_backup(first_night, 10 * minute)};
  const auto seen = figures(one, first_night + day);
  EXPECT_FALSE(seen.cadence);
  EXPECT_FALSE(seen.at_cadence);
  EXPECT_NEAR(seen.availability.fraction(), 1 - 10.0 / 1440, 1e-9);
  const auto told = figures(one, first_night + day, {}, 7 * day);
  EXPECT_EQ(told.cadence, 7 * day);
  EXPECT_NEAR(told.at_cadence->fraction(), 1 - 10.0 / 10080, 1e-9);
}

TEST(Figures, CountEveryEnding) {
  auto failed = past_backup(first_night + day, minute);
  failed.outcome = "failed";
  const auto found =
      figures({past_backup(first_night, minute), failed, refused_backup(first_night + 2 * day),
               cold_backup(first_night + 3 * day)},
              first_night + 4 * day);
  EXPECT_EQ(found.good, 2U);
  EXPECT_EQ(found.failed, 1U);
  EXPECT_EQ(found.refused, 1U);
  EXPECT_EQ(found.downtime.total, 2 * minute) << "a failed backup has its downtime, too";
}

TEST(Figures, HaveNoDowntimeOfAServerThatWasFoundStopped) {
  const auto found =
      figures({cold_backup(first_night), cold_backup(first_night + day)}, first_night + 2 * day);
  EXPECT_EQ(found.downtime.total, Duration(0));
  EXPECT_FALSE(found.downtime.median);
  EXPECT_FALSE(found.gate.median) << "nobody was down for that gate";
  EXPECT_EQ(found.availability.fraction(), 1.0);
  EXPECT_FALSE(found.cadence) << "it was never stopped";
  EXPECT_EQ(found.saved.known + found.saved.unknown, 0U);
}

TEST(Figures, AddUpTheTimeOfServersThatAreDownTogether) {
  const auto found = figures_of({of("i-1", "one", past_backup(first_night, hour)),
                                 of("i-2", "two", past_backup(first_night, hour)),
                                 of("i-2", "two", past_backup(first_night + 5 * day, 3 * hour))},
                                {.since = {}, .until = first_night + 10 * day});
  ASSERT_THAT(found.servers, SizeIs(2));
  EXPECT_EQ(found.servers[0].name, "one");
  EXPECT_NEAR(found.servers[0].figures.availability.fraction(), 1 - 1.0 / 240, 1e-9);
  EXPECT_NEAR(found.servers[1].figures.availability.fraction(), 1 - 4.0 / 240, 1e-9);
  EXPECT_EQ(found.all.downtime.total, 5 * hour);
  EXPECT_NEAR(found.all.availability.fraction(), 1 - 5.0 / 480, 1e-9);
  EXPECT_EQ(found.all.downtime.median, hour);
  EXPECT_EQ(found.all.cadence, 5 * day) << "from a server's stop to its own next";
}

TEST(Figures, BeginWithTheFirstBackupOfEachServer) {
  const auto found = figures_of({of("i-1", "one", past_backup(first_night, hour)),
                                 of("i-2", "two", past_backup(first_night + 8 * day, hour))},
                                {.since = {}, .until = first_night + 10 * day});
  EXPECT_EQ(found.servers[1].figures.since, first_night + 8 * day);
  EXPECT_NEAR(found.servers[1].figures.availability.fraction(), 1 - 1.0 / 48, 1e-9);
  EXPECT_EQ(found.all.since, first_night);
  EXPECT_NEAR(found.all.availability.fraction(), 1 - 2.0 / 288, 1e-9) << "10 and 2 days";
}

TEST(Figures, AreOfThePeriodAlone) {
  const std::vector<BackupRecord> records{past_backup(first_night, hour),
                                          past_backup(first_night + 2 * day, 2 * hour),
                                          past_backup(first_night + 4 * day, 4 * hour)};
  const auto found = figures(records, first_night + 4 * day, first_night + day);
  EXPECT_EQ(found.good, 1U);
  EXPECT_EQ(found.downtime.total, 2 * hour);
  EXPECT_EQ(found.since, first_night + day);
  EXPECT_NEAR(found.availability.fraction(), 1 - 2.0 / 72, 1e-9);
}

TEST(Figures, CutADowntimeAtTheEndsOfThePeriod) {
  const std::vector<BackupRecord> records{past_backup(first_night, 3 * hour),
                                          past_backup(first_night + day, 3 * hour)};
  const auto found = figures(records, first_night + day + hour, first_night + hour);
  EXPECT_EQ(found.downtime.total, 2 * hour + hour);
  EXPECT_EQ(found.good, 1U) << "the first began before";
  EXPECT_EQ(found.downtime.worst, 3 * hour);
}

TEST(Figures, LeaveOutServersOfOtherTimes) {
  const auto found = figures_of({of("i-1", "gone", past_backup(first_night, hour)),
                                 of("i-2", "here", past_backup(first_night + 8 * day, hour)),
                                 of("i-3", "to come", past_backup(first_night + 10 * day, hour))},
                                {.since = first_night + 7 * day, .until = first_night + 9 * day});
  ASSERT_THAT(found.servers, SizeIs(1));
  EXPECT_EQ(found.servers[0].name, "here");
}

TEST(Figures, TellWhatWaitingForCompletionWouldHaveAdded) {
  auto failed = past_backup(first_night + 3 * day, hour);
  failed.outcome = "failed";
  // Down for a minute, 15 seconds of it to start: the start was asked for after 45 seconds.
  const auto found = figures({followed_backup(first_night, minute, 31 * minute),
                              followed_backup(first_night + day, minute, 2 * hour),
                              past_backup(first_night + 2 * day, minute), failed},
                             first_night + 4 * day);
  EXPECT_EQ(found.saved.total, 30 * minute + Seconds(15) + 2 * hour - Seconds(45));
  EXPECT_EQ(found.saved.known, 2U);
  EXPECT_EQ(found.saved.unknown, 1U) << "nobody followed the third, the fourth is no backup";
}

TEST(Figures, TellThatNothingWasSavedByOneWhoWaited) {
  const auto found =
      figures({followed_backup(first_night, hour, hour - Seconds(16))}, first_night + day);
  EXPECT_EQ(found.saved.total, Duration(0));
  EXPECT_EQ(found.saved.known, 1U);
}

TEST(Figures, CountAServerThatWasLeftDownUntilItIsFoundRunning) {
  const auto found =
      figures({left_down_backup(first_night), refused_backup(first_night + hour),
               cold_backup(first_night + 2 * hour), past_backup(first_night + 3 * hour, hour)},
              first_night + 10 * hour);
  EXPECT_EQ(found.downtime.total, 3 * hour + hour);
  EXPECT_EQ(found.downtime.median, hour) << "nobody knows how long it was down the first time";
  EXPECT_NEAR(found.availability.fraction(), 0.6, 1e-9);
  ASSERT_THAT(found.left_down, SizeIs(1));
  EXPECT_EQ(found.left_down[0].since, first_night);
  EXPECT_EQ(found.left_down[0].found_running, first_night + 3 * hour);
}

TEST(Figures, CountAServerAsDownToTheEndThatNobodyFoundRunning) {
  const auto found =
      figures({past_backup(first_night, hour), left_down_backup(first_night + 5 * hour)},
              first_night + 10 * hour);
  EXPECT_EQ(found.downtime.total, 6 * hour);
  ASSERT_THAT(found.left_down, SizeIs(1));
  EXPECT_FALSE(found.left_down[0].found_running);
  EXPECT_EQ(found.cadence, 5 * hour) << "it was stopped twice";
}

TEST(Figures, KnowOfAServerThatWasLeftDownBeforeThePeriod) {
  const auto found = figures_of({left_down_backup(first_night)},
                                {.since = first_night + day, .until = first_night + 2 * day});
  ASSERT_THAT(found.servers, SizeIs(1));
  EXPECT_EQ(found.servers[0].figures.failed, 0U);
  EXPECT_EQ(found.all.downtime.total, day);
  EXPECT_EQ(found.all.availability.fraction(), 0.0);
  EXPECT_THAT(found.all.left_down, SizeIs(1));
}

TEST(Figures, CountTimeOnceThatTwoRunsTookTogether) {
  const auto found =
      figures({past_backup(first_night, 2 * hour), past_backup(first_night + hour, 2 * hour)},
              first_night + 10 * hour);
  EXPECT_EQ(found.downtime.total, 3 * hour);
}

TEST(Figures, CallAServerByItsNewestName) {
  const auto found = figures_of(
      {of("i-1", "old", cold_backup(first_night)), of("i-1", "new", cold_backup(first_night + day)),
       of("i-1", "", cold_backup(first_night + 2 * day))},
      {.since = {}, .until = first_night + 3 * day});
  ASSERT_THAT(found.servers, SizeIs(1));
  EXPECT_EQ(found.servers[0].name, "new");
}

}  // namespace
}  // namespace pitstop
