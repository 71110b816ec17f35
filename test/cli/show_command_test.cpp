// `pitstop show` over what `pitstop backup` wrote down.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/some_id.hpp"
#include "command_bench.hpp"
#include "journal/journal.hpp"

namespace pitstop {
namespace {

using namespace test;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ShowCommand : public testing::Test {
 protected:
  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  /// The id of its run.
  std::string back_up() {
    const auto result = bench.run({"backup", some_id, "--output", "json", "--no-wait"});
    const auto lines = split(trimmed(result.output), '\n');
    pass(std::chrono::hours(1));
    return json::parse(lines.back())["run_id"];
  }

  std::string shown(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "show");
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 0) << result.diagnostics;
    EXPECT_EQ(result.diagnostics, "");
    return result.output;
  }

  json shown_in_json(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--output", "json"});
    return json::parse(shown(arguments));
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

  Journal journal() { return *Journal::open(bench.state / "pitstop"); }

  /// As a run that ended then would have written it down.
  void write_down(const std::string& run, WallTime begun) {
    BackupRecord record;
    record.run = RunId(run);
    record.instance = InstanceId(some_id);
    record.begun = begun;
    record.outcome = "completed";
    ASSERT_TRUE(journal().add(record));
  }

  CommandBench bench;
};

TEST_F(ShowCommand, Helps) {
  bench.expect_help({"show", "--help"}, "cli/golden/show_help.txt");
}

TEST_F(ShowCommand, ShowsTheLatestRun) {
  const auto first = back_up();
  const auto latest = back_up();
  const auto text = shown({});
  EXPECT_THAT(text, StartsWith("run " + latest + ", begun 2026-01-01T01:"));
  EXPECT_THAT(text, HasSubstr(": the latest in the journal\n\nweb-1 (i-0123456789abcdef0): "));
  EXPECT_THAT(text, HasSubstr("  gate: progress\n"));
  EXPECT_THAT(text, HasSubstr("\n1 of 1 backed up\n"));
  EXPECT_THAT(text, Not(HasSubstr(first)));
  EXPECT_EQ(shown({latest}), text);
}

TEST_F(ShowCommand, ShowsTheRunThatIsNamed) {
  const auto first = back_up();
  back_up();
  EXPECT_THAT(shown({first}), StartsWith("run " + first + ", begun 2026-01-01T00:00:"));
  EXPECT_THAT(shown({first}), Not(HasSubstr("latest")));
  EXPECT_EQ(shown({first.substr(0, 7)}), shown({first})) << "a beginning is enough";
}

TEST_F(ShowCommand, ShowsItInJson) {
  const auto run = back_up();
  const auto message = shown_in_json({run});
  EXPECT_EQ(message["message_type"], "run");
  EXPECT_EQ(message["run_id"], run);
  const auto& backup = message["backups"][0];
  EXPECT_EQ(backup["instance_id"], some_id);
  EXPECT_EQ(backup["name"], "web-1");
  EXPECT_EQ(backup["outcome"], "following");
  EXPECT_EQ(backup["snapshots"].size(), 3U);
  EXPECT_NEAR(backup["downtime_seconds"], 45.5, 0.5);
  EXPECT_GT(backup["api_calls"], 5);
}

TEST_F(ShowCommand, TellsWhyABackupFailedAndWhatToDo) {
  bench.cloud.fail_from("DryRun:StartInstances", 1,
                        {ErrorKind::forbidden, "denied", {}, "UnauthorizedOperation"});
  back_up();
  const auto text = shown({"--failed"});
  EXPECT_THAT(text, HasSubstr("web-1 (i-0123456789abcdef0): refused, nothing was done\n"));
  EXPECT_THAT(text, HasSubstr("\n  reason: "));
  EXPECT_THAT(text, HasSubstr("\n  HINT: "));
  EXPECT_THAT(text, HasSubstr("\n0 of 1 backed up, 1 refused\n"));
}

TEST_F(ShowCommand, LeavesOutWhatWentWell) {
  back_up();
  EXPECT_THAT(shown({"--failed"}), Not(HasSubstr("web-1")));
  EXPECT_EQ(shown_in_json({"--failed"})["backups"].size(), 0U);
}

TEST_F(ShowCommand, ShowsARunThatIsUnderWay) {
  back_up();
  OpenBackup open;
  open.run = RunId("r-under-way");
  open.backup = BackupId("b-1");
  open.instance = InstanceId("i-0a1b2c3d");
  open.region = "us-east-1";
  open.opened = bench.time.wall();
  open.start_when = "progress";
  open.holder = "process 4711 on host-1";
  open.marks = {};
  ASSERT_TRUE(journal().open_backup(open));
  ASSERT_TRUE(journal().mark(open.run, open.instance, {bench.time.wall(), Mark::stop, ""}));
  const auto text = shown({});
  EXPECT_THAT(text, StartsWith("run r-under-way, "));
  EXPECT_THAT(text, HasSubstr("i-0a1b2c3d: under way as b-1\n"));
  EXPECT_THAT(text, HasSubstr(" in us-east-1, by process 4711 on host-1\n"));
  EXPECT_THAT(text, HasSubstr("Z  stopping it\n"));
  EXPECT_THAT(text, HasSubstr("0 of 1 backed up, 1 under way\n"));
  EXPECT_THAT(text, HasSubstr("HINT: "));
}

TEST_F(ShowCommand, NamesTheLatestRunsInsteadOfOneThatIsNotThere) {
  const auto run = back_up();
  expect_error({"show", "r-nowhere"}, 1, "no run \"r-nowhere\" is in the journal",
               fmt::format("the latest are {} (2026-01-01T00:00:", run));
  for (int i = 0; i < 8; ++i) {
    write_down(fmt::format("r-{}", i), bench.time.wall() + Seconds(i));
  }
  expect_error({"show", "web-1"}, 1, "no run \"web-1\" is in the journal",
               " 1 server), and 4 more");
}

TEST_F(ShowCommand, AsksForMoreOfAnIdThatSeveralRunsBeginWith) {
  write_down("r-12", bench.time.wall());
  write_down("r-123", bench.time.wall() + Seconds(1));
  expect_error({"show", "r-1"}, 2, "2 runs begin with \"r-1\"", "r-123 (2026-01-01T00:00:01.000Z");
  EXPECT_THAT(shown({"r-12"}), StartsWith("run r-12, ")) << "which is the whole id of one";
}

TEST_F(ShowCommand, SaysWhatToDoWithoutAJournal) {
  expect_error({"show"}, 1, "there is no journal in ", "the first pitstop backup begins one");
  ASSERT_TRUE(Journal::open(bench.state / "pitstop"));
  expect_error({"show"}, 1, "no backup is in the journal", "--state-dir names another journal");
}

TEST_F(ShowCommand, NeedsNoIdentity) {
  back_up();
  bench.variables.erase("AWS_REGION");
  bench.variables.erase("AWS_ACCESS_KEY_ID");
  EXPECT_THAT(shown({}), HasSubstr("web-1"));
}

}  // namespace
}  // namespace pitstop
