// What policies copy: `pitstop run` begins what is missing at each call.

#include <gmock/gmock.h>

#include <fstream>

#include "prune_bench.hpp"

namespace pitstop::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PolicyCopies : public PruneCommand {
 protected:
  PolicyCopies() { bench.variables["PITSTOP_CONFIG"] = file(); }

  std::string file() const { return (bench.state.path() / "pitstop.toml").string(); }
  void write(const std::string& text) {
    std::ofstream(file()) << "[policy.nightly]\nall = true\nevery = \"1d\"\n" + text;
  }

  CommandResult run(int status = 0) {
    auto result = bench.run({"run"});
    EXPECT_EQ(result.status, status) << result.output << result.diagnostics;
    return result;
  }

  std::size_t copies() {
    auto& ireland = bench.account(SitesBench::own_account).region("eu-west-1");
    return static_cast<std::size_t>(std::ranges::count_if(
        ireland.snapshots, [](const auto& one) { return !one.second.deleted.has_value(); }));
  }

  std::size_t errors_of_check() {
    const auto result = bench.run({"policy", "check"});
    std::size_t errors = 0;
    for (std::size_t at = 0; (at = result.diagnostics.find("error:", at)) != std::string::npos;
         ++at) {
      ++errors;
    }
    return errors;
  }
};

TEST_F(PolicyCopies, AreBegunWhenTheServersAreUp) {
  write("copy-to-region = \"eu-west-1\"\n");
  const auto first = run();
  EXPECT_THAT(first.output, HasSubstr("us-east-1 to eu-west-1\n"));
  EXPECT_THAT(first.output, HasSubstr("2 backups under way, which EC2 finishes by itself\n"));
  EXPECT_EQ(copies(), 4U);
  pass(2h);
  const auto calls = bench.calls;
  const auto second = run();
  EXPECT_THAT(second.output, IsEmpty()) << "a timer asks often";
  EXPECT_LE(bench.calls - calls, 5) << "two of them for what is there";
  EXPECT_EQ(copies(), 4U);
}

TEST_F(PolicyCopies, AreMadeOfWhatItAskedForItself) {
  back_up("web");
  write("copy-to-region = \"eu-west-1\"\n");
  run();
  EXPECT_EQ(copies(), 4U);
}

TEST_F(PolicyCopies, AreMadeWhileTheWindowIsClosed) {
  write(
      "no-wait = true\ncopy-to-region = \"eu-west-1\"\nwindow = \"00:00-01:00\"\ntime-zone = "
      "\"UTC\"\n");
  const auto first = run();
  EXPECT_LT(copies(), 4U) << first.output;
  pass(5h);
  run();
  EXPECT_EQ(copies(), 4U);
}

TEST_F(PolicyCopies, HaveARetentionOfTheirOwn) {
  write("copy-to-region = \"eu-west-1\"\nkeep-last = 3\ncopy-keep-last = 1\n");
  for (int day = 0; day < 5; ++day) {
    run();
    pass(24h);
  }
  EXPECT_EQ(snapshots_left(), 12U) << "three of two servers with two volumes";
  EXPECT_EQ(copies(), 8U) << "the one that is kept, and the one that was pending then";
  write("copy-to-region = \"eu-west-1\"\nkeep-last = 3\n");
  for (int day = 0; day < 3; ++day) {
    run();
    pass(24h);
  }
  EXPECT_EQ(copies(), 20U) << "no rule, and all are kept";
}

TEST_F(PolicyCopies, TheRulesOfAPolicyAreThoseOfItsPlace) {
  write("copy-to-region = \"eu-west-1\"\nkeep-last = 3\ncopy-keep-last = 1\n");
  for (int day = 0; day < 3; ++day) {
    run();
    pass(24h);
  }
  const auto result = bench.run({"prune", "--policy", "nightly", "--region", "us-east-1",
                                 "--region", "eu-west-1", "--delete", "--yes"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(snapshots_left(), 12U);
  EXPECT_EQ(copies(), 4U);
}

TEST_F(PolicyCopies, ThatFailAreToldAtEachCallAndMadeAgainLater) {
  write("copy-to-region = \"eu-west-1\"\ncopy-kms-key = \"alias/nothing\"\n");
  run();
  pass(20min);
  EXPECT_THAT(run(3).diagnostics, HasSubstr("has failed"));
  EXPECT_EQ(copies(), 4U);
  auto& ireland = bench.account(SitesBench::own_account).region("eu-west-1");
  ireland.keys.push_back({.id = "1234", .alias = "alias/nothing", .created = ireland.now()});
  pass(1h);
  run();
  EXPECT_EQ(copies(), 4U);
  pass(2h);
  run();
}

TEST_F(PolicyCopies, MistakesHaveTheirLines) {
  write("copy-to-region = \"no region\"\n");
  const auto region = bench.run({"policy", "check"});
  EXPECT_EQ(region.status, 2);
  EXPECT_THAT(region.diagnostics, HasSubstr("pitstop.toml:4"));
  EXPECT_THAT(region.diagnostics, HasSubstr("--copy-to-region \"no region\" is not a region"));
  write("copy-keep-last = 2\n");
  EXPECT_THAT(bench.run({"policy", "check"}).diagnostics,
              HasSubstr("it is said which copies are kept, and not where they go"));
  write("copy-to-regoin = \"eu-west-1\"\n");
  EXPECT_THAT(bench.run({"policy", "check"}).diagnostics, HasSubstr("copy-to-region"));
  write("copy-to-region = \"eu-west-1\"\ncopy-encrypt = true\ncopy-keep-within = \"30d\"\n");
  EXPECT_EQ(errors_of_check(), 0U);
}

TEST_F(PolicyCopies, CanBeLookedAtFirst) {
  write("copy-to-region = \"eu-west-1\"\n");
  back_up("web");
  bench.run({"run", "--dry-run"});
  EXPECT_EQ(copies(), 0U);
}

}  // namespace
}  // namespace pitstop::test
