// `pitstop report` over what `pitstop backup` wrote down.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/some_id.hpp"
#include "command_bench.hpp"
#include "journal/journal.hpp"
#include "support/json_fields.hpp"

namespace pitstop {
namespace {

using namespace test;
using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

class ReportCommand : public testing::Test {
 protected:
  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  void back_up_in_two_weeks() {
    EXPECT_EQ(bench.run({"backup", some_id}).status, 0);
    pass(std::chrono::days(7));
    EXPECT_EQ(bench.run({"backup", some_id, "--no-wait"}).status, 0);
    pass(std::chrono::days(7));
  }

  std::vector<json> json_report(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"report", "--output", "json"});
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 0) << result.output;
    return messages_in(result.output);
  }

  void expect_error(const std::vector<std::string>& arguments, int status,
                    const std::string& message, const std::string& hint) {
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, status);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.diagnostics, StartsWith("error: " + message));
    EXPECT_THAT(result.diagnostics, HasSubstr("\nHINT: "));
    EXPECT_THAT(result.diagnostics, HasSubstr(hint));
  }

  CommandBench bench;
};

TEST_F(ReportCommand, ShowsWhatTheBackupsCost) {
  back_up_in_two_weeks();
  const auto result = bench.run({"report"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.diagnostics, "");
  EXPECT_THAT(result.output, StartsWith("web-1 (i-0123456789abcdef0), 2026-01-01 00:00 to "));
  EXPECT_THAT(result.output, HasSubstr("  backups         2 good, 0 failed, 0 refused\n"));
  EXPECT_THAT(result.output, HasSubstr("  availability    99.99"));
  EXPECT_THAT(result.output, HasSubstr(" four nines: down for 45."));
  EXPECT_THAT(result.output, HasSubstr(" every 7 days\n"));
  EXPECT_THAT(result.output, HasSubstr("(1 backup; unknown for 1)\n")) << "of the second";
}

TEST_F(ReportCommand, ShowsItInJson) {
  back_up_in_two_weeks();
  const auto messages = json_report({});
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0]["message_type"], "server");
  EXPECT_EQ(messages[0]["instance_id"], some_id);
  EXPECT_EQ(messages[0]["region"], "us-east-1");
  EXPECT_EQ(messages[1]["message_type"], "summary");
  EXPECT_EQ(messages[1]["backups"]["good"], 2);
  // The limit of the cloud is 45 s; it goes on for 20 minutes, of which 10 s are before the start.
  EXPECT_NEAR(messages[1]["downtime"]["median_seconds"], 45.5, 0.5);
  EXPECT_NEAR(messages[1]["saved"]["total_seconds"], 1190, 31);
}

TEST_F(ReportCommand, TakesACadence) {
  EXPECT_EQ(bench.run({"backup", some_id}).status, 0);
  EXPECT_THAT(bench.run({"report"}).output, HasSubstr("it takes two stops of a server"));
  EXPECT_EQ(json_report({"--cadence", "1d"})[0]["at_cadence"]["cadence_seconds"], 86400.0);
}

TEST_F(ReportCommand, TakesAPeriod) {
  back_up_in_two_weeks();
  EXPECT_EQ(json_report({"--since", "8d"})[0]["backups"]["good"], 1);
  EXPECT_EQ(json_report({"--since", "2026-01-01"})[0]["backups"]["good"], 2);
  EXPECT_EQ(json_report({"--until", "2026-01-02"})[0]["backups"]["good"], 1);
  EXPECT_EQ(json_report({"--until", "2026-01-02"})[0]["until"], "2026-01-02T00:00:00.000Z");
  EXPECT_NE(json_report({"--until", "2027-01-01"})[0]["until"], "2027-01-01T00:00:00.000Z")
      << "now is the latest";
}

TEST_F(ReportCommand, CountsWhatTheCheckRefused) {
  bench.cloud.fail_from("DryRun:StartInstances", 1,
                        {ErrorKind::forbidden, "denied", {}, "UnauthorizedOperation"});
  EXPECT_EQ(bench.run({"backup", some_id}).status, 10);
  pass(Seconds(1));
  EXPECT_EQ(json_report({some_id})[0]["backups"]["refused"], 1);
}

TEST_F(ReportCommand, CountsNoDryRun) {
  EXPECT_EQ(bench.run({"backup", some_id, "--dry-run"}).status, 0);
  expect_error({"report"}, 1, "there is no journal in " + bench.state.path().string() + "/pitstop",
               "the first pitstop backup begins one");
}

TEST_F(ReportCommand, SaysWhatToDoAboutAnEmptyJournal) {
  ASSERT_TRUE(Journal::open(bench.state / "pitstop"));
  expect_error({"report"}, 1, "no backup is in the journal", "pitstop backup writes each one down");
}

TEST_F(ReportCommand, NamesAnInstanceWithoutABackup) {
  back_up_in_two_weeks();
  expect_error({"report", some_id, "i-0a1b2c3d"}, 1, "no backup of i-0a1b2c3d is in the journal",
               "pitstop report shows all that is there");
}

TEST_F(ReportCommand, SaysWhenThereWereBackups) {
  back_up_in_two_weeks();
  for (const auto& whose : {std::vector<std::string>{}, {some_id}}) {
    auto arguments = std::vector<std::string>{"report", "--since", "2d"};
    arguments.insert(arguments.end(), whose.begin(), whose.end());
    expect_error(arguments, 1,
                 whose.empty() ? "no backup began in this period"
                               : "no backup of i-0123456789abcdef0 began in this period",
                 "the first in the journal began 2026-01-01T00:0");
  }
}

TEST_F(ReportCommand, SaysWhatIsWrongAndWhatIsRight) {
  expect_error({"report", "web-1"}, 2, "\"web-1\" is not an instance id", "i-0abc");
  expect_error({"report", "--since", "soon"}, 2, "--since: \"soon\" is not a date", "90d");
  expect_error({"report", "--until", "2026-13-01"}, 2, "--until: \"2026-13-01\" is not a date",
               "2026-11-01");
  expect_error({"report", "--since", "2026-01-02"}, 2, "--since 2026-01-02 is not before now",
               "to --until");
  expect_error({"report", "--since", "2025-06-01", "--until", "2025-05-01"}, 2,
               "--since 2025-06-01 is not before --until 2025-05-01", "to --until");
  expect_error({"report", "--cadence", "7"}, 2, "--cadence: \"7\" is not a duration", "7d");
  expect_error({"report", "--cadence", "0d"}, 2, "--cadence 0d is no time at all", "7d");
  expect_error({"report", "--output", "xml"}, 2, "\"xml\" is not an output format", "json");
}

TEST_F(ReportCommand, SaysItInJsonToAProgram) {
  const auto result = bench.run({"report", "--output", "json"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.diagnostics, "");
  const auto message = json::parse(result.output);
  EXPECT_EQ(message["message_type"], "error");
  EXPECT_EQ(message["kind"], "not_found");
  EXPECT_EQ(message["exit_status"], 1);
}

TEST_F(ReportCommand, NeedsNoIdentity) {
  back_up_in_two_weeks();
  bench.variables.erase("AWS_REGION");
  bench.variables.erase("AWS_ACCESS_KEY_ID");
  EXPECT_EQ(bench.run({"report"}).status, 0);
}

TEST_F(ReportCommand, ReadsTheJournalThatIsNamed) {
  const auto elsewhere = (bench.state / "elsewhere").string();
  EXPECT_EQ(bench.run({"backup", some_id, "--state-dir", elsewhere}).status, 0);
  EXPECT_EQ(bench.run({"report"}).status, 1);
  EXPECT_EQ(bench.run({"report", "--state-dir", elsewhere}).status, 0);
}

TEST_F(ReportCommand, RefusesAJournalThatIsNone) {
  std::filesystem::create_directory(bench.state / "pitstop");
  bench.state.write("pitstop/journal.db", std::string(5000, 'x'));
  expect_error({"report"}, 1, "the journal ", "move it away");
}

}  // namespace
}  // namespace pitstop
