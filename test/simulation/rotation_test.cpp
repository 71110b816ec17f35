// --standby and --drain, before the simulated Auto Scaling and load balancers.

#include "backup/rotation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

sim::Scenario server_in_rotation() {
  auto scenario = one_quick_server();
  add_rotation(scenario);
  return scenario;
}

class OutOfRotation : public testing::Test {
 protected:
  SimulatedWorld& begin(sim::Scenario scenario = server_in_rotation()) {
    world.emplace(std::move(scenario));
    observer.emplace(world->time);
    world->observer = &*observer;
    observer->on_event = [this](const Event& event) {
      if (event.step == Step::stop_requested) {
        if (world->simulator.auto_scaling().groups().contains("farm")) {
          lifecycle_at_stop = sim::to_string(member().lifecycle);
        }
        for (const auto& [name, group] : world->simulator.load_balancing().groups()) {
          for (const auto& target : world->simulator.load_balancing().targets_of(group)) {
            targets_at_stop.push_back(fmt::format("{}:{}", name, target.port));
          }
        }
      }
      if (on_event) {
        on_event(event);
      }
    };
    return *world;
  }

  const sim::Member& member() {
    return world->simulator.auto_scaling().groups().at("farm").members.front();
  }

  BackupOutcome back_up(BackupOptions options) {
    options.wait = false;
    return world->back_up(std::move(options))->front();
  }

  std::vector<Step> steps() const {
    std::vector<Step> seen;
    for (const auto& event : observer->events) {
      seen.push_back(event.step);
    }
    return seen;
  }

  void expect_not_stopped() {
    EXPECT_EQ(world->simulator.calls("StopInstances"), 0);
    EXPECT_THAT(left_after_recovery(*world), IsEmpty());
  }

  std::optional<SimulatedWorld> world;
  std::optional<RecordingObserver> observer;
  std::function<void(const Event&)> on_event;
  std::string lifecycle_at_stop;
  std::vector<std::string> targets_at_stop;
};

TEST_F(OutOfRotation, AMemberIsInStandbyWhileItIsDown) {
  auto scenario = server_in_rotation();
  scenario.target_groups[1].members.clear();
  begin(scenario);
  EXPECT_EQ(back_up({.standby = true}).outcome, Outcome::following);
  EXPECT_EQ(lifecycle_at_stop, "Standby");
  EXPECT_THAT(targets_at_stop, IsEmpty());
  EXPECT_EQ(world->simulator.auto_scaling().groups().at("farm").desired, 1);
  EXPECT_EQ(world->simulator.calls("DeregisterTargets"), 0) << "Auto Scaling does that";
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

TEST_F(OutOfRotation, ATargetHasDrainedBeforeTheStopAndIsHealthyAfterTheStart) {
  auto scenario = server_in_rotation();
  scenario.scaling_groups.clear();
  scenario.target_groups[0].members = {"web-1"};
  begin(scenario);
  const auto outcome = back_up({.drain = true});
  EXPECT_EQ(outcome.outcome, Outcome::following) << outcome.error.value_or(Error()).message;
  EXPECT_THAT(targets_at_stop, IsEmpty());
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
  const auto& balancing = world->simulator.load_balancing();
  for (const auto& [name, group] : balancing.groups()) {
    EXPECT_EQ(balancing.health_of(group, group.registrations.front().target).state, "healthy")
        << name;
  }
  EXPECT_THAT(steps(), Contains(Step::draining));
  EXPECT_THAT(steps(), Contains(Step::drained));
  EXPECT_THAT(steps(), Contains(Step::in_rotation));
}

TEST_F(OutOfRotation, BothTogetherLeaveItInNoGroup) {
  begin();
  EXPECT_EQ(back_up({.standby = true, .drain = true}).outcome, Outcome::following);
  EXPECT_EQ(lifecycle_at_stop, "Standby");
  EXPECT_THAT(targets_at_stop, IsEmpty());
  EXPECT_EQ(world->simulator.calls("DeregisterTargets"), 1) << "api; Auto Scaling sees to web";
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

/// The downtime is what it would be without; the rest comes before and after it.
TEST_F(OutOfRotation, TheOutageIsNoLonger) {
  begin();
  EXPECT_LT(*back_up({.standby = true, .drain = true}).downtime, Seconds(30));
}

TEST_F(OutOfRotation, WithoutTheOptionsAMemberIsNotStopped) {
  begin();
  const auto outcome = back_up({.drain = true});
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->hint, HasSubstr("--standby"));
  expect_not_stopped();
}

TEST_F(OutOfRotation, AGroupThatCannotSpareItsMemberKeepsIt) {
  auto scenario = server_in_rotation();
  scenario.scaling_groups.front().min = 1;
  begin(scenario);
  const auto outcome = back_up({.standby = true});
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_THAT(outcome.error->message, HasSubstr("wants 1 at least"));
  EXPECT_EQ(world->simulator.calls("EnterStandby"), 0);
  expect_not_stopped();
}

TEST_F(OutOfRotation, WhoMayNotTakeItOutDoesNotStopIt) {
  for (const auto* action :
       {"autoscaling:EnterStandby", "elasticloadbalancing:DeregisterTargets"}) {
    auto scenario = server_in_rotation();
    scenario.denied_actions = {action};
    begin(scenario);
    const auto outcome = back_up({.standby = true, .drain = true});
    EXPECT_EQ(outcome.outcome, Outcome::refused) << action;
    EXPECT_EQ(outcome.error->kind, ErrorKind::forbidden) << action;
    expect_not_stopped();
  }
}

TEST_F(OutOfRotation, LostRepliesChangeNothing) {
  auto scenario = server_in_rotation();
  for (const auto* action :
       {"EnterStandby", "DeregisterTargets", "RegisterTargets", "ExitStandby"}) {
    scenario.faults.scripted.push_back(
        {.action = action, .nth = 1, .kind = sim::FaultKind::lost_reply});
  }
  begin(scenario);
  EXPECT_EQ(back_up({.standby = true, .drain = true}).outcome, Outcome::following);
  EXPECT_EQ(lifecycle_at_stop, "Standby");
  EXPECT_THAT(targets_at_stop, IsEmpty());
  EXPECT_THAT(world->faults.unused(), IsEmpty());
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

TEST_F(OutOfRotation, AnInterruptionWhileItDrainsBringsItBack) {
  begin();
  on_event = [this](const Event& event) {
    if (event.step == Step::draining) {
      world->interruption.request();
    }
  };
  const auto outcome = back_up({.standby = true, .drain = true});
  EXPECT_EQ(outcome.error->kind, ErrorKind::interrupted);
  expect_not_stopped();
}

/// Its tags stay, so that whoever may can bring it back.
TEST_F(OutOfRotation, WhatCannotBeBroughtBackIsSaidAndRemembered) {
  auto scenario = server_in_rotation();
  scenario.denied_actions = {"elasticloadbalancing:RegisterTargets"};
  begin(scenario);
  const auto outcome = back_up({.standby = true, .drain = true});
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_THAT(outcome.error->message, HasSubstr("not in rotation again"));
  EXPECT_FALSE(outcome.left_down);
  EXPECT_THAT(steps(), Contains(Step::alarm));
  const auto server = world->servers().front();
  const auto& tags = world->region().instances.at(server).tags;
  EXPECT_TRUE(tags.contains(down_tag_key));
  EXPECT_EQ(member().lifecycle, sim::Lifecycle::in_service) << "it is tried, whatever else fails";
  ASSERT_TRUE(tags.contains(rotation_tag_key));
  EXPECT_THAT(tags.at(rotation_tag_key), HasSubstr("standby api/"));

  world->simulator.deny({});
  world->wait(std::chrono::hours(3));
  ASSERT_TRUE(world->recover());
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

/// Its group lets it go while it is down: there is nothing to come back to.
TEST_F(OutOfRotation, AGroupThatIsGoneNeedsNobody) {
  auto scenario = server_in_rotation();
  begin(scenario);
  on_event = [this](const Event& event) {
    if (event.step == Step::stopped) {
      (*world->simulator.auto_scaling().find("farm"))->members.clear();
    }
  };
  EXPECT_EQ(back_up({.standby = true}).outcome, Outcome::following);
  EXPECT_EQ(world->simulator.calls("ExitStandby"), 0);
}

TEST_F(OutOfRotation, OneAfterTheOtherWithOnePlaceInThePitLane) {
  auto scenario = server_in_rotation();
  auto second = scenario.servers.front();
  second.name = "web-2";
  scenario.servers.push_back(second);
  scenario.scaling_groups.front().members = {"web-1", "web-2"};
  scenario.scaling_groups.front().min = 1;
  scenario.target_groups[1].members = {"web-1:8080", "web-2:8080"};
  begin(scenario);
  world->rules.max_down = {1};
  std::size_t least = 2;
  on_event = [&](const Event&) {
    const auto& members = world->simulator.auto_scaling().groups().at("farm").members;
    least = std::min(least, static_cast<std::size_t>(std::ranges::count(
                                members, sim::Lifecycle::in_service, &sim::Member::lifecycle)));
  };
  const auto outcomes = world->back_up({.standby = true, .drain = true, .wait = false});
  for (const auto& outcome : *outcomes) {
    EXPECT_EQ(outcome.outcome, Outcome::following);
  }
  EXPECT_EQ(least, 1U) << "one is always there";
  EXPECT_THAT(left_after_recovery(*world), IsEmpty());
}

}  // namespace
}  // namespace pitstop::test
