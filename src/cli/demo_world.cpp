#include "cli/demo_world.hpp"

#include "base/check.hpp"
#include "base/concurrently.hpp"
#include "sim/door/simulated_http.hpp"

namespace pitstop {
namespace {

/// An identity that the simulated cloud does not look at, and nothing of the user's own.
Environment simulated_environment(const std::string& region) {
  return Environment({{"AWS_REGION", region},
                      {"AWS_ACCESS_KEY_ID", "demo"},
                      {"AWS_SECRET_ACCESS_KEY", "demo"},
                      {"AWS_EC2_METADATA_DISABLED", "true"},
                      {"AWS_CONFIG_FILE", "/dev/null"},
                      {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}});
}

Task<void> noting_its_end(Task<void> task, bool& ended) {
  co_await std::move(task);
  ended = true;
}

}  // namespace

DemoWorld::DemoWorld(sim::Scenario scenario, Surroundings& real, double speed)
    : real_(real),
      speed_(speed),
      simulator_(time_, scenario),
      faults_(scenario.faults, scenario.seed),
      environment_(simulated_environment(scenario.region)),
      random_(scenario.seed),
      surroundings_(make_surroundings()) {}

Surroundings DemoWorld::make_surroundings() {
  const auto open_network = [this](const CurlSettings&) {
    return std::make_unique<sim::SimulatedHttp>(simulator_, faults_, time_,
                                                simulator_.scenario().seed);
  };
  Surroundings made{.environment = environment_,
                    .clock = time_,
                    .random = random_,
                    .open_network = open_network,
                    .launch = real_.launch,
                    .run_program = real_.run_program,
                    .interruption = real_.interruption,
                    .down = down_,
                    .output = real_.output,
                    .diagnostics = real_.diagnostics,
                    .terminal_size = real_.terminal_size,
                    .describers = real_.describers};
  made.redraw_every =
      std::chrono::duration_cast<Duration>(real_.redraw_every * std::max(1.0, speed_));
  return made;
}

Task<void> DemoWorld::run(Task<void> task) {
  bool ended = false;
  pitstop::begin(time_.executor(), noting_its_end(std::move(task), ended));
  const Instant real_beginning = real_.clock.now();
  const Instant beginning = time_.now();
  while (true) {
    time_.run_ready();
    if (ended) {
      co_return;
    }
    const auto next = time_.next_wake();
    CHECK(next);
    if (speed_ > 0) {
      const auto real_length = std::chrono::duration_cast<Duration>((*next - beginning) / speed_);
      co_await real_.clock.sleep_until(real_beginning + real_length);
    }
    time_.jump();
  }
}

}  // namespace pitstop
