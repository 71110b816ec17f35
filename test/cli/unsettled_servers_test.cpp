// Servers that somebody stops or starts at the moment when they are selected.

#include <gmock/gmock.h>

#include "policies_bench.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Unsettled : public PoliciesBench {
 protected:
  Unsettled() { write("[policy.web]\ntag = \"role=web\"\nevery = \"1d\"\n"); }

  void stop() {
    const auto stopped =
        sim::stop_instances(region(), {instance("web-1").id}, sim::StopManner::orderly);
    ASSERT_TRUE(stopped.has_value());
  }

  void start(Duration boot) {
    stop();
    pass(2min);
    instance("web-1").pace.boot = sim::always(boot);
    ASSERT_TRUE(sim::start_instances(region(), {instance("web-1").id}).has_value());
  }

  CommandResult back_up(const std::string& how) {
    auto command = std::vector<std::string>{"backup", "--yes", how};
    if (how == "--tag") {
      command.emplace_back("role=web");
    }
    return bench.run(std::move(command));
  }
};

TEST_F(Unsettled, OneThatIsBeingStoppedIsSelectedAndRefused) {
  stop();
  const auto result = back_up("--tag");
  EXPECT_EQ(result.status, 3) << result.output;
  EXPECT_THAT(result.output, HasSubstr("1 of 2 backed up, 1 refused"));
  EXPECT_THAT(result.diagnostics, HasSubstr("is being stopped"));
}

TEST_F(Unsettled, OneThatIsBeingStoppedIsAmongAllAndInAPolicy) {
  stop();
  EXPECT_THAT(back_up("--all").output, HasSubstr("2 of 3 backed up, 1 refused"));
  pass(1min);
  ASSERT_TRUE(sim::start_instances(region(), {instance("web-1").id}).has_value());
  pass(1min);
  stop();
  const auto result = bench.run({"run"});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.output, HasSubstr("policy web: 2 servers are due"));
}

TEST_F(Unsettled, OneThatStartsIsWaitedFor) {
  start(100s);
  const auto result = back_up("--tag");
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("2 of 2 backed up"));
}

TEST_F(Unsettled, OneThatStartsForLongIsRefused) {
  start(5min);
  const auto begun = bench.time.now();
  const auto result = back_up("--tag");
  EXPECT_EQ(result.status, 3) << result.output;
  EXPECT_THAT(result.diagnostics, HasSubstr("is still starting"));
  EXPECT_LT(bench.time.now() - begun, 20min);
}

TEST_F(Unsettled, TheCheckTellsTheSame) {
  start(100s);
  const auto result = bench.run({"check", "--tag", "role=web"});
  EXPECT_THAT(result.output, HasSubstr("2 of 2 can be backed up"));
}

}  // namespace
}  // namespace pitstop::test
