// --on-down: an operator is called when a server does not come back.

#include "cli/on_down.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string step_of(const std::string& input) {
  return nlohmann::json::parse(input)["step"];
}

TEST(OnDownOption, CallsWithEachAlarmAndWhenTheServerIsUpAgain) {
  CommandBench bench;
  bench.cloud.fail_from("StartInstances", 1,
                        {ErrorKind::no_capacity, "no room", {}, "InsufficientInstanceCapacity"});
  bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(5));
  const auto result = bench.run(
      {"backup", bench.cloud.instance.str(), "--no-wait", "--on-down", "/bin/echo 'page me' now"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  ASSERT_EQ(bench.launched.size(), 3U);
  EXPECT_EQ(bench.launched[0].first, (std::vector<std::string>{"/bin/echo", "page me", "now"}));
  EXPECT_EQ(step_of(bench.launched[0].second), "alarm");
  EXPECT_EQ(step_of(bench.launched[1].second), "alarm");
  EXPECT_EQ(step_of(bench.launched[2].second), "running");
  const auto event = nlohmann::json::parse(bench.launched[0].second);
  EXPECT_EQ(event["instance_id"], bench.cloud.instance.str());
  EXPECT_THAT(std::string(event["detail"]), HasSubstr("is DOWN for "));
  EXPECT_THAT(std::string(event["detail"]), HasSubstr("InsufficientInstanceCapacity"));
  EXPECT_THAT(result.diagnostics, HasSubstr("ALARM: is DOWN for "));
}

TEST(OnDownOption, CallsWhenEc2DoesNotAnswerWhileAServerIsDown) {
  CommandBench bench;
  bench.cloud.fail_from("DescribeSnapshots", 2, {ErrorKind::unknown_fate, "no answer", {}, {}});
  bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(3));
  const auto result =
      bench.run({"backup", bench.cloud.instance.str(), "--no-wait", "--on-down", "true"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  ASSERT_EQ(bench.launched.size(), 2U);
  EXPECT_EQ(step_of(bench.launched[0].second), "alarm");
  EXPECT_THAT(bench.launched[0].second, HasSubstr("EC2 has not answered for"));
  EXPECT_EQ(step_of(bench.launched[1].second), "running");
  EXPECT_THAT(result.diagnostics, HasSubstr("EC2 answers again after"));
}

TEST(OnDownOption, CallsNobodyWhenNothingIsWrong) {
  CommandBench bench;
  EXPECT_EQ(bench.run({"backup", bench.cloud.instance.str(), "--on-down", "true"}).status, 0);
  EXPECT_THAT(bench.launched, IsEmpty());
}

TEST(OnDownOption, CallsWhenAServerIsGoneForGood) {
  CommandBench bench;
  bench.cloud.terminates_instead_of_stopping = true;
  EXPECT_EQ(bench.run({"backup", bench.cloud.instance.str(), "--on-down", "true"}).status, 20);
  ASSERT_EQ(bench.launched.size(), 1U);
  EXPECT_THAT(bench.launched[0].second, HasSubstr("was terminated"));
}

TEST(OnDownOption, IsCheckedBeforeAnythingIsDone) {
  for (const auto* command :
       {"", "  ", "'unclosed", "/nonexistent/page-me", "no-such-program -x"}) {
    CommandBench bench;
    const auto result =
        bench.run({"backup", bench.cloud.instance.str(), std::string("--on-down=") + command});
    EXPECT_EQ(result.status, 2) << command;
    EXPECT_THAT(bench.cloud.calls, IsEmpty());
  }
}

}  // namespace
}  // namespace pitstop::test
