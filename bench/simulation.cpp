// What the simulation tells: how much longer than necessary a server is down, and how many whole
// backups, faults and all, one core simulates in a second.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "measuring.hpp"
#include "sim/cloud/truth.hpp"
#include "simulation/night.hpp"
#include "support/simulated_world.hpp"

namespace pitstop::test {
namespace {

constexpr int calm_nights = 500;

/// One server with two volumes, usual paces, calls of 50 ms.
void downtime_over_the_limit() {
  std::vector<double> over;
  for (int seed = 1; seed <= calm_nights; ++seed) {
    sim::Scenario scenario;
    scenario.seed = static_cast<std::uint64_t>(seed);
    sim::ServerPlan server;
    server.name = "web-1";
    server.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
    server.volumes.back().device = "/dev/sdf";
    scenario.servers = {server};
    SimulatedWorld world(scenario);
    world.round_trip = sim::always(Milliseconds(50));
    world.back_up({.wait = false});
    for (const auto& outage : sim::outages_of(world.region(), world.servers().front())) {
      over.push_back(seconds(*outage.downtime() - *outage.limit()));
    }
  }
  std::ranges::sort(over);
  std::cout << fmt::format(
      "downtime over the limit, one server, calls of 50 ms: median {:.2f} s (budget 0.6), p99 "
      "{:.2f} s (budget 1.5), worst {:.2f} s, {} backups\n",
      part(over, 0.5), part(over, 0.99), over.back(), over.size());
}

/// So many servers with two volumes each, the usual paces, and one call in twenty goes wrong.
Night usual_night(std::uint64_t seed, int servers) {
  Night usual;
  usual.scenario.seed = seed;
  sim::ServerPlan server;
  server.name = "web";
  server.count = servers;
  server.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
  server.volumes.back().device = "/dev/sdf";
  usual.scenario.servers = {server};
  usual.scenario.faults.random.parts = {{sim::FaultKind::throttled, 0.02},
                                        {sim::FaultKind::internal_error, 0.01},
                                        {sim::FaultKind::unavailable, 0.01},
                                        {sim::FaultKind::lost_reply, 0.01}};
  return usual;
}

void simulated_backups_a_second(std::string_view what, int nights,
                                const std::function<Night(std::uint64_t)>& make_night) {
  const double begun = cpu_seconds();
  std::size_t backups = 0;
  std::size_t calls = 0;
  for (int seed = 1; seed <= nights; ++seed) {
    const Night lived = make_night(static_cast<std::uint64_t>(seed));
    SimulatedWorld world(lived.scenario);
    world.rules = lived.rules;
    backups += world.back_up(lived.options)->size();
    calls += static_cast<std::size_t>(world.calls);
  }
  const double took = cpu_seconds() - begun;
  std::cout << fmt::format(
      "simulated whole backups a second on one core, {}: {:.0f} ({} backups, {:.0f} calls each, "
      "{:.0f} us a call)\n",
      what, static_cast<double>(backups) / took, backups,
      static_cast<double>(calls) / static_cast<double>(backups),
      took * 1e6 / static_cast<double>(calls));
}

}  // namespace
}  // namespace pitstop::test

int main() {
  using namespace pitstop::test;
  downtime_over_the_limit();
  simulated_backups_a_second("usual nights with faults (budget 500)", 200,
                             [](std::uint64_t seed) { return usual_night(seed, 20); });
  simulated_backups_a_second("the nights of the tests", 1000,
                             [](std::uint64_t seed) { return night(seed); });
}
