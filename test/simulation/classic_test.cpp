// The numbers of the first page: two drives of 150 GB, as the truth of the simulated cloud has
// them.

#include <gtest/gtest.h>

#include "report/availability.hpp"
#include "sim/cloud/truth.hpp"
#include "sim/scenario/read_scenario.hpp"
#include "support/simulated_world.hpp"

namespace pitstop::test {
namespace {

using std::chrono::minutes;

sim::Scenario classic(std::uint64_t seed) {
  auto scenario = sim::load_scenario(PITSTOP_SOURCE_DIR "/sim/scenarios/demo.toml");
  if (!scenario) {
    throw std::runtime_error(scenario.error().message);
  }
  std::erase_if(scenario->servers, [](const auto& server) { return server.name != "db-1"; });
  scenario->seed = seed;
  return std::move(*scenario);
}

sim::Outage back_up(std::uint64_t seed, StartWhen start_when) {
  SimulatedWorld world(classic(seed));
  const auto server = world.servers().front();
  const auto outcomes =
      world.back_up({.start_when = start_when, .max_downtime = std::chrono::hours(5)});
  EXPECT_TRUE(outcomes && outcomes->front().outcome == Outcome::completed) << seed;
  EXPECT_EQ(world.region().instances.at(server).attachments.size(), 2U);
  const auto outages = sim::outages_of(world.region(), server);
  EXPECT_EQ(outages.size(), 1U);
  return outages.front();
}

TEST(TheClassicCase, IsDownFor12To15MinutesAndForAnHourAndMoreIfItWaits) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto outage = back_up(seed, StartWhen::progress);
    ASSERT_TRUE(outage.downtime() && outage.limit() && outage.limit_of_waiting());
    EXPECT_TRUE(outage.clean);
    EXPECT_GE(*outage.downtime(), minutes(12)) << seed;
    EXPECT_LE(*outage.downtime(), minutes(15)) << seed;
    EXPECT_GE(*outage.limit_of_waiting(), minutes(60)) << seed;
    EXPECT_LE(*outage.downtime() - *outage.limit(), Seconds(3)) << "lost beside what EC2 took";
  }
}

TEST(TheClassicCase, IsUpFor99Point85PercentAtOneBackupAWeek) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto outage = back_up(seed, StartWhen::progress);
    const Availability up(*outage.downtime(), std::chrono::hours(24 * 7));
    EXPECT_GE(up.fraction(), 0.9985) << seed;
    EXPECT_EQ(up.nines(), 2) << seed;
  }
}

TEST(TheClassicCase, WaitingForCompletionIsTheSlowOldWay) {
  const auto fast = back_up(1, StartWhen::progress);
  const auto slow = back_up(1, StartWhen::completed);
  EXPECT_GE(*slow.downtime(), minutes(60));
  EXPECT_GE(*slow.downtime(), *fast.downtime() * 4);
}

}  // namespace
}  // namespace pitstop::test
