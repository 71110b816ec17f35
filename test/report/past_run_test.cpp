// What the journal tells of a run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "backup/recording.hpp"
#include "report/past_run_json.hpp"
#include "report/past_run_text.hpp"
#include "sample.hpp"
#include "support/golden.hpp"
#include "support/json_fields.hpp"

namespace pitstop {
namespace {

using namespace test;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

BackupRecord record_of(BackupOutcome outcome, const std::string& name, int second) {
  outcome.begun = sample_event(web, Step::stop_requested, "", "", second).time;
  return to_record(outcome, name, RunId("r-0123456789ab"), "eu-central-1");
}

OpenBackup open_sample() {
  const auto at = [](int second) { return sample_event(web, Step::warning, "", "", second).time; };
  OpenBackup open;
  open.run = RunId("r-0123456789ab");
  open.backup = BackupId("b-00000000002b");
  open.instance = InstanceId("i-00000000");
  open.name = "mail";
  open.region = "eu-central-1";
  open.opened = at(50);
  open.start_when = "progress";
  open.holder = "process 4711 on host-1";
  open.marks = {{at(50), Mark::tag, "r-0123456789ab 2026-11-23T01:16:00.250Z"},
                {at(51), Mark::stop, ""}};
  return open;
}

PastRun sample_run() {
  PastRun run;
  run.run = RunId("r-0123456789ab");
  run.is_latest = true;
  auto following = good_backup();
  following.outcome = Outcome::following;
  following.instance = InstanceId("i-0fffffffffffffff1");
  following.image = ImageId("ami-0123456789abcdef0");
  following.gate = GateOpening::deadline;
  run.ended = {record_of(good_backup(), "web-1", 0), record_of(following, "web-2", 1),
               record_of(refused_backup(), "数据库-2", 2), record_of(left_down_backup(), "", 3)};
  run.under_way = {open_sample()};
  return run;
}

json json_of(const PastRun& run, bool only_failed) {
  std::ostringstream output;
  write_past_run_json(run, only_failed, output);
  return json::parse(output.str());
}

TEST(PastRun, ReadsLikeThis) {
  expect_golden("report/golden/past_run.txt", past_run_text(sample_run(), false));
}

TEST(PastRun, TellsOfThoseThatFailedAlone) {
  const auto text = past_run_text(sample_run(), true);
  EXPECT_THAT(text, Not(HasSubstr("web-1 (i-0123456789abcdef0): ")));
  EXPECT_THAT(text, HasSubstr("数据库-2 (i-0fedcba9876543210): refused"));
  EXPECT_THAT(text, HasSubstr("i-0a1b2c3d: not backed up"));
  EXPECT_THAT(text, HasSubstr("mail (i-00000000): under way"));
  EXPECT_THAT(text, HasSubstr("2 of 5 backed up, 1 failed, 1 refused, 1 left down, 1 under way\n"));
  const auto message = json_of(sample_run(), true);
  EXPECT_EQ(message["backups"].size(), 2U);
  EXPECT_EQ(message["under_way"].size(), 1U);
}

TEST(PastRun, IsInJsonAsItIsDocumented) {
  const auto message = json_of(sample_run(), false);
  const auto documented = documented_messages();
  const auto example = std::ranges::find_if(
      documented, [](const json& other) { return other["message_type"] == "run"; });
  ASSERT_NE(example, documented.end());
  EXPECT_EQ(fields(message), fields(*example));
  EXPECT_EQ(message["backups"][0]["downtime_seconds"], 41);
  EXPECT_EQ(message["backups"][2]["error"]["hint"],
            "try again when it is stopped; it will then be left stopped");
  EXPECT_EQ(message["under_way"][0]["marks"][1]["mark"], "stop");
}

TEST(PastRun, OfAFleetHasItsFigures) {
  auto run = sample_run();
  EXPECT_THAT(past_run_text(run, false), Not(HasSubstr("p99")));
  run.under_way.clear();
  for (int i = 0; i < 7; ++i) {
    run.ended.push_back(run.ended[1]);
  }
  EXPECT_THAT(past_run_text(run, true),
              testing::EndsWith(
                  "\n\n"
                  "downtime   median 41.0s, p99 41.0s, worst 41.0s: web-2 (i-0fffffffffffffff1)\n"
                  "gate       not open at the deadline for 8 servers, started all the same\n"
                  "snapshots  18 of 147528 GiB, in 8 images; those of 8 servers finish by "
                  "themselves\n"
                  "contents   9 at rest\n"
                  "\n"
                  "9 of 11 backed up, 1 failed, 1 refused, 1 left down\n"));
}

}  // namespace
}  // namespace pitstop
