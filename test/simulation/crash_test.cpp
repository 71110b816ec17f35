// A backup killed before and after each of its calls and each of its lines in the journal, then
// recovered, and the recovery killed at each of its own: whatever happens, the server comes back.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <limits>

#include "base/environment.hpp"
#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

constexpr int crash_parts = 4;

BackupOptions with_everything() {
  return {.reserve_capacity = true,
          .guard_role = "arn:aws:iam::123456789012:role/pitstop-guard",
          .wait = false};
}

BackupOptions out_of_rotation() {
  return {.standby = true, .drain = true, .wait = false};
}

BackupOptions restoring_at_once() {
  auto options = with_everything();
  options.swap = Swap{.restore = {}, .volumes = {}, .safety_backup = false};
  return options;
}

BackupOptions restoring_fast() {
  BackupOptions options{.wait = false, .swap = Swap{}};
  options.swap->fast_restore.emplace();
  return options;
}

struct Kind {
  const char* name;
  BackupOptions options;
  bool found_stopped = false;
  bool in_rotation = false;
  bool has_detached_volume = false;
  bool rolls_back = false;
  /// The recovery is killed at each so manieth of its moments, at others for each moment of the
  /// backup; 0: never.
  int recovery_step = 1;
};

const std::array kinds{
    Kind{.name = "guarded and reserved", .options = with_everything(), .recovery_step = 7},
    Kind{.name = "image", .options = {.method = Method::image, .wait = false}, .recovery_step = 9},
    Kind{.name = "plain", .options = {.wait = false}, .recovery_step = 0},
    Kind{.name = "primed", .options = {.prime = true}, .recovery_step = 9},
    Kind{.name = "online", .options = {.approach = Approach::online}, .recovery_step = 5},
    Kind{.name = "detached",
         .options = {.approach = Approach::unmounted},
         .has_detached_volume = true,
         .recovery_step = 13},
    Kind{.name = "found stopped",
         .options = {.wait = false},
         .found_stopped = true,
         .recovery_step = 5},
    Kind{.name = "restored in place",
         .options = {.wait = false, .swap = Swap{}},
         .recovery_step = 9},
    Kind{.name = "restored in place, guarded, without a backup before",
         .options = restoring_at_once(),
         .recovery_step = 13},
    Kind{.name = "restored in place, fast", .options = restoring_fast(), .recovery_step = 23},
    Kind{.name = "rolled back",
         .options = restoring_at_once(),
         .rolls_back = true,
         .recovery_step = 13},
    Kind{.name = "restored in place, found stopped",
         .options = {.wait = false, .swap = Swap{}},
         .found_stopped = true,
         .recovery_step = 13},
    Kind{.name = "out of rotation",
         .options = out_of_rotation(),
         .in_rotation = true,
         .recovery_step = 13}};

/// Whether the recovery is killed at every one of its moments, which takes ten times as long.
bool at_every_moment() {
  return Environment::of_process().get("PITSTOP_CRASHES") == "all";
}

std::string where(const Kind& kind, const Crash& crash) {
  const auto text = [](const Killing& killing) {
    return killing.at_moment == 0
               ? std::string("not killed")
               : fmt::format("killed {} moment {}", killing.after ? "after" : "before",
                             killing.at_moment);
  };
  return fmt::format("{}, backup {}, recovery {}", kind.name, text(crash.of_backup),
                     text(crash.of_recovery));
}

/// The moments of the backup are shared out, for the machine has more than one core.
class Crashes : public testing::TestWithParam<int> {
 protected:
  void kill_backup_everywhere(const Kind& kind) {
    Crash crash{.options = kind.options,
                .found_stopped = kind.found_stopped,
                .in_rotation = kind.in_rotation,
                .has_detached_volume = kind.has_detached_volume,
                .rolls_back = kind.rolls_back};
    const int moments = moments_of(crash);
    for (int moment = 1 + GetParam(); moment <= moments; moment += crash_parts) {
      for (const bool after : {false, true}) {
        crash.of_backup = {.at_moment = moment, .after = after};
        ASSERT_NO_FATAL_FAILURE(kill_recovery_everywhere(kind, crash));
      }
    }
  }

  int cases = 0;

 private:
  /// And nowhere; after one of its moments is before the next. A plain backup's recovery does
  /// nothing that a guarded one's does not do.
  void kill_recovery_everywhere(const Kind& kind, Crash crash) {
    const int moments = check(kind, crash);
    if (kind.recovery_step == 0) {
      return;
    }
    const int step = at_every_moment() ? 1 : 2 * kind.recovery_step;
    const int first = 1 + (crash.of_backup.at_moment + (crash.of_backup.after ? 1 : 0)) % step;
    for (int moment = first; moment <= moments; moment += step) {
      crash.of_recovery = {.at_moment = moment};
      check(kind, crash);
      ASSERT_LT(broken_, 5) << "that is enough";
    }
  }

  int check(const Kind& kind, const Crash& crash) {
    const auto after = live_through(crash);
    ++cases;
    EXPECT_EQ(after.broken, std::vector<std::string>()) << where(kind, crash);
    broken_ += after.broken.empty() ? 0 : 1;
    return after.moments;
  }

  int broken_ = 0;
};

TEST_P(Crashes, LeaveNothingBehindWhereverTheyCome) {
  for (const auto& kind : kinds) {
    ASSERT_NO_FATAL_FAILURE(kill_backup_everywhere(kind));
  }
  std::cout << cases << " crashes\n";
}

INSTANTIATE_TEST_SUITE_P(Part, Crashes, testing::Range(0, crash_parts));

/// The process is killed when the server is stopped and its snapshots have begun.
void kill_while_down(SimulatedWorld& world, const BackupOptions& options) {
  RecordingObserver observer(world.time);
  observer.on_event = [&world](const Event& event) {
    if (event.step == Step::snapshots_created) {
      world.time.kill();
    }
  };
  world.observer = &observer;
  world.killing = {.at_moment = std::numeric_limits<int>::max()};
  EXPECT_FALSE(world.back_up(options));
  world.killing = {};
  world.observer = nullptr;
}

/// The request arrives when its sender has been killed, and a recovery has started the server.
TEST(CrashesWithALateRequest, LeaveNoSnapshotThatPromisesTooMuch) {
  int late = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const auto& [method, action] : {std::pair(Method::snapshots, "CreateSnapshots"),
                                         std::pair(Method::image, "CreateImage")}) {
      auto scenario = one_quick_server();
      scenario.seed = seed;
      scenario.faults.scripted = {{.action = action, .nth = 1, .kind = sim::FaultKind::late}};
      SimulatedWorld world(scenario);
      world.killing = {.at = world.simulator.age() + Seconds(20)};
      ASSERT_FALSE(world.back_up({.method = method}));
      world.killing = {};
      const auto outcome = world.recover()->front();
      EXPECT_EQ(left_after_recovery(world), std::vector<std::string>()) << seed;
      for (const auto& [id, snapshot] : world.region().snapshots) {
        late += snapshot.tags.at("pitstop:consistency") == "crash" ? 1 : 0;
        EXPECT_EQ(to_string(*outcome.consistency), snapshot.tags.at("pitstop:consistency"));
      }
    }
  }
  EXPECT_GT(late, 0);
}

TEST(CrashesOfHosts, AreUndoneByTheGuard) {
  SimulatedWorld world(one_quick_server());
  auto options = with_everything();
  options.max_downtime = std::chrono::minutes(10);
  kill_while_down(world, options);
  const auto server = world.servers().front();
  ASSERT_EQ(world.region().instances.at(server).state(), sim::InstanceState::stopped);
  world.wait(std::chrono::minutes(20));
  EXPECT_EQ(world.region().instances.at(server).state(), sim::InstanceState::running);
  world.lose_the_host();
  world.wait(std::chrono::hours(1));
  ASSERT_TRUE(world.recover());
  EXPECT_EQ(left_after_recovery(world), std::vector<std::string>());
}

TEST(CrashesOfHosts, AreUndoneByAnotherHost) {
  Crash crash{.options = with_everything(), .host_is_lost = true};
  const int moments = moments_of(crash);
  for (int moment = 1; moment <= moments; ++moment) {
    crash.of_backup = {.at_moment = moment, .after = true};
    EXPECT_EQ(live_through(crash).broken, std::vector<std::string>()) << moment;
  }
}

TEST(CrashesOfHosts, LeaveAnImageThatAnotherHostAdopts) {
  Crash crash{.options = {.method = Method::image, .wait = false}, .host_is_lost = true};
  const int moments = moments_of(crash);
  for (int moment = 1; moment <= moments; ++moment) {
    crash.of_backup = {.at_moment = moment, .after = true};
    EXPECT_EQ(live_through(crash).broken, std::vector<std::string>()) << moment;
  }
}

TEST(CrashesOfHosts, OfAPrimedServerAreUndoneByAnotherHost) {
  Crash crash{.options = {.prime = true}, .host_is_lost = true};
  const int moments = moments_of(crash);
  for (int moment = 1; moment <= moments; ++moment) {
    crash.of_backup = {.at_moment = moment, .after = true};
    EXPECT_EQ(live_through(crash).broken, std::vector<std::string>()) << moment;
  }
}

TEST(CrashesOfHosts, AreBroughtBackIntoRotationByAnotherHost) {
  Crash crash{.options = out_of_rotation(), .host_is_lost = true, .in_rotation = true};
  const int moments = moments_of(crash);
  for (int moment = 1; moment <= moments; ++moment) {
    crash.of_backup = {.at_moment = moment, .after = true};
    EXPECT_EQ(live_through(crash).broken, std::vector<std::string>()) << moment;
  }
}

TEST(CrashesOfHosts, LeaveARestoreInPlaceThatAnotherHostFinishes) {
  Crash crash{.options = {.wait = false, .swap = Swap{}}, .host_is_lost = true};
  const int moments = moments_of(crash);
  for (int moment = 1; moment <= moments; ++moment) {
    crash.of_backup = {.at_moment = moment, .after = true};
    EXPECT_EQ(live_through(crash).broken, std::vector<std::string>()) << moment;
  }
}

TEST(CrashesOfHosts, AnotherHostLeavesAloneWhatMayBeAlive) {
  SimulatedWorld world(one_quick_server());
  kill_while_down(world, {.wait = false});
  world.lose_the_host();
  const auto server = world.servers().front();
  ASSERT_TRUE(world.recover());
  EXPECT_EQ(world.region().instances.at(server).state(), sim::InstanceState::stopped);
  world.wait(std::chrono::hours(2));
  ASSERT_TRUE(world.recover());
  EXPECT_EQ(world.region().instances.at(server).state(), sim::InstanceState::running);
  EXPECT_EQ(left_after_recovery(world), std::vector<std::string>());
}

}  // namespace
}  // namespace pitstop::test
