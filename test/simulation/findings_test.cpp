// Each finding has a server that raises it and one that does not; and no server that is refused is
// touched, as the truth of the simulation shows.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "backup/down_tag.hpp"
#include "base/contains.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/truth.hpp"
#include "simulation/crashes.hpp"
#include "support/pit_bench.hpp"
#include "support/temporary_directory.hpp"

namespace pitstop::test {
namespace {

/// A server about which something is to be found.
struct Case {
  FindingCode code;
  /// What is different about it from the beginning.
  std::function<void(sim::Scenario&)> plan = [](sim::Scenario&) {};
  /// What happens to it before the check.
  std::function<void(SimulatedWorld&)> prepare = [](SimulatedWorld&) {};
  BackupOptions options = {};
  /// Where a finding refuses only sometimes.
  std::optional<Severity> severity = {};

  Severity expected() const { return severity.value_or(kind_of(code).severity); }
};

sim::ServerPlan& first(sim::Scenario& scenario) {
  return scenario.servers.front();
}

sim::Instance& first(SimulatedWorld& world) {
  return world.region().instances.begin()->second;
}

sim::Volume& root_of_first(SimulatedWorld& world) {
  return world.region().volumes.at(first(world).attachments.front().volume);
}

/// So many slow snapshots of the first volume, a minute old.
void take_snapshots(SimulatedWorld& world, int count) {
  auto& volume = root_of_first(world);
  volume.snapshot_pace.lag = sim::always(std::chrono::minutes(10));
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(sim::create_snapshot(world.region(), volume.id, {}).has_value());
    world.wait(std::chrono::minutes(1));
  }
}

void encrypt_first(sim::Scenario& scenario, const std::string& key_state) {
  scenario.keys = {{.name = "disk", .id = {}, .region = {}, .state = key_state}};
  auto& volume = first(scenario).volumes.front();
  volume.encrypted = true;
  volume.kms_key = "disk";
}

/// What a run may do, and how long.
void add_rights(std::vector<Case>& all) {
  using enum FindingCode;
  all.push_back(
      {.code = permission, .plan = [](auto& s) { s.denied_actions = {"StartInstances"}; }});
  all.push_back({.code = unproven, .options = {.guard_role = "arn:aws:iam::123456789012:role/x"}});
  all.push_back({.code = unproven,
                 .plan = [](auto& s) { s.denied_actions = {"DescribeInstanceStatus"}; },
                 .severity = Severity::warn});
  all.push_back(
      {.code = no_answer, .plan = [](auto& s) { s.denied_actions = {"DescribeSnapshots"}; }});
  all.push_back({.code = held, .prepare = [](auto& world) {
                   const DownTag tag{.run = RunId("r-other"),
                                     .since = world.time.wall(),
                                     .until = world.time.wall() + std::chrono::hours(1),
                                     .host = "host-9"};
                   first(world).tags[down_tag_key] = to_text(tag);
                 }});
  all.push_back({.code = credentials_expire, .prepare = [](auto& world) {
                   world.credentials_end = world.time.wall() + std::chrono::minutes(45);
                 }});
  all.push_back({.code = credentials_end_unknown, .prepare = [](auto& world) {
                   static const TemporaryDirectory directory;
                   world.credentials_file = directory.write(
                       "credentials",
                       "[default]\naws_access_key_id = simulated\naws_secret_access_key = simulated"
                       "\naws_session_token = token\n");
                 }});
}

/// What the server is.
void add_servers(std::vector<Case>& all) {
  using enum FindingCode;
  const auto of_type = [](std::string type) {
    return [type](sim::Scenario& scenario) { first(scenario).type = type; };
  };
  const auto with_tag = [](std::string key) {
    return [key](sim::Scenario& scenario) { first(scenario).tags[key] = "x"; };
  };
  all.push_back({.code = state, .prepare = [](auto& world) {
                   ASSERT_TRUE(sim::stop_instances(world.region(), {first(world).id},
                                                   sim::StopManner::orderly)
                                   .has_value());
                 }});
  all.push_back({.code = found_stopped, .plan = [](auto& s) { first(s).stopped = true; }});
  all.push_back({.code = own_host, .prepare = [](auto& w) { w.own_host = first(w).id; }});
  all.push_back(
      {.code = stop_protection, .plan = [](auto& s) { first(s).stop_protection = true; }});
  all.push_back({.code = managed, .plan = [](auto& s) { first(s).managed_by = "eks"; }});
  all.push_back({.code = instance_store_root, .prepare = [](auto& world) {
                   first(world).settings.root_device_type = "instance-store";
                 }});
  all.push_back({.code = instance_store_data, .plan = of_type("m5d.large")});
  all.push_back({.code = hibernation, .plan = [](auto& s) { first(s).hibernation = true; }});
  all.push_back({.code = spot_one_time, .plan = [](auto& s) { first(s).spot = "one-time"; }});
  all.push_back({.code = spot, .plan = [](auto& s) { first(s).spot = "persistent"; }});
  all.push_back({.code = fleet_member, .plan = with_tag("aws:ec2:fleet-id")});
  all.push_back({.code = mac, .plan = of_type("mac2.metal")});
  all.push_back({.code = bare_metal, .plan = of_type("m5.metal")});
}

/// Where it stands.
void add_locations(std::vector<Case>& all) {
  using enum FindingCode;
  const auto on_outpost = [](sim::Scenario& scenario) {
    first(scenario).outpost =
        "arn:aws:outposts:us-east-1:123456789012:outpost/op-0123456789abcdef0";
  };
  const auto in_zone = [](std::string zone) {
    return [zone](sim::Scenario& scenario) { first(scenario).zone = zone; };
  };
  all.push_back({.code = location, .plan = on_outpost});
  all.push_back({.code = location,
                 .plan = on_outpost,
                 .options = {.method = Method::image},
                 .severity = Severity::refuse});
  all.push_back({.code = location,
                 .plan = on_outpost,
                 .options = {.reserve_capacity = true},
                 .severity = Severity::refuse});
  all.push_back(
      {.code = location, .plan = in_zone("us-east-1-bos-1a"), .severity = Severity::info});
  all.push_back({.code = location,
                 .plan = in_zone("us-east-1-wl1-bos-wlz-1"),
                 .options = {.reserve_capacity = true},
                 .severity = Severity::refuse});
}

/// Who else has a hand on it.
void add_surroundings(std::vector<Case>& all) {
  using enum FindingCode;
  const auto in_scaling_group = [](int min) {
    return [min](sim::Scenario& scenario) {
      sim::ScalingGroupPlan group;
      group.name = "farm";
      group.min = min;
      group.members = {"web-1"};
      scenario.scaling_groups = {group};
    };
  };
  all.push_back({.code = auto_scaling, .plan = in_scaling_group(0)});
  all.push_back({.code = auto_scaling, .plan = in_scaling_group(1), .options = {.standby = true}});
  all.push_back({.code = auto_scaling,
                 .plan = in_scaling_group(0),
                 .options = {.standby = true},
                 .severity = Severity::info});
  const auto in_target_groups = [](int count) {
    return [count](sim::Scenario& scenario) {
      for (int i = 0; i < count; ++i) {
        sim::TargetGroupPlan group;
        group.name = fmt::format("farm-{}", i);
        group.members = {"web-1"};
        scenario.target_groups.push_back(group);
      }
    };
  };
  all.push_back({.code = load_balancer, .plan = in_target_groups(1)});
  all.push_back({.code = load_balancer,
                 .plan = in_target_groups(1),
                 .options = {.drain = true},
                 .severity = Severity::info});
  all.push_back({.code = load_balancer,
                 .plan = in_target_groups(30),
                 .options = {.drain = true},
                 .severity = Severity::refuse});
  all.push_back({.code = tags,
                 .plan =
                     [in_target_groups](auto& s) {
                       in_target_groups(1)(s);
                       for (int i = 0; i < 48; ++i) {
                         first(s).tags[fmt::format("key-{}", i)] = "x";
                       }
                     },
                 .options = {.drain = true}});
  for (const auto* state : {"Disabled", "PendingDeletion"}) {
    all.push_back({.code = kms_key, .plan = [state](auto& s) { encrypt_first(s, state); }});
  }
  all.push_back({.code = unproven,
                 .plan =
                     [](auto& s) {
                       encrypt_first(s, "Enabled");
                       s.denied_actions = {"kms:CreateGrant"};
                     },
                 .severity = Severity::warn});
  all.push_back({.code = unproven,
                 .plan =
                     [](auto& s) {
                       encrypt_first(s, "Enabled");
                       s.denied_actions = {"kms:DescribeKey"};
                     },
                 .severity = Severity::warn});
  all.push_back({.code = kms_unproven,
                 .plan =
                     [](auto& s) {
                       encrypt_first(s, "Enabled");
                       s.denied_actions = {"kms:DescribeKey", "kms:CreateGrant"};
                     },
                 .prepare =
                     [](auto& world) {
                       root_of_first(world).kms_key =
                           "arn:aws:kms:us-east-1:999999999999:key/"
                           "1234abcd-12ab-34cd-56ef-1234567890ab";
                     }});
  all.push_back({.code = public_address, .plan = [](auto& s) { first(s).public_ip = true; }});
  all.push_back({.code = scheduled_event,
                 .plan = [](auto& s) { first(s).events = {{.after = std::chrono::minutes(20)}}; }});
  all.push_back({.code = scheduled_event,
                 .plan = [](auto& s) { first(s).events = {{.after = std::chrono::minutes(55)}}; },
                 .severity = Severity::info});
}

/// What its volumes allow.
void add_volumes(std::vector<Case>& all) {
  using enum FindingCode;
  all.push_back({.code = pending_snapshots, .prepare = [](auto& w) { take_snapshots(w, 1); }});
  all.push_back({.code = pending_snapshots,
                 .prepare = [](auto& w) { take_snapshots(w, 1); },
                 .options = {.wait_pending = true},
                 .severity = Severity::info});
  all.push_back({.code = snapshot_limit, .prepare = [](auto& w) { take_snapshots(w, 5); }});
  all.push_back({.code = snapshot_limit,
                 .plan = [](auto& s) { first(s).volumes.front().type = "st1"; },
                 .prepare = [](auto& w) { take_snapshots(w, 1); }});
  all.push_back({.code = recent_snapshot,
                 .prepare =
                     [](auto& world) {
                       ASSERT_TRUE(
                           sim::create_snapshot(world.region(), root_of_first(world).id, {}));
                     },
                 .options = {.accepted = {pending_snapshots}}});
  all.push_back({.code = shared_volume,
                 .plan = [](auto& s) { first(s).volumes.front().type = "io2"; },
                 .prepare =
                     [](auto& world) {
                       auto& volume = root_of_first(world);
                       volume.multi_attach = true;
                       auto& other = std::next(world.region().instances.begin())->second;
                       volume.attached_to.push_back(other.id);
                       other.attachments.push_back(
                           {"/dev/sdz", volume.id, false, world.time.now()});
                     }});
  all.push_back({.code = too_many_volumes, .plan = [](auto& s) {
                   const auto data = first(s).volumes.back();
                   for (int i = 0; i < 127; ++i) {
                     first(s).volumes.push_back(data);
                     first(s).volumes.back().device = fmt::format("/dev/xv{}{}", 'b' + i / 26, i);
                   }
                 }});
  all.push_back(
      {.code = volumes, .prepare = [](auto& world) { first(world).attachments.clear(); }});
  all.push_back({.code = restored_volume, .prepare = [](auto& world) {
                   root_of_first(world).tags["pitstop:restored-volume"] = "rs-0123456789ab";
                 }});
  // EC2 names a root device at which it maps nothing.
  const auto lose_root = [](auto& world) { first(world).settings.root_device_name = "/dev/sdz1"; };
  all.push_back({.code = volumes, .prepare = lose_root});
  all.push_back({.code = volumes,
                 .plan = [](auto& s) { first(s).stopped = true; },
                 .prepare = lose_root,
                 .severity = Severity::warn});
  all.push_back(
      {.code = attachment_limit,
       .plan =
           [](auto& s) {
             const auto data = first(s).volumes.back();
             while (first(s).volumes.size() < 27) {
               first(s).volumes.push_back(data);
               first(s).volumes.back().device =
                   fmt::format("/dev/xvdb{:c}", 'a' + first(s).volumes.size());
             }
           },
       .options = {.swap = Swap{.restore = RestoreId("rs-0123456789ab"),
                                .volumes = {{.device = "/dev/sdp", .out = {}, .in = {}}}}}});
}

/// What is lost, or is not to be had.
void add_limits(std::vector<Case>& all) {
  using enum FindingCode;
  all.push_back({.code = tags, .plan = [](auto& s) {
                   for (int i = 0; i < 49; ++i) {
                     first(s).tags[fmt::format("key-{}", i)] = "x";
                   }
                 }});
  all.push_back({.code = tag_lost, .plan = [](auto& s) {
                   for (int i = 0; i < 50; ++i) {
                     first(s).volumes.front().tags[fmt::format("key-{}", i)] = "x";
                   }
                 }});
  all.push_back({.code = reservation,
                 .prepare = [](auto& world) { first(world).settings.tenancy = "host"; },
                 .options = {.reserve_capacity = true}});
  for (const auto* strategy : {"spread", "partition"}) {
    all.push_back({.code = reservation,
                   .prepare =
                       [strategy](auto& world) {
                         first(world).settings.placement_group = "group";
                         world.region().placement_groups["group"] = strategy;
                       },
                   .options = {.reserve_capacity = true}});
  }
  all.push_back({.code = reservation,
                 .plan = [](auto& s) { s.denied_actions = {"DescribePlacementGroups"}; },
                 .prepare = [](auto& world) { first(world).settings.placement_group = "group"; },
                 .options = {.reserve_capacity = true}});
  for (const auto setting :
       {&sim::InstanceSettings::capacity_preference, &sim::InstanceSettings::capacity_target,
        &sim::InstanceSettings::platform_details}) {
    all.push_back({.code = reservation,
                   .prepare = [setting](auto& world) { first(world).settings.*setting = "none"; },
                   .options = {.reserve_capacity = true}});
  }
}

std::vector<Case> cases() {
  std::vector<Case> all;
  add_rights(all);
  add_servers(all);
  add_surroundings(all);
  add_locations(all);
  add_volumes(all);
  add_limits(all);
  return all;
}

std::string name_of(const testing::TestParamInfo<std::size_t>& info) {
  auto name = fmt::format("{}_{}", info.param, to_string(cases()[info.param].code));
  std::ranges::replace(name, '-', '_');
  return name;
}

class Findings : public testing::TestWithParam<std::size_t> {
 protected:
  Findings() : one(cases().at(GetParam())), world(scenario()) {
    ids = world.servers();
    one.prepare(world);
  }

  /// The server that it is about, and another one about which there is nothing to find.
  sim::Scenario scenario() const {
    auto made = one_quick_server();
    made.servers.push_back(made.servers.front());
    made.servers[1].name = "web-2";
    // The first one comes first, in the order of the ids.
    made.servers[0].id = InstanceId("i-0000000000000000a");
    made.servers[1].id = InstanceId("i-0000000000000000b");
    one.plan(made);
    return made;
  }

  const Finding* find(const Checked& checked) const {
    const auto found = std::ranges::find_if(checked.findings, [this](const Finding& finding) {
      return finding.code == one.code && finding.severity == one.expected();
    });
    return found == checked.findings.end() ? nullptr : &*found;
  }

  Case one;
  SimulatedWorld world;
  std::vector<InstanceId> ids;
};

TEST_P(Findings, IsFoundWhereItIsAndNotWhereItIsNot) {
  const auto all = world.check(one.options, ids);
  ASSERT_EQ(all.size(), 2U);
  const auto* found = find(all[0]);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, testing::Not(testing::IsEmpty()));
  EXPECT_EQ(all[0].may_begin(), one.expected() != Severity::refuse);
  const std::set of_all{FindingCode::permission,         FindingCode::unproven,
                        FindingCode::no_answer,          FindingCode::shared_volume,
                        FindingCode::credentials_expire, FindingCode::credentials_end_unknown};
  if (!of_all.contains(one.code)) {
    EXPECT_EQ(find(all[1]), nullptr) << find(all[1])->message;
    EXPECT_TRUE(all[1].may_begin());
  }
  EXPECT_EQ(world.simulator.calls("StopInstances"), 0);
}

TEST_P(Findings, NothingIsStoppedThatIsRefused) {
  const auto before = first(world).history.size();
  const auto outcomes = world.back_up(one.options, {ids[0]});
  ASSERT_EQ(outcomes->size(), 1U);
  const auto& outcome = outcomes->front();
  if (one.expected() == Severity::refuse) {
    EXPECT_EQ(outcome.outcome, Outcome::refused);
    ASSERT_TRUE(outcome.error.has_value());
    EXPECT_EQ(world.simulator.calls("StopInstances"), 0);
    EXPECT_EQ(world.simulator.calls("CreateTags"), 0);
    EXPECT_EQ(world.simulator.calls("CreateSnapshots"), 0);
    const bool others_stop_it = one.code == FindingCode::state;
    EXPECT_TRUE(others_stop_it || first(world).history.size() == before);
  } else {
    EXPECT_EQ(outcome.outcome, Outcome::completed) << (outcome.error ? outcome.error->message : "");
  }
}

TEST_P(Findings, IsLetPassOnlyWhereItCanBeAccepted) {
  auto options = one.options;
  options.accepted = {one.code};
  const auto checked = world.check(options, {ids[0]});
  if (one.expected() == Severity::refuse) {
    EXPECT_EQ(checked.at(0).may_begin(), kind_of(one.code).can_be_accepted);
  }
  if (one.expected() == Severity::refuse && kind_of(one.code).can_be_accepted) {
    EXPECT_EQ(world.back_up(options, {ids[0]})->front().outcome, Outcome::completed);
    EXPECT_EQ(world.simulator.calls("StopInstances"), 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Findings, testing::Range(std::size_t{0}, cases().size()), name_of);

TEST(FindingCases, CoverEveryCode) {
  const auto all = cases();
  for (const auto& kind : finding_kinds()) {
    EXPECT_TRUE(contains(all, kind.code, &Case::code)) << kind.name;
  }
}

TEST(Keys, AreNoFindingWhereAGrantMayBeMade) {
  auto scenario = one_quick_server();
  encrypt_first(scenario, "Enabled");
  SimulatedWorld world(scenario);
  EXPECT_THAT(world.check().front().findings, testing::IsEmpty());
}

/// The findings with that code about the two servers of a world.
std::pair<std::ptrdiff_t, std::ptrdiff_t> counts_of(FindingCode code, sim::Scenario scenario,
                                                    BackupOptions options = {}) {
  scenario.servers.push_back(scenario.servers.front());
  scenario.servers[1].name = "web-2";
  scenario.servers[1].volumes.front().encrypted = false;
  scenario.servers[1].volumes.front().kms_key = "";
  scenario.servers[0].id = InstanceId("i-0000000000000000a");
  scenario.servers[1].id = InstanceId("i-0000000000000000b");
  SimulatedWorld world(scenario);
  const auto all = world.check(std::move(options));
  EXPECT_EQ(all.size(), 2U);
  return {std::ranges::count(all.at(0).findings, code, &Finding::code),
          std::ranges::count(all.at(1).findings, code, &Finding::code)};
}

TEST(Questions, WithoutAnAnswerConcernOnlyTheServersThatTheyAreAbout) {
  auto with_key = one_quick_server();
  encrypt_first(with_key, "Enabled");
  with_key.denied_actions = {"kms:DescribeKey"};
  EXPECT_EQ(counts_of(FindingCode::unproven, with_key), std::pair(1L, 0L));

  auto in_group = one_quick_server();
  sim::ScalingGroupPlan group;
  group.name = "farm";
  group.members = {"web-1"};
  in_group.scaling_groups = {group};
  for (const auto* denied :
       {"autoscaling:DescribeAutoScalingInstances", "autoscaling:DescribeAutoScalingGroups"}) {
    in_group.denied_actions = {denied};
    EXPECT_EQ(counts_of(FindingCode::unproven, in_group, {.standby = true}).second, 0) << denied;
    EXPECT_GE(counts_of(FindingCode::unproven, in_group, {.standby = true}).first, 1) << denied;
  }

  auto everywhere = one_quick_server();
  everywhere.denied_actions = {"DescribeInstanceStatus"};
  EXPECT_EQ(counts_of(FindingCode::unproven, everywhere), std::pair(1L, 1L));
}

TEST(Keys, OfAnotherAccountAreNoReasonToRefuseWhereAWSStartsTheServer) {
  auto scenario = one_quick_server();
  encrypt_first(scenario, "Enabled");
  scenario.denied_actions = {"kms:DescribeKey", "kms:CreateGrant"};
  SimulatedWorld world(scenario);
  EXPECT_TRUE(world.check().front().may_begin())
      << "the account's own: EC2 alone may be allowed to";
  root_of_first(world).kms_key =
      "arn:aws:kms:us-east-1:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  EXPECT_FALSE(world.check().front().may_begin());
  EXPECT_TRUE(world.check({.guard_role = "arn:aws:iam::123456789012:role/x"}).front().may_begin());
}

TEST(Credentials, AreLookedAtAgainWhenTheTurnOfAServerHasCome) {
  auto scenario = one_quick_server();
  auto& server = scenario.servers.front();
  server.count = 2;
  for (auto& volume : server.volumes) {
    volume.snapshot_pace.lag = sim::always(std::chrono::minutes(10));
  }
  SimulatedWorld world(scenario);
  world.rules.max_down = {1};
  world.credentials_end = world.time.wall() + std::chrono::minutes(55);
  const auto outcomes = world.back_up();
  // Which of them comes first is up to chance.
  const auto late = std::ranges::find(*outcomes, Outcome::refused, &BackupOutcome::outcome);
  ASSERT_NE(late, outcomes->end());
  EXPECT_EQ(late->error->code, "credentials-expire");
  EXPECT_EQ(world.simulator.calls("StopInstances"), 1);
}

TEST(Permissions, OfAFleetAreTriedTogether) {
  auto scenario = one_quick_server();
  scenario.servers.front().count = 20;
  SimulatedWorld world(scenario);
  const auto checked = world.check();
  for (const auto& server : checked) {
    EXPECT_TRUE(server.may_begin());
  }
  for (const auto* action : {"StartInstances", "StopInstances", "CreateTags", "DeleteTags"}) {
    EXPECT_EQ(world.simulator.calls(std::string("DryRun ") + action), 1) << action;
  }
  EXPECT_EQ(world.simulator.calls("DryRun CreateSnapshots"), 20);
}

TEST(Outposts, StoreTheSnapshotsOfTheirServers) {
  auto scenario = one_quick_server();
  const std::string outpost =
      "arn:aws:outposts:us-east-1:123456789012:outpost/op-0123456789abcdef0";
  scenario.servers.front().outpost = outpost;
  SimulatedWorld world(scenario);
  EXPECT_EQ(world.back_up()->front().outcome, Outcome::completed);
  EXPECT_FALSE(world.region().snapshots.empty());
  for (const auto& [id, snapshot] : world.region().snapshots) {
    EXPECT_EQ(snapshot.outpost, outpost);
  }
}

TEST(WaitPending, StopsTheServerOnlyWhenOlderSnapshotsAreComplete) {
  auto scenario = one_quick_server();
  SimulatedWorld world(scenario);
  take_snapshots(world, 2);
  const auto outcome = world.back_up({.wait_pending = true})->front();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  const auto outages = sim::outages_of(world.region(), first(world).id);
  ASSERT_EQ(outages.size(), 1U);
  for (const auto& [id, snapshot] : world.region().snapshots) {
    const bool older = snapshot.created < outages[0].stop_accepted;
    EXPECT_TRUE(!older || (snapshot.ended && *snapshot.ended <= outages[0].stop_accepted));
  }
}

TEST(PublicAddress, IsToldAfterTheStart) {
  auto scenario = one_quick_server();
  scenario.servers.front().public_ip = true;
  SimulatedWorld world(scenario);
  const auto before = first(world).public_ip;
  RecordingObserver observer(world.time);
  world.observer = &observer;
  ASSERT_EQ(world.back_up()->front().outcome, Outcome::completed);
  const auto told = std::ranges::find(observer.events, Step::changed, &Event::step);
  ASSERT_NE(told, observer.events.end());
  EXPECT_THAT(told->detail, testing::HasSubstr(before));
  EXPECT_THAT(told->detail, testing::HasSubstr(first(world).public_ip));
  EXPECT_NE(first(world).public_ip, before);
}

}  // namespace
}  // namespace pitstop::test
