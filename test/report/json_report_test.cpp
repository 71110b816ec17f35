#include "report/json_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.hpp"
#include "sample.hpp"
#include "support/golden.hpp"
#include "support/json_fields.hpp"

namespace pitstop {
namespace {

using namespace test;
using nlohmann::json;
using testing::UnorderedElementsAre;

/// What the report wrote, a message a line.
class JsonLines {
 public:
  JsonReport& report() { return report_; }
  std::string text() const { return output_.str(); }
  std::string diagnostics() const { return diagnostics_.str(); }

  std::vector<json> messages() const { return messages_in(text()); }

 private:
  std::ostringstream output_;
  std::ostringstream diagnostics_;
  JsonReport report_{output_, diagnostics_};
};

std::vector<std::string> keys(const json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) {
    names.push_back(name);
  }
  return names;
}

TEST(JsonReport, WritesTheseLines) {
  JsonLines lines;
  auto& report = lines.report();
  report.begun(sample_servers());
  report.saw(sample_event(web, Step::stop_requested));
  report.saw(sample_event(web, Step::warning, "it is slow", "wait"));
  report.saw(sample_event(web, Step::finished, "completed", "", 700));
  report.checked(sample_check());
  report.checked(refused_check());
  report.ended(sample_summary({good_backup(), refused_backup(), left_down_backup()}, 20));
  expect_golden("report/golden/lines.jsonl", lines.text());
}

TEST(JsonReport, HasEveryFieldThatIsPromisedForABackup) {
  JsonLines lines;
  lines.report().ended(sample_summary({good_backup()}));
  const auto summary = lines.messages().at(0);
  EXPECT_EQ(summary["message_type"], "summary");
  EXPECT_THAT(keys(summary), UnorderedElementsAre("message_type", "run_id", "policy", "exit_status",
                                                  "dry_run", "checked", "refused", "took_seconds",
                                                  "api_calls", "silent_sites", "backups"));
  const auto& backup = summary["backups"][0];
  EXPECT_THAT(keys(backup),
              UnorderedElementsAre("backup_id", "instance_id", "outcome", "consistency",
                                   "start_when", "gate", "downtime_seconds", "went_on", "left_down",
                                   "recovered", "left_behind", "phases", "snapshots", "image_id",
                                   "api_calls", "done_elsewhere", "error"));
  EXPECT_THAT(keys(backup["phases"]), UnorderedElementsAre("stop_seconds", "snapshot_seconds",
                                                           "gate_seconds", "start_seconds"));
  EXPECT_THAT(
      keys(backup["snapshots"][0]),
      UnorderedElementsAre("snapshot_id", "volume_id", "device", "size_gib", "state", "progress"));
  EXPECT_EQ(backup["phases"]["stop_seconds"], 20.125);
  EXPECT_EQ(backup["downtime_seconds"], 41);
  EXPECT_EQ(backup["consistency"], "at-rest");
}

TEST(JsonReport, TellsTheErrorOfAServerBeforeTheSummary) {
  JsonLines lines;
  lines.report().ended(sample_summary({good_backup(), refused_backup()}, 3));
  const auto messages = lines.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0]["message_type"], "error");
  EXPECT_EQ(messages[0]["instance_id"], database.str());
  EXPECT_EQ(messages[0]["kind"], "refused");
  EXPECT_EQ(messages[1]["backups"][1]["error"]["message"], messages[0]["message"]);
  EXPECT_TRUE(messages[1]["backups"][1]["backup_id"].is_null());
}

TEST(JsonReport, TellsWhyTheWholeCommandFailed) {
  JsonLines lines;
  lines.report().failed({ErrorKind::forbidden, "no", "", "AuthFailure"}, 1);
  EXPECT_EQ(lines.text(),
            R"({"message_type":"error","instance_id":null,"kind":"forbidden","message":"no",)"
            R"("hint":null,"code":"AuthFailure","exit_status":1})"
            "\n");
}

TEST(JsonReport, RoundsToTheMillisecond) {
  JsonLines lines;
  auto backup = good_backup();
  backup.downtime = std::chrono::microseconds(1'234'567);
  lines.report().ended(sample_summary({backup}));
  EXPECT_EQ(lines.messages().at(0)["backups"][0]["downtime_seconds"], 1.235);
}

TEST(JsonReport, StaysValidWithForeignBytes) {
  JsonLines lines;
  lines.report().saw(sample_event(web, Step::warning, "a\xff\n\x1b[2J"));
  EXPECT_EQ(lines.messages().at(0)["detail"], "a\ufffd\n\x1b[2J");
}

TEST(JsonReport, IsAsTheDocumentShowsIt) {
  JsonLines lines;
  auto& report = lines.report();
  report.policy({.policy = "web", .selected = 40, .due = 12});
  report.selected(sample_list(), 1);
  report.saw(sample_event(web, Step::gate_opened, "progress"));
  report.checked(sample_check());
  report.ended(sample_summary({good_backup()}));
  report.failed({ErrorKind::usage, "no", "", ""}, 2);
  std::map<std::string, std::set<std::string>> written;
  for (const auto& message : lines.messages()) {
    written[message["message_type"]] = fields(message);
  }
  written["error"].erase("exit_status");

  std::set<std::string> shown;
  for (const auto& message : documented_messages()) {
    const std::string type = message["message_type"];
    const bool is_of_another_command = type == "summary" && !message.contains("dry_run");
    if (is_of_another_command || !written.contains(type)) {
      continue;
    }
    auto example = fields(message);
    if (type == "error") {
      example.erase("exit_status");
      example.erase("site");
    }
    EXPECT_EQ(example, written[type]) << message;
    shown.insert(type);
  }
  EXPECT_THAT(shown,
              UnorderedElementsAre("policy", "selection", "event", "check", "error", "summary"));
}

TEST(JsonReport, NamesASiteThatGivesNoAnswer) {
  JsonLines lines;
  lines.report().site_failed("eu-west-1", {ErrorKind::forbidden, "not authorized", "allow it", ""});
  const auto message = lines.messages().at(0);
  EXPECT_EQ(message["message_type"], "error");
  EXPECT_EQ(message["site"], "eu-west-1");
  EXPECT_EQ(message["message"], "eu-west-1: not authorized");
  EXPECT_TRUE(message["instance_id"].is_null());
}

TEST(JsonReport, KeepsTheInterruptionOutOfTheLines) {
  JsonLines lines;
  lines.report().interrupted();
  EXPECT_EQ(lines.text(), "");
  EXPECT_TRUE(lines.diagnostics().starts_with("interrupted: "));
}

}  // namespace
}  // namespace pitstop
