#include "simulation/crash_nights.hpp"

#include <fmt/format.h>

#include "simulation/crashes.hpp"
#include "simulation/night.hpp"

namespace pitstop::test {
namespace {

class Murderer {
 public:
  explicit Murderer(std::uint64_t seed) : chance_(seed * 2654435761 + 17) {}

  bool rarely(double part) { return chance_.unit() < part; }

  /// Some time from now, soon as a rule: most of what can be interrupted comes in the beginning.
  Killing soon(SimulatedWorld& world) {
    const double fraction = chance_.unit() * chance_.unit();
    const auto later = std::chrono::duration_cast<Duration>(std::chrono::minutes(45) * fraction);
    return {.at = world.simulator.age() + later};
  }

 private:
  SeededRandom chance_;
};

/// What everybody has broken is mended by then, and every tag's time is over.
constexpr Duration until_all_is_mended = std::chrono::hours(3);

void recover_to_the_end(SimulatedWorld& world) {
  world.killing = {.at = world.simulator.age() + std::chrono::hours(48)};
  world.recover();
  world.wait(std::chrono::minutes(10));
}

}  // namespace

Morning live_through_kills(std::uint64_t seed) {
  Night lived = night(seed);
  Murderer murderer(seed);
  lived.options.reserve_capacity = murderer.rarely(0.3);
  if (murderer.rarely(0.4)) {
    lived.options.guard_role = "arn:aws:iam::123456789012:role/pitstop-guard";
  }
  SimulatedWorld world(lived.scenario);
  world.rules = lived.rules;
  world.killing = murderer.soon(world);
  world.back_up(lived.options);
  const bool host_is_lost = murderer.rarely(0.2);
  if (host_is_lost) {
    world.lose_the_host();
  }
  for (int i = 0; i < 3 && murderer.rarely(0.7); ++i) {
    world.killing = murderer.soon(world);
    world.recover({.take_over = host_is_lost && murderer.rarely(0.5)});
  }
  world.wait(until_all_is_mended);
  recover_to_the_end(world);
  Morning morning{.broken = left_after_recovery(world), .servers = world.servers().size()};
  for (auto& each : morning.broken) {
    each = fmt::format("PITSTOP_SEED={} ./dev test -R CrashNights: {}", seed, each);
  }
  return morning;
}

}  // namespace pitstop::test
