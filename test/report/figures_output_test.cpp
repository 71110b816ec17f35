// The figures as people and programs see them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.hpp"
#include "past.hpp"
#include "report/columns.hpp"
#include "report/figures_json.hpp"
#include "report/figures_text.hpp"
#include "support/golden.hpp"
#include "support/json_fields.hpp"

namespace pitstop {
namespace {

using namespace test;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

ReportFigures sample_figures() {
  return figures_of(five_weeks(), {.since = {}, .until = first_night + 35 * day});
}

std::string text_of(const std::vector<BackupRecord>& records, WallTime until) {
  return figures_text(figures_of(records, {.since = {}, .until = until}));
}

std::vector<json> messages_of(const ReportFigures& figures) {
  std::ostringstream output;
  write_figures_json(figures, output);
  return messages_in(output.str());
}

TEST(FiguresText, ReadsLikeThis) {
  const auto text = figures_text(sample_figures());
  expect_golden("report/golden/figures.txt", text);
  for (const auto line : split(text, '\n')) {
    EXPECT_LE(columns_of(line), 120U) << line;
  }
}

TEST(FiguresText, NeedsNoSumOfOneServer) {
  expect_golden("report/golden/figures_of_one.txt",
                text_of({followed_backup(first_night, 12 * minute, 3 * hour)}, first_night + hour));
}

TEST(FiguresText, SaysWhatIsNotKnown) {
  const auto cold = text_of({cold_backup(first_night)}, first_night + day);
  EXPECT_THAT(cold, HasSubstr("availability    100 %, no downtime\n"));
  EXPECT_THAT(cold, HasSubstr("at the cadence  unknown: no server was stopped and came back\n"));
  EXPECT_THAT(cold, HasSubstr("saved           nothing: no good backup had a server down\n"));
  EXPECT_THAT(cold, Not(HasSubstr("median")));

  const auto unfollowed = text_of({past_backup(first_night, hour)}, first_night + 5 * hour);
  EXPECT_THAT(unfollowed, HasSubstr("availability    80.00 %, less than one nine\n"));
  EXPECT_THAT(unfollowed, HasSubstr("at the cadence  unknown: it takes two stops of a server"));
  EXPECT_THAT(unfollowed, HasSubstr("saved           unknown: nobody followed"));

  const auto down = text_of({left_down_backup(first_night)}, first_night + day);
  EXPECT_THAT(down, HasSubstr("availability    at least 0.00 %, less than one nine\n"));
  EXPECT_THAT(down, HasSubstr("2026-11-01 02:00 UTC, and not found running so far\n"));
  EXPECT_THAT(down, HasSubstr("24h 00m           -           -\n"));
}

TEST(FiguresJson, WritesTheseLines) {
  std::ostringstream output;
  write_figures_json(sample_figures(), output);
  expect_golden("report/golden/figures.jsonl", output.str());
}

TEST(FiguresJson, HasNullForWhatIsNotKnown) {
  const auto messages = messages_of(figures_of({of("i-1", "", cold_backup(first_night))},
                                               {.since = {}, .until = first_night + day}));
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_TRUE(messages[0]["name"].is_null());
  EXPECT_TRUE(messages[0]["at_cadence"].is_null());
  EXPECT_TRUE(messages[0]["downtime"]["median_seconds"].is_null());
  EXPECT_EQ(messages[0]["downtime"]["total_seconds"], 0.0);
  EXPECT_EQ(messages[0]["availability"]["fraction"], 1.0);
  EXPECT_TRUE(messages[1]["left_down"].empty());
}

TEST(FiguresJson, IsAsTheDocumentShowsIt) {
  std::map<std::string, std::set<std::string>> written;
  for (const auto& message : messages_of(sample_figures())) {
    written[message["message_type"]] = fields(message);
  }
  std::size_t shown = 0;
  for (const auto& example : documented_messages()) {
    if (example.contains("availability")) {
      EXPECT_EQ(fields(example), written[example["message_type"]]) << example;
      ++shown;
    }
  }
  EXPECT_EQ(shown, 2U);
}

}  // namespace
}  // namespace pitstop
