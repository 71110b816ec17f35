#include "prune/keep_rules.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "history.hpp"
#include "support/golden.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;

/// "2026-11-23T00:16:00.000Z: last 1, daily 2026-11-23", a line for each.
std::vector<std::string> applied(const KeepRules& rules, const std::vector<BackupSet>& sets) {
  std::vector<const BackupSet*> good;
  for (const auto& set : sets) {
    good.push_back(&set);
  }
  const auto reasons = reasons_to_keep(rules, good, sets.front().taken + std::chrono::hours(1));
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    lines.push_back(fmt::format("{}: {}", rfc3339(sets[i].taken), join(reasons[i], ", ")));
  }
  return lines;
}

std::vector<BackupSet> taken_at(const std::vector<std::string>& times) {
  std::vector<BackupSet> sets;
  for (const auto& time : times) {
    sets.push_back(good_set(time_at(time)));
  }
  return sets;
}

TimeZone zone(const std::string& name) {
  const auto found = TimeZone::named(name);
  EXPECT_TRUE(found) << name;
  return found.value_or(TimeZone());
}

TEST(KeepRules, KeepTheNewestWhateverTheySay) {
  EXPECT_THAT(
      applied({}, daily_sets("2026-11-23T00:16:00Z", 2)),
      ElementsAre("2026-11-23T00:16:00.000Z: the newest good one", "2026-11-22T00:16:00.000Z: "));
  EXPECT_TRUE(KeepRules().empty());
  EXPECT_TRUE(reasons_to_keep({}, {}, WallTime()).empty());
}

TEST(KeepRules, KeepTheLast) {
  EXPECT_THAT(applied({.last = 2}, daily_sets("2026-11-23T00:16:00Z", 3)),
              ElementsAre("2026-11-23T00:16:00.000Z: the newest good one, last 1",
                          "2026-11-22T00:16:00.000Z: last 2", "2026-11-21T00:16:00.000Z: "));
}

TEST(KeepRules, KeepTheNewestOfEachHour) {
  const auto sets =
      taken_at({"2026-11-23T02:50:00Z", "2026-11-23T02:10:00Z", "2026-11-23T01:59:59.999Z",
                "2026-11-22T23:30:00Z", "2026-11-22T22:30:00Z"});
  EXPECT_THAT(
      applied({.hourly = 3}, sets),
      ElementsAre("2026-11-23T02:50:00.000Z: the newest good one, hourly 2026-11-23 02:00",
                  "2026-11-23T02:10:00.000Z: ", "2026-11-23T01:59:59.999Z: hourly 2026-11-23 01:00",
                  "2026-11-22T23:30:00.000Z: hourly 2026-11-22 23:00",
                  "2026-11-22T22:30:00.000Z: "));
}

TEST(KeepRules, CountDaysThatHaveABackup) {
  const auto sets = taken_at({"2026-11-23T20:00:00Z", "2026-11-23T08:00:00Z",
                              "2026-11-03T08:00:00Z", "2026-11-02T08:00:00Z"});
  EXPECT_THAT(
      applied({.daily = 2}, sets),
      ElementsAre("2026-11-23T20:00:00.000Z: the newest good one, daily 2026-11-23",
                  "2026-11-23T08:00:00.000Z: ", "2026-11-03T08:00:00.000Z: daily 2026-11-03",
                  "2026-11-02T08:00:00.000Z: "));
}

// 2026 has 53 weeks; its last one has the first days of 2027.
TEST(KeepRules, KnowWhichYearAWeekBelongsTo) {
  const auto sets =
      taken_at({"2027-01-04T00:00:00Z", "2027-01-03T23:00:00Z", "2026-12-28T00:00:00Z",
                "2026-12-27T23:00:00Z", "2025-12-29T12:00:00Z", "2025-12-28T12:00:00Z"});
  EXPECT_THAT(applied({.weekly = 5}, sets),
              ElementsAre("2027-01-04T00:00:00.000Z: the newest good one, weekly 2027-W01",
                          "2027-01-03T23:00:00.000Z: weekly 2026-W53",
                          "2026-12-28T00:00:00.000Z: ", "2026-12-27T23:00:00.000Z: weekly 2026-W52",
                          "2025-12-29T12:00:00.000Z: weekly 2026-W01",
                          "2025-12-28T12:00:00.000Z: weekly 2025-W52"));
}

TEST(KeepRules, KeepTheNewestOfMonthsAndYears) {
  const auto sets =
      taken_at({"2026-02-01T00:00:00Z", "2026-01-31T00:00:00Z", "2026-01-30T00:00:00Z",
                "2025-12-31T00:00:00Z", "2024-12-31T00:00:00Z", "2023-12-31T00:00:00Z"});
  EXPECT_THAT(
      applied({.monthly = 2, .yearly = 3}, sets),
      ElementsAre("2026-02-01T00:00:00.000Z: the newest good one, monthly 2026-02, yearly 2026",
                  "2026-01-31T00:00:00.000Z: monthly 2026-01",
                  "2026-01-30T00:00:00.000Z: ", "2025-12-31T00:00:00.000Z: yearly 2025",
                  "2024-12-31T00:00:00.000Z: yearly 2024", "2023-12-31T00:00:00.000Z: "));
}

TEST(KeepRules, KeepTheOldestWhileThereAreTooFew) {
  const auto sets = daily_sets("2026-11-05T00:00:00Z", 4);
  EXPECT_THAT(applied({.monthly = 2}, sets),
              ElementsAre("2026-11-05T00:00:00.000Z: the newest good one, monthly 2026-11",
                          "2026-11-04T00:00:00.000Z: ", "2026-11-03T00:00:00.000Z: ",
                          "2026-11-02T00:00:00.000Z: oldest (fewer than 2 monthly)"));
  EXPECT_EQ(applied({.monthly = 1}, sets).back(), "2026-11-02T00:00:00.000Z: ");
}

TEST(KeepRules, MeasureFromTheNewestGoodOne) {
  const auto sets =
      taken_at({"2026-11-23T00:00:00Z", "2026-11-16T00:00:00Z", "2026-11-15T23:59:59Z"});
  const KeepRules rules{.within = std::chrono::days(7)};
  EXPECT_FALSE(rules.empty());
  EXPECT_THAT(applied(rules, sets),
              ElementsAre("2026-11-23T00:00:00.000Z: the newest good one, within 7d",
                          "2026-11-16T00:00:00.000Z: within 7d", "2026-11-15T23:59:59.000Z: "));
  std::vector<const BackupSet*> good{sets.data(), &sets[1], &sets[2]};
  const auto long_ago = reasons_to_keep(rules, good, time_at("2030-01-01T00:00:00Z"));
  EXPECT_EQ(long_ago[1].size(), 1U) << "time alone removes nothing";
  const auto from_the_future = reasons_to_keep(rules, good, time_at("2026-11-20T00:00:00Z"));
  EXPECT_EQ(from_the_future[2].size(), 1U) << "it is no measure";
}

TEST(KeepRules, KeepWhatHasATagOnAnySnapshot) {
  auto sets = daily_sets("2026-11-23T00:00:00Z", 4);
  sets[1].tags.push_back({"important", "yes"});
  sets[2].snapshots.front().volume_tags.push_back({"important", "yes"});
  sets[3].tags.push_back({"important", "no"});
  const KeepRules rules{.tags = {{"important", "yes"}, {"never", "seen"}}};
  EXPECT_FALSE(rules.empty());
  EXPECT_THAT(applied(rules, sets), ElementsAre("2026-11-23T00:00:00.000Z: the newest good one",
                                                "2026-11-22T00:00:00.000Z: tag important=yes",
                                                "2026-11-21T00:00:00.000Z: tag important=yes",
                                                "2026-11-20T00:00:00.000Z: "));
}

TEST(KeepRules, BeginDaysWhereTheZoneDoes) {
  const auto sets = taken_at({"2026-11-23T23:30:00Z", "2026-11-23T22:30:00Z"});
  EXPECT_THAT(applied({.daily = 2, .zone = zone("Europe/Berlin")}, sets),
              ElementsAre("2026-11-23T23:30:00.000Z: the newest good one, daily 2026-11-24",
                          "2026-11-23T22:30:00.000Z: daily 2026-11-23"));
}

// On 25 October 2026 Berlin shows the hour from 02:00 twice, on 29 March it shows none.
TEST(KeepRules, LiveThroughTheNightsInWhichClocksAreSet) {
  const KeepRules rules{.hourly = 3, .daily = 2, .zone = zone("Europe/Berlin")};
  EXPECT_THAT(
      applied(rules,
              taken_at({"2026-10-25T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-24T23:30:00Z",
                        "2026-10-24T22:00:00Z", "2026-10-24T21:59:00Z"})),
      ElementsAre("2026-10-25T01:30:00.000Z: the newest good one, hourly 2026-10-25 02:00, "
                  "daily 2026-10-25",
                  "2026-10-25T00:30:00.000Z: ", "2026-10-24T23:30:00.000Z: hourly 2026-10-25 01:00",
                  "2026-10-24T22:00:00.000Z: hourly 2026-10-25 00:00",
                  "2026-10-24T21:59:00.000Z: daily 2026-10-24"));
  EXPECT_THAT(applied(rules, taken_at({"2026-03-29T01:30:00Z", "2026-03-29T00:30:00Z",
                                       "2026-03-28T22:30:00Z"})),
              ElementsAre("2026-03-29T01:30:00.000Z: the newest good one, hourly 2026-03-29 03:00, "
                          "daily 2026-03-29",
                          "2026-03-29T00:30:00.000Z: hourly 2026-03-29 01:00",
                          "2026-03-28T22:30:00.000Z: hourly 2026-03-28 23:00, daily 2026-03-28"));
}

TEST(KeepRules, SayWhyInTheWordsOfTheGoldenFile) {
  auto sets = daily_sets("2026-11-23T00:16:00Z", 400);
  sets[200].tags.push_back({"important", "yes"});
  const KeepRules rules{.last = 3,
                        .hourly = 2,
                        .daily = 7,
                        .weekly = 5,
                        .monthly = 12,
                        .yearly = 3,
                        .within = std::chrono::hours(60),
                        .tags = {{"important", "yes"}},
                        .zone = zone("Europe/Berlin")};
  std::string kept;
  for (const auto& line : applied(rules, sets)) {
    kept += line.ends_with(": ") ? "" : line + '\n';
  }
  expect_golden("prune/golden/reasons_to_keep.txt", kept);
}

TEST(KeepRules, WriteTimesAsOneTypesThem) {
  EXPECT_EQ(short_time(std::chrono::days(30)), "30d");
  EXPECT_EQ(short_time(std::chrono::hours(36)), "36h");
  EXPECT_EQ(short_time(std::chrono::minutes(90)), "1h 30m");
}

}  // namespace
}  // namespace pitstop::test
