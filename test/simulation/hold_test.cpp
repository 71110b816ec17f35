// The guard and the capacity reservation, before the simulated EC2 and its Scheduler.

#include "backup/hold.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string role = "arn:aws:iam::123456789012:role/pitstop-guard";

class HoldInTheCloud : public testing::Test {
 protected:
  /// Makes the world, and looks at it at the stop.
  SimulatedWorld& begin(sim::Scenario scenario = one_quick_server()) {
    world.emplace(std::move(scenario));
    observer.emplace(world->time);
    world->observer = &*observer;
    observer->on_event = [this](const Event& event) {
      if (event.step == Step::stop_requested) {
        for (const auto& [name, schedule] : world->simulator.schedules()) {
          guards_at_stop.push_back(name);
        }
        reserved_at_stop = active_reservations();
      }
    };
    return *world;
  }

  std::size_t active_reservations() {
    std::size_t active = 0;
    for (const auto& [id, reservation] : world->region().reservations) {
      active += reservation.state == "active" ? 1 : 0;
    }
    return active;
  }

  BackupOutcome back_up(BackupOptions options) {
    options.wait = false;
    return world->back_up(std::move(options))->front();
  }

  void expect_untouched(const BackupOutcome& outcome) {
    EXPECT_EQ(outcome.outcome, Outcome::refused);
    EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
    EXPECT_THAT(*world->journal.open_backups(), IsEmpty());
  }

  std::optional<SimulatedWorld> world;
  std::optional<RecordingObserver> observer;
  std::vector<std::string> guards_at_stop;
  std::size_t reserved_at_stop = 0;
};

TEST_F(HoldInTheCloud, TheGuardIsThereFromBeforeTheStopUntilTheServerRuns) {
  begin();
  EXPECT_EQ(back_up({.guard_role = role}).outcome, Outcome::following);
  EXPECT_EQ(guards_at_stop, std::vector<std::string>{"pitstop-" + world->servers().front().str()});
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

TEST_F(HoldInTheCloud, AServerThatWasFoundStoppedHasNoGuard) {
  auto scenario = one_quick_server();
  scenario.servers.front().stopped = true;
  begin(scenario);
  EXPECT_EQ(back_up({.reserve_capacity = true, .guard_role = role}).outcome, Outcome::following);
  EXPECT_EQ(world->simulator.calls("CreateCapacityReservation"), 0);
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

TEST_F(HoldInTheCloud, AGuardThatMayNotBeMadeRefusesTheStop) {
  auto scenario = one_quick_server();
  scenario.denied_actions = {"scheduler:CreateSchedule"};
  begin(scenario);
  const auto outcome = back_up({.guard_role = role});
  expect_untouched(outcome);
  EXPECT_EQ(outcome.error->kind, ErrorKind::forbidden);
  EXPECT_THAT(outcome.error->message, HasSubstr("cannot be guarded"));
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

TEST_F(HoldInTheCloud, AGuardThatCannotBeReadBackRefusesTheStop) {
  auto scenario = one_quick_server();
  scenario.denied_actions = {"scheduler:GetSchedule"};
  begin(scenario);
  const auto outcome = back_up({.guard_role = role});
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
  // Nor can it be removed: that is said, and done as soon as it can be.
  EXPECT_THAT(outcome.left_behind, testing::ElementsAre(HasSubstr("its guard may still be there")));
  EXPECT_THAT(*world->journal.open_backups(), testing::SizeIs(1));
  world->simulator.deny({});
  ASSERT_TRUE(world->recover());
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

/// The reservation costs for as long as it is there.
TEST_F(HoldInTheCloud, AReservationThatCannotBeCancelledIsCancelledByRecover) {
  begin();
  observer->on_event = [this](const Event& event) {
    if (event.step == Step::running) {
      world->simulator.deny({"CancelCapacityReservation"});
    }
  };
  const auto outcome = back_up({.reserve_capacity = true});
  EXPECT_EQ(outcome.outcome, Outcome::following);
  EXPECT_THAT(outcome.left_behind,
              testing::ElementsAre("its capacity reservation may still be there"));
  EXPECT_EQ(active_reservations(), 1U);
  world->simulator.deny({});
  ASSERT_TRUE(world->recover());
  EXPECT_EQ(active_reservations(), 0U);
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

TEST_F(HoldInTheCloud, ALostReplyMakesNoSecondGuard) {
  auto scenario = one_quick_server();
  scenario.faults.scripted = {
      {.action = "CreateSchedule", .nth = 1, .kind = sim::FaultKind::lost_reply},
      {.action = "GetSchedule", .nth = 1, .kind = sim::FaultKind::lost_reply},
      {.action = "DeleteSchedule", .nth = 1, .kind = sim::FaultKind::lost_reply}};
  begin(scenario);
  EXPECT_EQ(back_up({.guard_role = role}).outcome, Outcome::following);
  EXPECT_THAT(world->faults.unused(), IsEmpty());
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

/// The other run has no tag to be seen, but its guard is there.
TEST_F(HoldInTheCloud, AnotherRunsGuardHolds) {
  begin();
  const auto options = BackupOptions{.guard_role = role, .wait = false};
  world->killing = {.at_moment = 1};
  for (int moment = 1; world->simulator.schedules().empty(); ++moment) {
    world->killing = {.at_moment = moment, .after = true};
    ASSERT_FALSE(world->back_up(options));
    if (world->simulator.schedules().empty()) {
      world->killing = {};
      world->recover({.wait = false});
    }
  }
  world->killing = {};
  world->lose_the_host();
  auto& tags = world->region().instances.at(world->servers().front()).tags;
  tags.erase(down_tag_key);
  const auto outcome = back_up(options);
  expect_untouched(outcome);
  EXPECT_EQ(outcome.error->kind, ErrorKind::held);
  EXPECT_THAT(outcome.error->message, HasSubstr("is guarded by another run (pitstop: starts i-"));
  EXPECT_EQ(world->simulator.schedules().size(), 1U) << "it is not ours to remove";
}

TEST_F(HoldInTheCloud, TheReservationIsThereFromBeforeTheStopUntilTheServerRuns) {
  begin();
  EXPECT_EQ(back_up({.reserve_capacity = true}).outcome, Outcome::following);
  EXPECT_EQ(reserved_at_stop, 1U);
  EXPECT_EQ(left_after_recovery(*world), std::vector<std::string>());
}

TEST_F(HoldInTheCloud, AReservationBringsTheServerBackThroughAShortage) {
  auto scenario = one_quick_server();
  scenario.shortages.push_back(
      {.instance_type = "", .zone = "", .from = Seconds(1), .until = std::chrono::hours(1)});
  begin(scenario);
  EXPECT_LT(*back_up({.reserve_capacity = true}).downtime, Seconds(30));
  begin(scenario);
  EXPECT_GT(*back_up({}).downtime, std::chrono::minutes(50));
}

TEST_F(HoldInTheCloud, AReservationThatMayNotBeMadeRefusesTheStop) {
  auto scenario = one_quick_server();
  scenario.denied_actions = {"CreateCapacityReservation"};
  begin(scenario);
  const auto outcome = back_up({.reserve_capacity = true});
  expect_untouched(outcome);
  EXPECT_EQ(outcome.error->kind, ErrorKind::forbidden);
}

}  // namespace
}  // namespace pitstop::test
