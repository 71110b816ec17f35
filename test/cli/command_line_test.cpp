#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/some_id.hpp"
#include "command_bench.hpp"

namespace pitstop {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::StartsWith;

TEST(CommandLine, HelpsInAPage) {
  CommandBench bench;
  const auto help = bench.expect_help({"--help"}, "cli/golden/help.txt");
  EXPECT_EQ(bench.run({"-h"}).output, help);
}

TEST(CommandLine, HelpsWithACommandInAPage) {
  CommandBench bench;
  const auto help = bench.expect_help({"backup", "--help"}, "cli/golden/backup_help.txt");
  EXPECT_EQ(bench.run({"--help", "backup"}).output, help);
  EXPECT_EQ(bench.run({"backup", some_id, "-h"}).output, help);
}

TEST(CommandLine, HelpsWithTheReportInAPage) {
  CommandBench().expect_help({"report", "--help"}, "cli/golden/report_help.txt");
}

TEST(CommandLine, HelpsWithPoliciesInAPage) {
  CommandBench().expect_help({"run", "--help"}, "cli/golden/run_help.txt");
  CommandBench().expect_help({"policy", "--help"}, "cli/golden/policy_help.txt");
  CommandBench().expect_help({"policy", "check", "--help"}, "cli/golden/policy_check_help.txt");
}

TEST(CommandLine, TellsTheVersion) {
  CommandBench bench;
  for (const auto& arguments : {std::vector<std::string>{"--version"}, {"backup", "--version"}}) {
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.output, StartsWith("pitstop 0."));
  }
}

struct UsageMistake {
  std::vector<std::string> arguments;
  const char* error;
  const char* hint;
};

TEST(CommandLine, SaysWhatItDoesNotUnderstand) {
  const std::vector<UsageMistake> mistakes{
      {{}, "no command is given", "pitstop check INSTANCE"},
      {{"bakcup", some_id}, "unknown command \"bakcup\"", "did you mean backup?"},
      {{"frobnicate"}, "unknown command \"frobnicate\"", "see pitstop --help"},
      {{"backup", "--dryrun", some_id}, "unknown option \"--dryrun\"", "did you mean --dry-run?"},
      {{"backup", "--regoin=x", some_id}, "unknown option \"--regoin\"", "did you mean --region?"},
      {{"backup", "-x", some_id}, "unknown option \"-x\"", "see pitstop backup --help"},
      {{"backup", some_id, "--region"}, "--region needs a value", "see pitstop backup --help"},
      {{"backup", "--region", "--dry-run", some_id}, "--region needs a value", "backup --help"},
      {{"backup", "--tag", "--dry-run"}, "--tag needs a value", "backup --help"},
      {{"--profile", "", "backup", some_id}, "--profile needs a value", "backup --help"},
      {{"--profile=", "backup", some_id}, "--profile needs a value", "leave the option out"},
      {{"backup", "--dry-run=no", some_id}, "--dry-run takes no value", "backup --help"},
      {{"backup", "--online=no", some_id}, "--online takes no value", "backup --help"},
      {{"recover", "--now=no"}, "--now takes no value", "recover --help"},
      {{"iam-policy", "--drain=no"}, "--drain takes no value", "iam-policy --help"},
      {{"--no-color=no", "check", some_id}, "--no-color takes no value", "pitstop"},
      {{"backup", "--method", "a", "--method", "b", some_id},
       "--method is given more than once",
       "backup --help"},
      {{"backup", some_id, "--output", "xml"}, "\"xml\" is not an output format", "text or json"},
      {{"backup", some_id, "--log-level", "loud"}, "\"loud\" is not a log level", "debug, info"},
      {{"backup", some_id, "--timeout", "soon"}, "--timeout: \"soon\" is not a duration", "90s"},
      {{"backup"}, "no server is named", "--all"},
  };
  for (const auto& mistake : mistakes) {
    CommandBench bench;
    const auto result = bench.run(mistake.arguments);
    EXPECT_EQ(result.status, 2) << mistake.error;
    EXPECT_EQ(result.output, "") << mistake.error;
    EXPECT_THAT(result.diagnostics, StartsWith(std::string("error: ") + mistake.error));
    EXPECT_THAT(result.diagnostics, HasSubstr("\nHINT: "));
    EXPECT_THAT(result.diagnostics, HasSubstr(mistake.hint));
    EXPECT_EQ(std::ranges::count(result.diagnostics, '\n'), 2) << result.diagnostics;
    EXPECT_TRUE(bench.cloud.calls.empty());
  }
}

TEST(CommandLine, SaysItInJsonToAProgram) {
  const std::vector<std::vector<std::string>> command_lines{
      {"--output", "json"},
      {"--output", "json", "bakcup"},
      {"backup", "--output=json", "--frob", some_id},
      {"backup", "--output", "json", "--max-downtime"},
      {"backup", "--output", "json", "--profile=", some_id},
      {"backup", "--output", "json", "--log-level", "loud", some_id},
      {"backup", "--output", "json", "web-1"},
  };
  for (const auto& arguments : command_lines) {
    CommandBench bench;
    const auto result = bench.run(arguments);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.diagnostics, "");
    const auto message = nlohmann::json::parse(result.output);
    EXPECT_EQ(message["message_type"], "error");
    EXPECT_EQ(message["kind"], "usage");
    EXPECT_EQ(message["exit_status"], 2);
  }
}

TEST(CommandLine, TakesGlobalOptionsBeforeAndAfterTheCommand) {
  CommandBench bench;
  bench.variables.erase("AWS_REGION");
  EXPECT_THAT(bench.run({"backup", some_id, "--dry-run"}).diagnostics,
              HasSubstr("no region is set"));
  EXPECT_EQ(bench.run({"--region", "eu-central-1", "backup", some_id, "--dry-run"}).status, 0);
  EXPECT_EQ(bench.run({"backup", some_id, "--dry-run", "--region=eu-central-1"}).status, 0);
}

TEST(CommandLine, BoundsTheTimeOfACall) {
  CommandBench bench;
  for (const auto* timeout : {"99ms", "0s", "301s", "1d"}) {
    const auto result = bench.run({"backup", some_id, "--dry-run", "--timeout", timeout});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.diagnostics, HasSubstr("is out of bounds\nHINT: it takes 100ms to 5m"));
  }
  for (const auto* timeout : {"100ms", "10s", "5m"}) {
    EXPECT_EQ(bench.run({"backup", some_id, "--dry-run", "--timeout", timeout}).status, 0)
        << timeout;
  }
}

}  // namespace
}  // namespace pitstop
