// What policies keep: `pitstop run` removes the rest after a new backup.

#include <gmock/gmock.h>

#include <fstream>

#include "prune_bench.hpp"

namespace pitstop::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Retention : public PruneCommand {
 protected:
  Retention() { bench.variables["PITSTOP_CONFIG"] = file(); }

  std::string file() const { return (bench.state.path() / "pitstop.toml").string(); }
  void write(const std::string& text) { std::ofstream(file()) << text; }

  CommandResult run_daily(int days) {
    CommandResult last;
    for (int day = 0; day < days; ++day) {
      last = bench.run({"run"});
      EXPECT_EQ(last.status, 0) << last.output << last.diagnostics;
      pass(24h);
    }
    return last;
  }
};

TEST_F(Retention, RemovesWhatThePolicyDoesNotKeep) {
  write(R"(time-zone = "Europe/Berlin"
[policy.nightly]
all = true
every = "1d"
keep-last = 2
)");
  run_daily(2);
  EXPECT_EQ(snapshots_left(), 8U);
  const auto third = run_daily(1);
  EXPECT_EQ(snapshots_left(), 8U) << "two servers with two volumes each, twice";
  EXPECT_THAT(third.output, HasSubstr(" CET "));
  EXPECT_THAT(third.output, HasSubstr("removed 2 backups"));
}

TEST_F(Retention, LeavesWhatOthersAskedFor) {
  write("[policy.nightly]\nall = true\nevery = \"1d\"\nkeep-last = 1\n");
  back_up("web");
  run_daily(3);
  EXPECT_EQ(snapshots_left(), 6U);
}

TEST_F(Retention, RemovesNothingWithoutANewBackup) {
  write("[policy.nightly]\nall = true\nevery = \"1d\"\nkeep-last = 1\n");
  run_daily(1);
  write("[policy.nightly]\nall = true\nevery = \"30d\"\nkeep-last = 1\n");
  const auto calls = bench.calls;
  EXPECT_THAT(bench.run({"run"}).output, Not(HasSubstr("removed")));
  EXPECT_LE(bench.calls - calls, 6);
}

TEST_F(Retention, KeepsAllWithoutARule) {
  write("[policy.nightly]\nall = true\nevery = \"1d\"\n");
  run_daily(3);
  EXPECT_EQ(snapshots_left(), 12U);
}

TEST_F(Retention, PruneTakesTheRulesOfThePolicy) {
  write("[policy.nightly]\nall = true\nevery = \"1d\"\n");
  run_daily(3);
  const auto unsaid = bench.run({"prune", "--policy", "nightly"});
  EXPECT_EQ(unsaid.status, 2);
  EXPECT_THAT(unsaid.diagnostics, HasSubstr("\"nightly\" does not say which backups are kept"));
  write("[policy.nightly]\nall = true\nevery = \"1d\"\nkeep-last = 1\n");
  EXPECT_THAT(prune({"--policy", "nightly"}).output,
              HasSubstr("6 backups of 2 servers: 2 to keep, 4 to remove"));
  EXPECT_THAT(prune({"--policy", "nightly", "--keep-last", "2"}).output,
              HasSubstr("4 to keep, 2 to remove"));
  const auto unknown = bench.run({"prune", "--policy", "weekly"});
  EXPECT_THAT(unknown.diagnostics, HasSubstr("there is no policy \"weekly\""));
}

TEST_F(Retention, MistakesHaveTheirLine) {
  write("[policy.nightly]\nall = true\nevery = \"1d\"\nkeep-last = 1\nkeep-within = \"soon\"\n");
  const auto wrong = bench.run({"policy", "check"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.diagnostics, HasSubstr("pitstop.toml:5: "));
  EXPECT_THAT(wrong.diagnostics, HasSubstr("--keep-within"));
  write("[policy.nightly]\nall = true\nevery = \"1d\"\nkeep-dayly = 1\n");
  EXPECT_THAT(bench.run({"policy", "check"}).diagnostics, HasSubstr("keep-daily"));
}

}  // namespace
}  // namespace pitstop::test
