#include "simulation/seeds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulation/promises.hpp"

namespace pitstop::test {
namespace {

/// None of the first thousand takes more than 72 minutes.
constexpr auto longest_night = std::chrono::hours(4);

Morning after(const Night& night) {
  SimulatedWorld world(night.scenario);
  world.rules = night.rules;
  world.killing.at = longest_night;
  const auto outcomes = world.back_up(night.options);
  if (!outcomes) {
    return {.broken = {"it was still going on after four hours"},
            .servers = world.servers().size()};
  }
  // What is still on its way has arrived by then.
  world.wait(std::chrono::minutes(10));
  return {.broken = broken_promises(world, night.options, *outcomes),
          .good = static_cast<std::size_t>(std::ranges::count_if(*outcomes, is_good)),
          .servers = world.servers().size()};
}

}  // namespace

Morning live_through(std::uint64_t seed) {
  auto morning = after(night(seed));
  for (auto& each : morning.broken) {
    each = fmt::format("PITSTOP_SEED={} ./dev test -R Simulation: {}", seed, each);
  }
  return morning;
}

}  // namespace pitstop::test
