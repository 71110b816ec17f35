// Keys that end, and clocks that step, while a server is down: it comes back all the same.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/concurrently.hpp"
#include "sim/cloud/truth.hpp"
#include "simulation/crashes.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::string keys_in_file(const std::string& id) {
  return "[default]\naws_access_key_id = " + id +
         "\naws_secret_access_key = secret\naws_session_token = token\n";
}

Task<void> later(VirtualTime& time, Duration pause, std::function<void()> act) {
  co_await time.sleep(pause);
  act();
}

sim::KnownKey known(std::optional<WallTime> expires = {}) {
  return {.secret = "secret", .token = "token", .expires = expires};
}

sim::Outage only_outage(SimulatedWorld& world) {
  const auto outages = sim::outages_of(world.region(), world.servers().front());
  EXPECT_EQ(outages.size(), 1U);
  return outages.empty() ? sim::Outage() : outages.front();
}

/// Whose gate takes a minute.
sim::Scenario server_with_a_slow_gate() {
  auto scenario = one_quick_server();
  for (auto& volume : scenario.servers.front().volumes) {
    volume.snapshot_pace.lag = sim::always(Seconds(60));
  }
  return scenario;
}

struct Renewal {
  /// What AWS does with the old keys 10 s after the backup began.
  std::function<void(SimulatedWorld&)> end_of_old;
  /// When somebody writes the new ones.
  Duration written_after;
};

/// How long after the new keys were written the server was started.
Duration started_after_renewal(const Renewal& renewal) {
  const TemporaryDirectory directory;
  SimulatedWorld world(server_with_a_slow_gate());
  world.credentials_file = directory.write("credentials", keys_in_file("OLD"));
  world.admission.emplace(world.host_clock);
  world.admission->know("OLD", known());
  world.admission->know("NEW", known());
  const auto executor = world.time.executor();
  const auto began = world.time.now();
  begin(executor, later(world.time, Seconds(10), [&] { renewal.end_of_old(world); }));
  begin(executor, later(world.time, renewal.written_after,
                        [&] { (void)directory.write("credentials", keys_in_file("NEW")); }));
  // Who never reads the file again would ask for ever.
  begin(executor, later(world.time, hours(2), [&] { world.admission->know("OLD", known()); }));
  EXPECT_EQ(world.back_up()->size(), 1U);
  const auto outage = only_outage(world);
  EXPECT_TRUE(outage.running);
  return outage.start_accepted.value_or(Instant::max()) - began - renewal.written_after;
}

// The server is down when they end, and the file is written two minutes later.
TEST(RenewedKeys, AreReadFromTheirFileWhileTheServerIsDown) {
  const auto expire = [](SimulatedWorld& world) {
    world.admission->know("OLD", known(world.time.wall()));
  };
  const auto revoke = [](SimulatedWorld& world) { world.admission->forget("OLD"); };
  const auto change = [](SimulatedWorld& world) {
    world.admission->know("OLD", {.secret = "other", .token = "token"});
  };
  for (const auto& end_of_old :
       std::vector<std::function<void(SimulatedWorld&)>>{expire, revoke, change}) {
    EXPECT_LT(started_after_renewal({end_of_old, minutes(3)}), Seconds(40));
  }
}

// They were renewed in time: the gate opens, and nothing is lost.
TEST(RenewedKeys, CostNothingIfTheyAreThereInTime) {
  const TemporaryDirectory directory;
  SimulatedWorld world(server_with_a_slow_gate());
  world.credentials_file = directory.write("credentials", keys_in_file("OLD"));
  world.admission.emplace(world.host_clock);
  world.admission->know("OLD", known());
  world.admission->know("NEW", known());
  const auto executor = world.time.executor();
  begin(executor, later(world.time, Seconds(10), [&] {
          (void)directory.write("credentials", keys_in_file("NEW"));
          world.admission->know("OLD", known(world.time.wall()));
        }));
  const auto outcomes = world.back_up();
  ASSERT_EQ(outcomes->size(), 1U);
  EXPECT_EQ(outcomes->front().outcome, Outcome::completed);
  const auto outage = only_outage(world);
  EXPECT_LT(outage.downtime().value() - outage.limit().value(), Seconds(3));
}

/// The host's clock is off by something else every 1.7 seconds.
void let_the_clock_step(SimulatedWorld& world) {
  const auto began = world.time.now();
  world.host_clock.ahead = [&world, began] {
    static constexpr std::array<Milliseconds, 7> steps{
        minutes(0), minutes(12), -minutes(20), hours(3), minutes(0), -hours(30), minutes(6)};
    const auto number = (world.time.now() - began) / Milliseconds(1700);
    return steps.at(static_cast<std::size_t>(number) % steps.size());
  };
}

TEST(WrongClock, StepsInTheMiddleOfEveryBackup) {
  const std::vector<BackupOptions> modes{{},
                                         {.method = Method::image},
                                         {.approach = Approach::online},
                                         {.prime = true},
                                         {.standby = true, .drain = true}};
  for (const auto& mode : modes) {
    auto scenario = one_quick_server();
    if (mode.standby) {
      add_rotation(scenario);
    }
    SimulatedWorld world(scenario);
    world.admission.emplace(world.host_clock);
    world.admission->know("simulated", {.secret = "simulated"});
    world.credentials_end = world.time.wall() + hours(5);
    let_the_clock_step(world);
    const auto outcomes = world.back_up(mode);
    ASSERT_EQ(outcomes->size(), 1U);
    EXPECT_EQ(outcomes->front().outcome, Outcome::completed)
        << (outcomes->front().error ? outcomes->front().error->message : "");
    if (mode.approach == Approach::stop) {
      const auto outage = only_outage(world);
      EXPECT_LT(outage.downtime().value() - outage.limit().value(), Seconds(5));
    }
    world.host_clock.ahead = {};
    EXPECT_THAT(left_after_recovery(world), testing::IsEmpty());
  }
}

// It was wrong before pitstop began, and stays so.
TEST(WrongClock, IsNoReasonNotToBegin) {
  for (const auto wrong : {Milliseconds(minutes(12)), Milliseconds(-hours(26))}) {
    SimulatedWorld world(one_quick_server());
    world.admission.emplace(world.host_clock);
    world.admission->know("simulated", {.secret = "simulated"});
    world.host_clock.ahead = [wrong] { return wrong; };
    EXPECT_EQ(world.back_up()->at(0).outcome, Outcome::completed);
  }
}

}  // namespace
}  // namespace pitstop::test
