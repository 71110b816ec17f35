// Whole backups by the thousand, in clouds in which much goes wrong, held against the truth.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/environment.hpp"
#include "sim/cloud/truth.hpp"
#include "simulation/crashes.hpp"
#include "simulation/promises.hpp"
#include "simulation/seeds.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

constexpr std::uint64_t parts = 4;

/// The nights are lived through in parts, for the machine has more than one core.
class Simulation : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Simulation, KeepsEveryPromiseOnEveryNight) {
  const std::uint64_t usually = 200;
  if (const auto only = Environment::of_process().get("PITSTOP_SEED")) {
    EXPECT_EQ(live_through(std::stoull(*only)).broken, std::vector<std::string>());
    return;
  }
  std::size_t broken_nights = 0;
  std::size_t good = 0;
  std::size_t servers = 0;
  for (std::uint64_t seed = 1 + GetParam(); seed <= seeds(usually); seed += parts) {
    const auto morning = live_through(seed);
    EXPECT_EQ(morning.broken, std::vector<std::string>());
    broken_nights += morning.broken.empty() ? 0 : 1;
    ASSERT_LT(broken_nights, 5U) << "that is enough";
    good += morning.good;
    servers += morning.servers;
  }
  EXPECT_GT(good * 3, servers * 2) << "promises are easily kept where nothing gets done";
}

INSTANTIATE_TEST_SUITE_P(Part, Simulation, testing::Range(std::uint64_t{0}, parts));

/// Everything that happened in a cloud, as one text.
std::string chronicle(std::uint64_t seed) {
  const Night lived = night(seed);
  SimulatedWorld world(lived.scenario);
  const auto outcomes = world.back_up(lived.options);
  std::string text = fmt::format("{} calls\n", world.calls);
  for (const auto& [id, instance] : world.region().instances) {
    for (const auto& change : instance.history) {
      text += fmt::format("{} {} {}\n", id.str(), change.at.time_since_epoch().count(),
                          sim::to_string(change.state));
    }
  }
  for (const auto& [id, snapshot] : world.region().snapshots) {
    text += fmt::format("{} {} {}\n", id.str(), snapshot.created.time_since_epoch().count(),
                        snapshot.caught.writes);
  }
  return text;
}

TEST(SimulationSeeds, TheSameSeedIsTheSameNight) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_EQ(chronicle(seed), chronicle(seed)) << seed;
  }
  EXPECT_NE(chronicle(1), chronicle(2));
}

TEST(SimulationKills, AKilledProcessLeavesNoSnapshotThatPromisesTooMuch) {
  SimulatedWorld whole(one_quick_server());
  ASSERT_TRUE(whole.back_up());
  for (int moment = 1; moment <= whole.moments; ++moment) {
    for (const bool after : {false, true}) {
      SimulatedWorld world(one_quick_server());
      world.killing = {.at_moment = moment, .after = after};
      EXPECT_FALSE(world.back_up()) << "nothing was killed at moment " << moment;
      world.wait(std::chrono::hours(2));
      EXPECT_EQ(broken_promises_of_snapshots(world), std::vector<std::string>());
    }
  }
}

TEST(SimulationFaults, AScriptedFaultThatNoCallMeetsIsNoticed) {
  auto scenario = one_quick_server();
  scenario.faults.scripted = {
      {.action = "StopInstances", .nth = 1, .kind = sim::FaultKind::lost_reply},
      {.action = "StopInstances", .nth = 9, .kind = sim::FaultKind::throttled}};
  SimulatedWorld world(scenario);
  ASSERT_TRUE(world.back_up());
  EXPECT_EQ(world.faults.unused(), std::vector<std::string>{"StopInstances number 9: throttled"});
}

}  // namespace
}  // namespace pitstop::test
