#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command_bench.hpp"
#include "support/golden.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string readme() {
  std::ifstream file(PITSTOP_SOURCE_DIR "/README.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(DemoCommand, ShowsAWholeBackupAndWhatItCost) {
  CommandBench bench;
  const auto result = bench.run({"demo"});
  EXPECT_EQ(result.status, 0);
  expect_golden("cli/golden/demo.txt", result.output);
  EXPECT_THAT(result.diagnostics, HasSubstr("its public address"));
}

TEST(DemoCommand, IsWhatTheReadmeShows) {
  CommandBench bench;
  EXPECT_THAT(readme(), HasSubstr(bench.run({"demo"}).output));
}

TEST(DemoCommand, TakesNoLongerThanItsSpeedSays) {
  CommandBench bench;
  const Instant begun = bench.time.now();
  bench.run({"demo", "--speed", "60"});
  const Duration took = bench.time.now() - begun;
  EXPECT_GT(took, Seconds(80)) << "an hour and a half of simulated time";
  EXPECT_LT(took, Seconds(120));
}

TEST(DemoCommand, ShowsWhatWaitingForCompletionCosts) {
  CommandBench bench;
  const auto result = bench.run({"demo", "--start-when", "completed"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.output, HasSubstr("down for 1h"));
}

TEST(DemoCommand, WritesNothingButJsonLinesForMachines) {
  CommandBench bench;
  const auto result = bench.run({"demo", "--output", "json"});
  EXPECT_EQ(result.status, 0);
  std::istringstream lines(result.output);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  }
}

TEST(DemoCommand, RefusesAGateThatIsNone) {
  CommandBench bench;
  const auto result = bench.run({"demo", "--start-when", "tomorrow"});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.diagnostics, HasSubstr("tomorrow"));
  EXPECT_THAT(result.output, IsEmpty());
}

TEST(DemoCommand, DoesNotReadTheUsersOwnSetUp) {
  CommandBench bench;
  bench.variables["AWS_PROFILE"] = "missing";
  EXPECT_EQ(bench.run({"demo"}).status, 0);
}

}  // namespace
}  // namespace pitstop::test
