// The rules of a fleet before the simulated EC2: what nights by seed do not show.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/cloud/truth.hpp"
#include "support/simulated_world.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;

sim::ServerPlan server_of_wave(const std::string& wave) {
  sim::ServerPlan server;
  server.name = "server-" + wave;
  server.tags["wave"] = wave;
  return server;
}

/// The server of wave 1 gets no snapshots, if it is to fail.
sim::Scenario three_waves(bool first_fails) {
  sim::Scenario scenario;
  scenario.seed = 5;
  scenario.servers = {server_of_wave("1"), server_of_wave("2"), server_of_wave("3")};
  if (first_fails) {
    scenario.faults.scripted = {{"CreateSnapshots", 1, 1, sim::FaultKind::denied}};
  }
  return scenario;
}

const BackupOutcome& of_wave(SimulatedWorld& world, const std::vector<BackupOutcome>& outcomes,
                             const std::string& wave) {
  return *std::ranges::find_if(outcomes, [&](const BackupOutcome& outcome) {
    return world.region().instances.at(outcome.instance).tags.at("wave") == wave;
  });
}

TEST(FleetRulesSimulated, AFailureEndsTheWavesIfItIsTo) {
  SimulatedWorld world(three_waves(true));
  world.rules.order_by = "wave";
  world.rules.stop_on_failure = 1;
  const auto outcomes = world.back_up();
  const auto& failed = of_wave(world, *outcomes, "1");
  EXPECT_EQ(failed.outcome, Outcome::failed);
  EXPECT_TRUE(failed.downtime);
  for (const auto* wave : {"2", "3"}) {
    const auto& outcome = of_wave(world, *outcomes, wave);
    EXPECT_EQ(outcome.outcome, Outcome::refused);
    EXPECT_THAT(outcome.error->message, HasSubstr("1 failed before it"));
    EXPECT_TRUE(sim::outages_of(world.region(), outcome.instance).empty());
  }
}

TEST(FleetRulesSimulated, AFailureIsItsOwnOtherwise) {
  SimulatedWorld world(three_waves(true));
  world.rules.order_by = "wave";
  const auto outcomes = world.back_up();
  EXPECT_EQ(of_wave(world, *outcomes, "1").outcome, Outcome::failed);
  EXPECT_EQ(of_wave(world, *outcomes, "2").outcome, Outcome::completed);
  EXPECT_EQ(of_wave(world, *outcomes, "3").outcome, Outcome::completed);
}

TEST(FleetRulesSimulated, ARefusalIsNoFailureAndHoldsNobodyUp) {
  auto scenario = three_waves(false);
  scenario.servers.front().stop_protection = true;
  SimulatedWorld world(std::move(scenario));
  world.rules.order_by = "wave";
  world.rules.stop_on_failure = 1;
  const auto outcomes = world.back_up();
  EXPECT_EQ(of_wave(world, *outcomes, "1").outcome, Outcome::refused);
  EXPECT_EQ(of_wave(world, *outcomes, "2").outcome, Outcome::completed);
  EXPECT_EQ(of_wave(world, *outcomes, "3").outcome, Outcome::completed);
}

/// The next one is tagged while one comes back. If that takes long, the tag is made anew.
TEST(FleetRulesSimulated, APlaceThatComesLateFindsAFreshTag) {
  auto scenario = three_waves(false);
  scenario.servers.resize(2);
  scenario.servers.front().starts_that_fall_back = 4;
  SimulatedWorld world(std::move(scenario));
  world.rules = {.max_down = {.number = 1}};
  const auto outcomes = world.back_up();
  EXPECT_EQ(world.simulator.calls("CreateTags"), 5) << "two down, one anew, and two of snapshots";
  std::vector<sim::Outage> outages;
  for (const auto& outcome : *outcomes) {
    EXPECT_EQ(outcome.outcome, Outcome::completed);
    std::ranges::copy(sim::outages_of(world.region(), outcome.instance),
                      std::back_inserter(outages));
    EXPECT_FALSE(world.region().instances.at(outcome.instance).tags.contains("pitstop:down"));
  }
  ASSERT_EQ(outages.size(), 2U);
  std::ranges::sort(outages, {}, &sim::Outage::stop_accepted);
  EXPECT_GT(*outages.front().downtime(), std::chrono::minutes(2));
  EXPECT_GE(outages.back().stop_accepted, *outages.front().running);
}

}  // namespace
}  // namespace pitstop::test
