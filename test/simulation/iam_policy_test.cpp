// The policy that pitstop prints, held against the calls that the simulated AWS saw: whatever is
// called is allowed, and whatever is allowed is called in one run or another.

#include "backup/iam_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/contains.hpp"
#include "sim/autoscaling/actions.hpp"
#include "sim/elb/actions.hpp"
#include "sim/kms/actions.hpp"
#include "sim/scheduler/route.hpp"
#include "sim/ssm/actions.hpp"
#include "simulation/crashes.hpp"

namespace pitstop::test {
namespace {

using testing::IsSubsetOf;

using Actions = std::set<std::string>;

const std::string policy_role = "arn:aws:iam::123456789012:role/pitstop-guard";

Actions allowed(const PolicyScope& scope) {
  Actions actions;
  const auto policy = nlohmann::json::parse(iam_policy(scope));
  for (const auto& statement : policy.at("Statement")) {
    EXPECT_EQ(statement.at("Effect"), "Allow");
    for (const auto& action : statement.at("Action")) {
      actions.insert(action);
    }
  }
  return actions;
}

using Calls = std::map<std::string, int, std::less<>>;

/// The action with its service; a dry run needs the same right.
std::string action_of(std::string call) {
  constexpr std::string_view dry_run = "DryRun ";
  if (call.starts_with(dry_run)) {
    call.erase(0, dry_run.size());
  }
  const std::string_view action = call;
  const auto* service = contains(sim::scheduler_actions, action)        ? "scheduler"
                        : contains(sim::auto_scaling_actions, action)   ? "autoscaling"
                        : contains(sim::load_balancing_actions, action) ? "elasticloadbalancing"
                        : contains(sim::kms_actions, action)            ? "kms"
                        : contains(sim::ssm_actions, action)            ? "ssm"
                                                                        : "ec2";
  return fmt::format("{}:{}", service, call);
}

/// What was called since there were only those calls.
Actions called(const SimulatedWorld& world, const Calls& before = {}) {
  Actions actions;
  for (const auto& [call, times] : world.simulator.all_calls()) {
    const auto known = before.find(call);
    if (known == before.end() || known->second < times) {
      actions.insert(action_of(call));
    }
  }
  // While it answers this one EC2 itself makes others, for whoever has called.
  if (actions.contains("ec2:GetLaunchTemplateData")) {
    actions.insert({"ec2:DescribeInstanceAttribute", "ec2:DescribeInstanceCreditSpecifications",
                    "ec2:DescribeSpotInstanceRequests", "ec2:DescribeVolumes"});
  }
  return actions;
}

void operator+=(Actions& all, const Actions& more) {
  all.insert(more.begin(), more.end());
}

/// Everything that a backup can do, on a server of each kind that can have these options.
Actions called_by_backups(BackupOptions options) {
  auto scenario = one_quick_server();
  scenario.servers.front().public_ip = true;
  scenario.keys = {{.name = "disk", .id = {}, .region = {}, .state = "Enabled"}};
  scenario.servers.front().volumes.front().encrypted = true;
  scenario.servers.front().volumes.front().kms_key = "disk";
  sim::TargetGroupPlan targets;
  targets.name = "farm";
  targets.members = {"web-1"};
  scenario.target_groups = {targets};
  sim::ScalingGroupPlan group;
  group.name = "farm";
  group.members = {"web-1"};
  if (!options.standby) {
    group.standby = group.members;
  }
  scenario.scaling_groups = {group};
  if (!options.reserve_capacity) {
    scenario.servers.push_back(scenario.servers.front());
    scenario.servers.back().name = "web-2";
    scenario.servers.back().spot = "persistent";
    options.accepted = {FindingCode::spot};
  }
  SimulatedWorld world(scenario);
  world.region().instances.begin()->second.settings.placement_group = "close";
  world.region().placement_groups["close"] = "cluster";
  const auto outcomes = world.back_up(std::move(options));
  for (const auto& outcome : *outcomes) {
    EXPECT_EQ(outcome.outcome, Outcome::completed) << (outcome.error ? outcome.error->message : "");
  }
  return called(world);
}

/// What it calls for a volume that is attached to nothing.
Actions called_for_detached_volumes() {
  SimulatedWorld world(one_quick_server());
  const auto spare = detached_volume(world);
  const auto outcomes =
      world.back_up({.approach = Approach::unmounted, .detached_volumes = {spare}});
  EXPECT_EQ(outcomes->front().outcome, Outcome::completed);
  return called(world);
}

/// What a recovery calls after a kill at every third moment of a backup.
Actions called_by_recoveries(const BackupOptions& options) {
  Actions all;
  for (int moment = 1; moment < 60; moment += 3) {
    auto scenario = one_quick_server();
    if (options.standby) {
      add_rotation(scenario);
    }
    SimulatedWorld world(scenario);
    world.killing.at_moment = moment;
    if (world.back_up(options)) {
      break;
    }
    const Calls before = world.simulator.all_calls();
    world.killing = {};
    world.recover();
    all += called(world, before);
  }
  return all;
}

const BackupOptions plain{};
const BackupOptions careful{.reserve_capacity = true, .guard_role = policy_role};
const BackupOptions imaging{.method = Method::image};
const BackupOptions online{.approach = Approach::online};
const BackupOptions freezing{.approach = Approach::frozen};
const BackupOptions priming{.prime = true};
const BackupOptions rotating{.standby = true, .drain = true};
const PolicyScope for_plain{};
const PolicyScope for_careful{.guard_role = policy_role, .reserves_capacity = true};
const PolicyScope for_imaging{.makes_images = true};
const PolicyScope for_online{.stops = false};
const PolicyScope for_detached{.stops = false, .takes_detached = true};
const PolicyScope for_freezing{.stops = false, .freezes = true};
const PolicyScope for_priming{.removes_primes = true};
const PolicyScope for_rotating{.standby = true, .drain = true};

TEST(IamPolicy, AllowsWhatABackupCalls) {
  EXPECT_THAT(called_by_backups(plain), IsSubsetOf(allowed(for_plain)));
  EXPECT_THAT(called_by_backups(careful), IsSubsetOf(allowed(for_careful)));
  EXPECT_THAT(called_by_backups(imaging), IsSubsetOf(allowed(for_imaging)));
  EXPECT_THAT(called_by_backups(online), IsSubsetOf(allowed(for_online)));
  EXPECT_THAT(called_for_detached_volumes(), IsSubsetOf(allowed(for_detached)));
  EXPECT_THAT(called_by_backups(freezing), IsSubsetOf(allowed(for_freezing)));
  EXPECT_THAT(called_by_backups(priming), IsSubsetOf(allowed(for_priming)));
  EXPECT_THAT(called_by_backups(rotating), IsSubsetOf(allowed(for_rotating)));
}

TEST(IamPolicy, AllowsWhatARecoveryCalls) {
  auto scope = for_careful;
  scope.backs_up = false;
  EXPECT_THAT(called_by_recoveries(careful), IsSubsetOf(allowed(scope)));
  scope = for_imaging;
  scope.backs_up = false;
  EXPECT_THAT(called_by_recoveries(imaging), IsSubsetOf(allowed(scope)));
  scope = for_online;
  scope.backs_up = false;
  EXPECT_THAT(called_by_recoveries(online), IsSubsetOf(allowed(scope)));
  scope = for_priming;
  scope.backs_up = false;
  EXPECT_THAT(called_by_recoveries(priming), IsSubsetOf(allowed(scope)));
  scope = for_rotating;
  scope.backs_up = false;
  EXPECT_THAT(called_by_recoveries(rotating), IsSubsetOf(allowed(scope)));
}

TEST(IamPolicy, AllowsWhatACheckCalls) {
  SimulatedWorld world(one_quick_server());
  world.check();
  auto calls = called(world);
  for (const auto* tried : {"ec2:StartInstances", "ec2:StopInstances", "ec2:CreateTags",
                            "ec2:DeleteTags", "ec2:CreateSnapshots"}) {
    EXPECT_EQ(calls.erase(tried), 1U) << tried << " is what a check asks for by a dry run";
  }
  EXPECT_THAT(calls, IsSubsetOf(allowed({.backs_up = false, .recovers = false})));
}

TEST(IamPolicy, AllowsNothingThatIsNeverCalled) {
  EXPECT_THAT(allowed(for_online), IsSubsetOf(called_by_backups(online)));
  EXPECT_THAT(allowed(for_detached), IsSubsetOf(called_for_detached_volumes()));
  EXPECT_THAT(allowed(for_freezing), IsSubsetOf(called_by_backups(freezing)));
  auto calls = called_by_backups(careful);
  calls += called_by_backups(plain);
  calls += called_by_recoveries(careful);
  // AWS itself asks for this one.
  calls.insert("iam:PassRole");
  EXPECT_THAT(allowed(for_careful), IsSubsetOf(calls));
  calls += called_by_backups(imaging);
  EXPECT_THAT(allowed(for_imaging), IsSubsetOf(calls));
  calls += called_by_backups(priming);
  EXPECT_THAT(allowed(for_priming), IsSubsetOf(calls));
  calls += called_by_backups(rotating);
  EXPECT_THAT(allowed(for_rotating), IsSubsetOf(calls));
}

TEST(IamPolicy, NarrowsItsArnsDown) {
  const auto text = iam_policy({.partition = "aws-cn",
                                .region = "cn-north-1",
                                .account = "123456789012",
                                .guard_role = policy_role,
                                .reserves_capacity = true});
  EXPECT_THAT(text, testing::HasSubstr("arn:aws-cn:ec2:cn-north-1:123456789012:instance/*"));
  EXPECT_THAT(text, testing::HasSubstr("arn:aws-cn:ec2:cn-north-1::snapshot/*"));
  EXPECT_THAT(text, testing::HasSubstr("\"aws:RequestedRegion\": \"cn-north-1\""));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("arn:aws:ec2")));
}

/// Every mode in which the policy can be printed.
std::vector<PolicyScope> every_mode() {
  std::vector<PolicyScope> modes;
  for (const bool stops : {true, false}) {
    for (const bool checks_only : {true, false}) {
      PolicyScope mode{.backs_up = !checks_only, .stops = stops, .recovers = !checks_only};
      modes.push_back(mode);
      mode.makes_images = mode.removes_primes = mode.standby = mode.drain = stops;
      mode.reserves_capacity = stops;
      mode.takes_detached = true;
      mode.freezes = !stops;
      mode.guard_role = stops ? policy_role : "";
      mode.lists = mode.prunes = mode.copies = mode.restores = mode.restores_in_place = true;
      mode.restores_fast = true;
      modes.push_back(std::move(mode));
    }
  }
  return modes;
}

/// The keys of many accounts belong to one account that keeps them for all.
TEST(IamPolicy, NarrowsNoKeyDownToAnAccount) {
  int statements = 0;
  for (auto mode : every_mode()) {
    mode.partition = "aws-cn";
    mode.region = "cn-north-1";
    mode.account = "123456789012";
    const auto policy = nlohmann::json::parse(iam_policy(mode));
    for (const auto& statement : policy.at("Statement")) {
      for (const auto& action : statement.at("Action")) {
        if (action.get<std::string>().starts_with("kms:")) {
          EXPECT_EQ(statement.at("Resource"),
                    nlohmann::json::array({"arn:aws-cn:kms:cn-north-1:*:key/*"}))
              << action;
          ++statements;
        }
      }
    }
  }
  EXPECT_GT(statements, 0);
}

/// EC2's own looks while it answers GetLaunchTemplateData (its API reference).
TEST(IamPolicy, AllowsInEveryModeWhatOneCallNeedsOfOthers) {
  for (const auto& mode : every_mode()) {
    const auto actions = allowed(mode);
    EXPECT_TRUE(actions.contains("ec2:GetLaunchTemplateData"));
    for (const auto* needed :
         {"ec2:DescribeSpotInstanceRequests", "ec2:DescribeInstanceCreditSpecifications",
          "ec2:DescribeVolumes", "ec2:DescribeInstanceAttribute"}) {
      EXPECT_TRUE(actions.contains(needed)) << needed;
    }
  }
}

TEST(IamPolicy, PassesRolesToEc2UnderAllOfItsNames) {
  const auto passed_to = [](const std::string& partition) {
    PolicyScope scope;
    scope.partition = partition;
    scope.restores = true;
    const auto policy = nlohmann::json::parse(iam_policy(scope));
    for (const auto& statement : policy.at("Statement")) {
      if (statement.at("Sid") == "PassTheirProfiles") {
        return statement.at("Condition").at("StringEquals").at("iam:PassedToService");
      }
    }
    return nlohmann::json();
  };
  using nlohmann::json;
  EXPECT_EQ(passed_to("aws"), json::array({"ec2.amazonaws.com"}));
  EXPECT_EQ(passed_to("aws-us-gov"), json::array({"ec2.amazonaws.com"}));
  EXPECT_EQ(passed_to("aws-cn"), json::array({"ec2.amazonaws.com", "ec2.amazonaws.com.cn"}));
}

}  // namespace
}  // namespace pitstop::test
