#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "base/text.hpp"
#include "cli/backup_command.hpp"
#include "cli/some_id.hpp"
#include "command_bench.hpp"
#include "report/figures.hpp"
#include "report/text_report.hpp"
#include "support/golden.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Without what depends on how often EC2 is asked, and when.
std::string timeless(std::string text) {
  const std::vector<std::pair<const char*, const char*>> replacements{
      {R"(\d{4}-\d\d-\d\dT[0-9:.]+Z)", "TIME"},
      {R"(\b\d+(\.\d)?s\b|\b\d+[hm] \d\d[ms]\b)", "DURATION"},
      {R"((_seconds":)[0-9.]+)", "$1NUMBER"},
      {R"((api_calls":)\d+)", "$1NUMBER"},
      {R"(\d+ API calls)", "NUMBER API calls"},
      {R"(\b([rb])-[0-9a-f]{12})", "$1-ID"}};
  for (const auto& [found, replacement] : replacements) {
    text = std::regex_replace(text, std::regex(found), replacement);
  }
  return text;
}

TEST(BackupCommand, BacksUpAServer) {
  CommandBench bench;
  const auto result = bench.run({"backup", some_id});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.diagnostics, "");
  EXPECT_EQ(bench.cloud.state(), ec2::InstanceState::running);
  EXPECT_TRUE(bench.down.empty());
  expect_golden("cli/golden/backup.txt", timeless(result.output));
}

TEST(BackupCommand, SaysTheSameInJson) {
  CommandBench bench;
  const auto result = bench.run({"backup", some_id, "--output", "json"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.diagnostics, "");
  expect_golden("cli/golden/backup.jsonl", timeless(result.output));
}

TEST(BackupCommand, ShowsThePlanInADryRun) {
  CommandBench bench;
  bench.cloud.public_ip = "192.0.2.1";
  const auto result = bench.run({"backup", some_id, "--dry-run", "--exclude-volume",
                                 bench.cloud.volumes[2].first.str(), "--set-tag", "kept-for=90d"});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  expect_golden("cli/golden/dry_run.txt", result.output);
}

TEST(CheckCommand, ShowsHowLongTheServerWasDownBefore) {
  CommandBench bench;
  EXPECT_THAT(bench.run({"check", some_id}).output, Not(HasSubstr("had it down")));
  ASSERT_EQ(bench.run({"backup", some_id}).status, 0);
  EXPECT_THAT(bench.run({"check", some_id}).output, HasSubstr("its backups had it down for "));
}

TEST(CheckCommand, RefusesWithTheStatusOfARefusal) {
  CommandBench bench;
  bench.cloud.fail_from("DryRun:StartInstances", 1,
                        {ErrorKind::forbidden, "denied", {}, "UnauthorizedOperation"});
  const auto result = bench.run({"check", some_id});
  EXPECT_EQ(result.status, 10);
  EXPECT_THAT(result.output, HasSubstr("0 of 1 can be backed up; nothing was changed"));
}

TEST(BackupCommand, HasNoBackupsInTheSummaryOfADryRun) {
  CommandBench bench;
  const auto result = bench.run({"backup", some_id, "--dry-run", "--output", "json"});
  const auto lines = split(trimmed(result.output), '\n');
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(lines[0])["message_type"], "check");
  const auto summary = nlohmann::json::parse(lines[1]);
  EXPECT_TRUE(summary["dry_run"]);
  EXPECT_TRUE(summary["backups"].empty());
}

TEST(BackupCommand, RefusesWhatTheCheckDoesNotLike) {
  for (const bool dry : {true, false}) {
    CommandBench bench;
    bench.cloud.fail_from("DryRun:StartInstances", 1,
                          {ErrorKind::forbidden, "denied", {}, "UnauthorizedOperation"});
    auto arguments = std::vector<std::string>{"backup", some_id};
    if (dry) {
      arguments.emplace_back("--dry-run");
    }
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 10);
    EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
    if (dry) {
      EXPECT_THAT(result.output, HasSubstr("  refuse permission: these credentials may not "));
    } else {
      EXPECT_THAT(result.diagnostics, StartsWith("error: web-1 (i-0123456789abcdef0): "));
      EXPECT_THAT(result.output, HasSubstr("refused, nothing was done\n  reason: "));
    }
  }
}

TEST(BackupCommand, RefusesToLeaveOutWhatIsNotThere) {
  CommandBench bench;
  const auto result = bench.run({"backup", some_id, "--exclude-volume", "vol-deadbeef"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.diagnostics, HasSubstr("no selected server has this volume"));
}

TEST(BackupCommand, SaysThatItStartedAtTheDeadline) {
  CommandBench bench;
  const auto result = bench.run({"backup", some_id, "--max-downtime", "25s"});
  EXPECT_EQ(result.status, 4);
  EXPECT_THAT(result.output, HasSubstr("  deadline reached before the gate opened\n"));
  EXPECT_THAT(result.output,
              HasSubstr("  started at the deadline, before every snapshot was past 0 %\n"));
}

TEST(BackupCommand, ShoutsWhenAServerIsLeftDown) {
  CommandBench bench;
  bench.cloud.terminates_instead_of_stopping = true;
  const auto result = bench.run({"backup", some_id});
  EXPECT_EQ(result.status, 20);
  EXPECT_THAT(
      result.diagnostics,
      HasSubstr("  web-1 (i-0123456789abcdef0)  ALARM: was terminated while it was down\n"));
  EXPECT_THAT(result.diagnostics,
              HasSubstr("error: web-1 (i-0123456789abcdef0) was terminated while it stopped\n"));
  EXPECT_THAT(result.output, HasSubstr("IT IS DOWN"));
  EXPECT_THAT(result.diagnostics,
              EndsWith("HINT: pitstop recover brings them back; or aws ec2 start-instances "
                       "--instance-ids i-0123456789abcdef0\n"));
}

TEST(BackupCommand, BringsTheServerBackWhenInterrupted) {
  CommandBench bench;
  bench.interruption.request();
  const auto result = bench.run({"backup", some_id});
  EXPECT_EQ(result.status, 130);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_THAT(result.diagnostics, StartsWith("interrupted: no further server is stopped"));
}

TEST(BackupCommand, DrawsABoardAtATerminal) {
  CommandBench bench;
  bench.terminal_size = [] { return BoardSize{100, 24}; };
  const auto result = bench.run({"backup", some_id});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("\x1b[1;31mDOWN\x1b[0m"));
  EXPECT_THAT(result.output, HasSubstr("awaiting progress"));
  EXPECT_THAT(result.output, EndsWith(" API calls)\n"));
}

TEST(BackupCommand, UsesNoColorsWhenToldSo) {
  CommandBench by_option;
  by_option.terminal_size = [] { return BoardSize{}; };
  const auto with_option = by_option.run({"backup", some_id, "--no-color"}).output;
  EXPECT_THAT(with_option, HasSubstr("\x1b[J"));
  EXPECT_THAT(with_option, Not(HasSubstr("\x1b[1;31m")));

  CommandBench by_variable;
  by_variable.terminal_size = [] { return BoardSize{}; };
  by_variable.variables["NO_COLOR"] = "1";
  EXPECT_EQ(by_variable.run({"backup", some_id}).output, with_option);
}

TEST(BackupCommand, WritesPlainLinesBetweenTheLinesOfALog) {
  CommandBench bench;
  bench.terminal_size = [] { return BoardSize{}; };
  const auto result = bench.run({"backup", some_id, "--log-level", "info"});
  EXPECT_THAT(result.output, Not(HasSubstr("\x1b[")));
}

TEST(BackupCommand, WritesDownWhatCameOfIt) {
  CommandBench bench;
  EXPECT_EQ(bench.run({"backup", some_id}).status, 0);
  const auto journal = Journal::open(bench.state / "pitstop");
  ASSERT_TRUE(journal);
  const auto records = journal->backups();
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  EXPECT_EQ(records->front().instance, InstanceId(some_id));
  EXPECT_EQ(records->front().outcome, "completed");
}

TEST(BackupCommand, StopsNothingThatItCannotWriteDown) {
  CommandBench bench;
  bench.state.write("pitstop", "a file is in the way");
  const auto result = bench.run({"backup", some_id});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(bench.cloud.calls.empty());
  EXPECT_THAT(result.diagnostics, HasSubstr("cannot be made a directory for the journal"));
  EXPECT_THAT(result.diagnostics, HasSubstr("\nHINT: "));
}

TEST(BackupCommand, NeedsNoJournalForADryRun) {
  CommandBench bench;
  bench.state.write("pitstop", "a file is in the way");
  EXPECT_EQ(bench.run({"backup", some_id, "--dry-run"}).status, 0);
}

Task<void> back_up_into(CommandBench& bench, State& state, BackupReport& report,
                        Surroundings surroundings) {
  BackupRequest request;
  request.selection.ids = {bench.cloud.instance};
  const GlobalOptions options;
  const auto status = co_await run_backup(std::move(request), options, surroundings, report, state);
  EXPECT_EQ(status, ExitStatus::done);
}

TEST(BackupCommand, WritesIntoAJournalThatIsHandedIn) {
  CommandBench bench;
  const auto state = State::in_memory(bench.time);
  std::ostringstream output;
  TextReport report(output, output);
  const Environment environment(bench.variables);
  bench.time.run(
      back_up_into(bench, *state, report, bench.surroundings(environment, output, output)));
  bench.time.drain();
  const auto figures =
      figures_of(*state->journal.backups(), {.since = {}, .until = bench.time.wall()});
  EXPECT_EQ(figures.all.good, 1U);
  EXPECT_FALSE(Journal::exists_in(bench.state / "pitstop"));
}

}  // namespace
}  // namespace pitstop
