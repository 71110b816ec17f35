// `pitstop restore --fast-snapshot-restore` and what ends it, held against the truth of the
// simulated EC2.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "backup/fast_restore.hpp"
#include "base/concurrently.hpp"
#include "sim/api/network.hpp"
#include "sim/cloud/fast_restores.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/truth.hpp"
#include "sites_bench.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto option = "--fast-snapshot-restore";
constexpr auto home = "us-east-1a";

class FastRestore : public testing::Test {
 protected:
  FastRestore() {
    sim::Scenario scenario;
    sim::ServerPlan web;
    web.name = "web";
    web.region = "us-east-1";
    web.tags = {{"Name", "web"}};
    web.volumes = {sim::VolumePlan{}, sim::VolumePlan{}};
    web.volumes.back().device = "/dev/sdf";
    web.volumes.back().size_gib = 512;
    web.volumes.back().used_gib = 8;
    scenario.servers = {web};
    bench.add_account(SitesBench::own_account, scenario);
    server = region().instances.begin()->first;
    backup = back_up();
    pass(std::chrono::hours(2));
  }

  sim::Region& region() { return bench.account(SitesBench::own_account).region("us-east-1"); }
  void pass(Duration duration) { bench.time.run(bench.time.sleep(duration)); }

  std::string back_up(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"backup", server.str(), "--output", "json"});
    const auto result = bench.run(more);
    EXPECT_EQ(result.status, 0) << result.output;
    return messages_in(result.output).back()["backups"][0]["backup_id"];
  }

  std::vector<std::string> line(std::vector<std::string> how) {
    how.insert(how.begin(), {"restore", backup, option, "--yes"});
    return how;
  }
  std::vector<std::string> in_place() { return line({"--in-place", server.str()}); }

  /// What a restore that ends like that has written.
  std::vector<json> restore(std::vector<std::string> how, int status = 0) {
    how.insert(how.end(), {"--output", "json"});
    const auto result = bench.run(how);
    EXPECT_EQ(result.status, status) << result.output;
    return messages_in(result.output);
  }

  static std::vector<std::string> details(const std::vector<json>& messages,
                                          const std::string& step) {
    std::vector<std::string> all;
    for (const auto& message : messages) {
      if (message.contains("step") && message["step"] == step) {
        all.push_back(message["detail"]);
      }
    }
    return all;
  }

  std::vector<SnapshotId> snapshots() {
    std::vector<SnapshotId> ids;
    for (const auto& [id, snapshot] : region().snapshots) {
      const auto tag = snapshot.tags.find("pitstop:backup");
      if (!snapshot.deleted && tag != snapshot.tags.end() && tag->second == backup) {
        ids.push_back(id);
      }
    }
    return ids;
  }

  bool is_on(const SnapshotId& snapshot, const std::string& zone = home) {
    const auto found = region().fast_restores.find(sim::key_of_fast_restore(snapshot, zone));
    return found != region().fast_restores.end() && found->second.is_on(region().now());
  }
  bool is_tagged(const SnapshotId& snapshot) {
    return region().snapshots.at(snapshot).tags.contains(fast_restore_tag_key);
  }

  /// Nothing of it is left.
  void expect_over() {
    for (const auto& [key, fast] : region().fast_restores) {
      EXPECT_FALSE(fast.is_on(region().now())) << key;
    }
    for (const auto& id : snapshots()) {
      EXPECT_FALSE(is_tagged(id)) << id.str();
    }
  }
  void expect_on(const std::string& zone = home) {
    for (const auto& id : snapshots()) {
      EXPECT_TRUE(is_on(id, zone));
      EXPECT_TRUE(is_tagged(id));
    }
  }

  /// Volumes of the backup's snapshots, whether they were restored fast.
  std::vector<bool> made_fast() {
    std::vector<bool> made;
    for (const auto& [id, volume] : region().volumes) {
      if (!volume.made_from.empty() && !volume.deleted) {
        made.push_back(volume.fast_restored);
      }
    }
    return made;
  }

  /// The user's Ctrl-C, so long after the command begins.
  void interrupt_after(Duration duration) {
    begin(bench.time.executor(), interrupt(bench, duration));
  }
  static Task<void> interrupt(SitesBench& bench, Duration duration) {
    co_await bench.time.sleep(duration);
    bench.interruption.request();
  }

  /// Others have it on of so many snapshots.
  void use_up_quota(int count) {
    for (int i = 0; i < count; ++i) {
      const auto volume = region().instances.at(server).attachments.front().volume;
      const auto made = sim::create_snapshot(region(), volume, {});
      pass(std::chrono::minutes(30));
      EXPECT_TRUE(made && sim::enable_fast_restore(region(), *made, "us-east-1c"));
    }
  }

  InstanceId server;
  std::string backup;
  SitesBench bench;
};

TEST_F(FastRestore, MakesVolumesThatAreFilled) {
  const auto written = restore(line({"--volumes-only"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
  EXPECT_THAT(details(written, "warning"), IsEmpty());
  EXPECT_THAT(details(written, "fast_restore_requested"),
              ElementsAre("2 snapshots in us-east-1a; by AWS's figures that takes 30m 00s"));
  EXPECT_THAT(details(written, "fast_restore_enabled").back(),
              ContainsRegex("snap-[0-9a-f]+ in us-east-1a \\(2 of 2\\)"));
  EXPECT_THAT(details(written, "fast_restore_disabled"), ElementsAre("2 snapshots in us-east-1a"));
  const double took = written.back()["took_seconds"];
  EXPECT_GT(took, 30 * 60);
  EXPECT_LT(took, 32 * 60);
}

TEST_F(FastRestore, IsInTheZoneOfTheVolumes) {
  restore(line({"--volumes-only", "--zone", "us-east-1c"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
}

TEST_F(FastRestore, MakesAServerWithVolumesThatAreFilled) {
  const auto written = restore(line({"--new"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
  EXPECT_TRUE(written.back()["checks_passed"]);
  EXPECT_THAT(details(written, "warning"), IsEmpty());
}

TEST_F(FastRestore, AsksForTheZoneOfAnotherSubnet) {
  const auto subnet = sim::subnet_in_zone(region(), "us-east-1b")->id;
  const auto plan = restore(line({"--new", "--subnet", subnet, "--dry-run"})).front();
  EXPECT_EQ(plan["fast_restore"]["zone"], "us-east-1b");
  restore(line({"--new", "--subnet", subnet}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
  const auto wrong = bench.run(line({"--new", "--subnet", "subnet-0123456789abcdef0"}));
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.diagnostics, HasSubstr("error: the zone of the new server: DescribeSubnets"));
  EXPECT_THAT(wrong.diagnostics, HasSubstr("HINT: choose another subnet: --subnet"));
}

TEST_F(FastRestore, IsOfTheSnapshotsThatAnImageStandsOn) {
  pass(std::chrono::hours(1));
  backup = back_up({"--method", "image"});
  pass(std::chrono::hours(2));
  restore(line({"--new"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
}

TEST_F(FastRestore, OfACopyIsOnWhereTheCopyIs) {
  EXPECT_EQ(bench.run({"copy", "--to-region", "eu-west-1"}).status, 0);
  auto nowhere = line({"--new", "--dry-run", "--region", "eu-west-1"});
  EXPECT_THAT(bench.run(nowhere).diagnostics, HasSubstr(backup + " is a copy: its server was in"));
  auto& ireland = bench.account(SitesBench::own_account).region("eu-west-1");
  const auto subnet = sim::subnet_in_zone(ireland, "eu-west-1c")->id;
  restore(line({"--new", "--subnet", subnet, "--region", "eu-west-1"}));
  EXPECT_EQ(ireland.volumes.size(), 2U);
  for (const auto& [id, volume] : ireland.volumes) {
    EXPECT_TRUE(volume.fast_restored) << id.str();
  }
  EXPECT_EQ(ireland.fast_restores.size(), 2U);
  EXPECT_THAT(region().fast_restores, IsEmpty());
}

TEST_F(FastRestore, GivesAServerVolumesThatAreFilledAndIsOverBeforeItStops) {
  const auto written = restore(in_place());
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
  EXPECT_EQ(written.back()["volumes_are"], "new");
  EXPECT_THAT(details(written, "warning"), IsEmpty());
  const auto outages = sim::outages_of(region(), server);
  ASSERT_EQ(outages.size(), 2U) << "the backup, and this";
  const auto& outage = outages.back();
  for (const auto& [key, fast] : region().fast_restores) {
    EXPECT_LT(fast.enabled, outage.stop_accepted) << key;
    EXPECT_LT(*fast.disabling, outage.stop_accepted) << key;
  }
  EXPECT_LT(*outage.downtime(), std::chrono::minutes(5));
}

TEST_F(FastRestore, SaysWhatItWillDo) {
  const auto result = bench.run(line({"--in-place", server.str(), "--dry-run"}));
  EXPECT_THAT(result.output,
              HasSubstr("  first, fast snapshot restore is enabled of 2 snapshots in us-east-1a: "
                        "30m 00s by AWS's figures, and AWS charges for it\n"));
  EXPECT_THAT(result.output, HasSubstr("if this is killed, by pitstop recover, the same restore "
                                       "again, or pitstop prune a day later\n"));
  EXPECT_THAT(region().fast_restores, IsEmpty());
  const auto plan = restore(line({"--volumes-only", "--dry-run"})).front();
  EXPECT_EQ(plan["fast_restore"]["expected_seconds"], 1800.0);
  EXPECT_EQ(plan["fast_restore"]["snapshot_ids"].size(), 2U);
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    if (documented["message_type"] == "restore_plan" && documented["fast_restore"].is_object()) {
      ++compared;
      EXPECT_EQ(fields(documented), fields(plan));
    }
  }
  EXPECT_EQ(compared, 1);
}

TEST_F(FastRestore, LeavesWhatSomebodyElseHasEnabledAsItIs) {
  const auto ids = snapshots();
  ASSERT_TRUE(sim::enable_fast_restore(region(), ids.front(), home));
  const auto written = restore(line({"--volumes-only"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  EXPECT_TRUE(is_on(ids.front()));
  EXPECT_FALSE(is_tagged(ids.front()));
  EXPECT_FALSE(is_on(ids.back()));
  EXPECT_THAT(details(written, "fast_restore_disabled"), ElementsAre("1 snapshot in us-east-1a"));
}

TEST_F(FastRestore, WarnsOfAVolumeThatFoundNoCredit) {
  const auto ids = snapshots();
  for (const auto& id : ids) {
    ASSERT_TRUE(sim::enable_fast_restore(region(), id, home));
  }
  pass(std::chrono::hours(5));
  for (int i = 0; i < 2; ++i) {
    sim::take_credit(region(), ids.front(), home);
    sim::take_credit(region(), ids.back(), home);
  }
  const auto warnings = details(restore(line({"--volumes-only"})), "warning");
  ASSERT_FALSE(warnings.empty());
  EXPECT_THAT(warnings.front(), ContainsRegex("vol-[0-9a-f]+ of snap-[0-9a-f]+ was not restored "
                                              "fast: its blocks load when they are first read"));
}

TEST_F(FastRestore, IsOverWhenTheUserDoesNotWait) {
  interrupt_after(std::chrono::minutes(10));
  const auto written = restore(in_place(), 130);
  EXPECT_EQ(written.back()["error"]["kind"], "interrupted");
  expect_over();
  EXPECT_THAT(made_fast(), IsEmpty());
  EXPECT_EQ(sim::outages_of(region(), server).size(), 1U);
}

TEST_F(FastRestore, OfANewServerIsOverWhenTheUserDoesNotWait) {
  interrupt_after(std::chrono::minutes(10));
  restore(line({"--new"}), 130);
  expect_over();
  EXPECT_EQ(region().instances.size(), 1U);
  for (const auto& [id, image] : region().images) {
    EXPECT_FALSE(image.tags.contains("pitstop:restore")) << id.str();
  }
}

TEST_F(FastRestore, StopsNothingWhenTheQuotaIsUsedUp) {
  use_up_quota(4);
  const auto written = restore(in_place(), 10);
  const std::string message = written.back()["error"]["message"];
  EXPECT_THAT(message, ContainsRegex("fast snapshot restore of snap-[0-9a-f]+ in us-east-1a is "
                                     "refused: ResourceLimitExceeded: "));
  EXPECT_THAT(written.back()["error"]["hint"].get<std::string>(),
              HasSubstr("5 snapshots of a region can have it, unless AWS has raised the quota"));
  for (const auto& id : snapshots()) {
    EXPECT_FALSE(is_on(id));
    EXPECT_FALSE(is_tagged(id));
  }
  EXPECT_EQ(sim::outages_of(region(), server).size(), 1U);
}

TEST_F(FastRestore, IsNotEnabledByWhomMayNotDisableIt) {
  bench.account(SitesBench::own_account).deny({"DisableFastSnapshotRestores"});
  const auto result = bench.run(line({"--volumes-only"}));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.diagnostics,
              HasSubstr("fast snapshot restore is not enabled, for it could not "
                        "be disabled again: DisableFastSnapshotRestores: "
                        "UnauthorizedOperation"));
  EXPECT_THAT(region().fast_restores, IsEmpty());
}

/// What it called has to be in the policy that pitstop prints for it, and only there.
TEST_F(FastRestore, NeedsNoMoreThanItsPolicyHas) {
  auto& account = bench.account(SitesBench::own_account);
  const auto before = account.all_calls();
  restore(line({"--new"}));
  restore(line({"--volumes-only"}));
  restore(in_place());
  bench.run_until("StopInstances", in_place());
  bench.run({"recover"});
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  pass(std::chrono::hours(25));
  bench.run({"prune", "--keep-last", "9", "--delete", "--yes"});
  expect_over();
  const auto policy =
      bench.run({"iam-policy", "restore", "prune", "--fast-snapshot-restore"}).output;
  const auto calls = account.all_calls();
  for (const auto& [call, times] : calls) {
    const auto known = before.find(call);
    if ((known == before.end() || known->second < times) && !call.starts_with("DryRun ")) {
      EXPECT_THAT(policy, HasSubstr(":" + call + "\"")) << call;
    }
  }
  const auto plain = bench.run({"iam-policy", "restore", "prune"}).output;
  for (const auto* action : {"DescribeFastSnapshotRestores", "DisableFastSnapshotRestores",
                             "EnableFastSnapshotRestores", "DescribeSubnets"}) {
    EXPECT_TRUE(calls.contains(action)) << action;
    EXPECT_THAT(plain, Not(HasSubstr(action)));
  }
}

TEST_F(FastRestore, OfOthersIsOnlyEndedByWhoeverPrunes) {
  const auto policy = bench.run({"iam-policy", "prune", "--fast-snapshot-restore"}).output;
  EXPECT_THAT(policy, HasSubstr("DisableFastSnapshotRestores"));
  EXPECT_THAT(policy, Not(HasSubstr("EnableFastSnapshotRestores")));
  const auto tagging = json::parse(policy)["Statement"].back();
  EXPECT_EQ(tagging["Action"], json::array({"ec2:DeleteTags"}));
  EXPECT_EQ(tagging["Condition"]["Null"]["aws:ResourceTag/pitstop:run"], "false");
  EXPECT_EQ(tagging["Condition"]["ForAllValues:StringEquals"]["aws:TagKeys"],
            json::array({fast_restore_tag_key}));
  const auto none = bench.run({"iam-policy", "list", "--fast-snapshot-restore"});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.diagnostics, HasSubstr("--fast-snapshot-restore is for restore, recover and"));
}

TEST_F(FastRestore, IsNotEnabledWithoutItsTag) {
  auto& account = bench.account(SitesBench::own_account);
  account.deny({"CreateTags"});
  const auto refused = bench.run(line({"--volumes-only"}));
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.diagnostics,
              HasSubstr("the tag pitstop:fast-restore, by which it is found when this is lost: "
                        "CreateTags: UnauthorizedOperation"));
  EXPECT_THAT(region().fast_restores, IsEmpty());
  account.deny({});
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  account.deny({"CreateTags"});
  EXPECT_EQ(bench.run(line({"--volumes-only"})).status, 1);
  expect_on();  // for the restore that was lost, or is not
}

TEST_F(FastRestore, IsNotOfVolumesOfMoreThanSixteenTebibytes) {
  region().snapshots.at(snapshots().front()).size_gib = 16'385;
  const auto result = bench.run(line({"--volumes-only", "--dry-run"}));
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(
      result.diagnostics,
      HasSubstr("is of a volume of 16385 GiB, and fast snapshot restore takes 16384 at most"));
}

TEST_F(FastRestore, IsOneOfTwoWays) {
  const auto result = bench.run(line({"--volumes-only", "--initialize-rate", "200"}));
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.diagnostics, HasSubstr("--fast-snapshot-restore and --initialize-rate are two "
                                            "ways to fill the volumes\nHINT: give one of them"));
}

TEST_F(FastRestore, ThatWasLostIsTakenOverByTheNextOne) {
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  expect_on();
  pass(std::chrono::hours(1));
  const auto written = restore(line({"--volumes-only"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
  EXPECT_LT(written.back()["took_seconds"], 60) << "it was enabled already";
}

TEST_F(FastRestore, ThatWasTaggedAndNotEnabledIsTakenOver) {
  bench.run_until("EnableFastSnapshotRestores", line({"--volumes-only"}));
  EXPECT_TRUE(is_tagged(snapshots().front()));
  restore(line({"--volumes-only"}));
  expect_over();
}

TEST_F(FastRestore, ThatWasLostInAnotherZoneIsNotForgotten) {
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  const auto elsewhere = bench.run(line({"--volumes-only", "--zone", "us-east-1b"}));
  EXPECT_EQ(elsewhere.status, 1);
  EXPECT_THAT(
      elsewhere.diagnostics,
      ContainsRegex("error: fast snapshot restore of snap-[0-9a-f]+ is on in us-east-1a for "
                    "rs-[0-9a-f]+, since 2026-01-01T"));
  EXPECT_THAT(elsewhere.diagnostics,
              HasSubstr("aws ec2 disable-fast-snapshot-restores --availability-zones us-east-1a"));
  expect_on();
  for (const auto& id : snapshots()) {
    EXPECT_TRUE(sim::disable_fast_restore(region(), id, home));
  }
  restore(line({"--volumes-only", "--zone", "us-east-1b"}));
  EXPECT_THAT(made_fast(), ElementsAre(true, true));
  expect_over();
}

TEST_F(FastRestore, ThatWasLostIsEndedByRecover) {
  for (const auto* moment : {"EnableFastSnapshotRestores", "DescribeFastSnapshotRestores",
                             "CreateVolume", "DisableFastSnapshotRestores", "StopInstances"}) {
    SCOPED_TRACE(moment);
    bench.run_until(moment, in_place());
    pass(std::chrono::minutes(1));
    const auto recovered = bench.run({"recover"});
    EXPECT_EQ(region().instances.at(server).state(), sim::InstanceState::running);
    expect_over();
    pass(std::chrono::hours(1));
  }
}

TEST_F(FastRestore, OfARestoreThatStopsNothingIsEndedByRecover) {
  for (const std::string how : {"--volumes-only", "--new"}) {
    for (const auto* moment : {"EnableFastSnapshotRestores", "DescribeFastSnapshotRestores",
                               "DisableFastSnapshotRestores"}) {
      SCOPED_TRACE(how + " until " + moment);
      bench.run_until(moment, line({how}));
      pass(std::chrono::minutes(1));
      const bool has_made_some = std::string_view(moment) == "DisableFastSnapshotRestores";
      EXPECT_EQ(bench.run({"recover"}).status, has_made_some ? 3 : 0);
      expect_over();
      pass(std::chrono::hours(1));
    }
  }
}

TEST_F(FastRestore, ThatWasLostIsEndedByPruneAfterADay) {
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  pass(std::chrono::hours(23));
  const auto early = bench.run({"prune", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_THAT(early.output, ContainsRegex("  keep +rs-[0-9a-f]+ .* fast snapshot restore in "
                                          "us-east-1a, which costs by the hour, left by a restore: "
                                          "not older than 1d"));
  expect_on();
  pass(std::chrono::hours(2));
  const auto told = bench.run({"prune", "--keep-last", "1"});
  EXPECT_THAT(told.output, ContainsRegex("  remove +rs-[0-9a-f]+ .* older than 1d"));
  EXPECT_THAT(told.output, HasSubstr("; 1 leftover to remove\n"));
  expect_on();
  const auto ended = bench.run({"prune", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(ended.status, 0) << ended.diagnostics;
  EXPECT_THAT(ended.output, ContainsRegex("removed: fast snapshot restore of 2 snapshots in "
                                          "us-east-1a, by rs-[0-9a-f]+\n"));
  EXPECT_THAT(ended.output, HasSubstr("removed 0 backups and 1 leftover\n"));
  expect_over();
  EXPECT_EQ(snapshots().size(), 2U);
}

TEST_F(FastRestore, WhatPruneSaysOfItIsDocumented) {
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  pass(std::chrono::hours(25));
  const auto written =
      messages_in(bench.run({"prune", "--keep-last", "1", "--output", "json"}).output);
  const auto verdict = written.at(1);
  EXPECT_EQ(verdict["kind"], "fast_restore");
  EXPECT_EQ(verdict["verdict"], "remove");
  EXPECT_EQ(verdict["zone"], home);
  EXPECT_EQ(verdict["snapshot_ids"].size(), 2U);
  for (const auto& documented : documented_messages()) {
    if (documented["message_type"] == "leftover_verdict") {
      EXPECT_EQ(fields(documented), fields(verdict));
    }
  }
}

TEST_F(FastRestore, KeepsItsBackupFromBeingPruned) {
  bench.run_until("CreateVolume", line({"--volumes-only"}));
  back_up();
  const auto kept = bench.run({"prune", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_THAT(kept.output, ContainsRegex("  keep +" + backup + " .* rs-[0-9a-f]+ restores it"));
  EXPECT_EQ(snapshots().size(), 2U);
  pass(std::chrono::hours(25));
  bench.run({"prune", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_THAT(snapshots(), IsEmpty());
  expect_over();
}

}  // namespace
}  // namespace pitstop::test
