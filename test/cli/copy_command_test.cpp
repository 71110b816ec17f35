// `pitstop copy`, from what `pitstop backup` left in EC2 to other regions and accounts.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "backup/plan.hpp"
#include "command_bench.hpp"
#include "copy/copy_plan.hpp"
#include "prune_bench.hpp"
#include "sim/cloud/images.hpp"
#include "support/json_fields.hpp"
#include "support/pit_bench.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto vault = "222222222222";

class CopyCommand : public PruneCommand {
 protected:
  sim::Region& ireland() { return bench.account(SitesBench::own_account).region("eu-west-1"); }

  CommandResult copy(std::vector<std::string> arguments = {}, int status = 0) {
    arguments.insert(arguments.begin(), "copy");
    if (arguments.size() == 1 || !is_about_destination(arguments)) {
      arguments.insert(arguments.end(), {"--to-region", "eu-west-1"});
    }
    auto result = bench.run(arguments);
    EXPECT_EQ(result.status, status) << result.output << result.diagnostics;
    return result;
  }

  static bool is_about_destination(const std::vector<std::string>& arguments) {
    return std::ranges::any_of(
        arguments, [](const std::string& argument) { return argument.starts_with("--to-"); });
  }

  static std::vector<sim::Snapshot*> present_in(sim::Region& region) {
    std::vector<sim::Snapshot*> present;
    for (auto& [id, snapshot] : region.snapshots) {
      if (!snapshot.deleted) {
        present.push_back(&snapshot);
      }
    }
    std::ranges::sort(present, {}, &sim::Snapshot::created);
    return present;
  }

  /// By the simulator's truth: for each original of the backup one complete copy with its contents.
  void expect_copied(sim::Region& there, const std::string& backup) {
    std::size_t originals = 0;
    for (const auto& [id, original] : region().snapshots) {
      const auto tag = original.tags.find("pitstop:backup");
      if (tag == original.tags.end() || tag->second != backup || original.deleted) {
        continue;
      }
      ++originals;
      std::size_t copies = 0;
      for (const auto* copy : present_in(there)) {
        if (copy->tags.at(volume_tag_key) == original.volume.str() &&
            copy->tags.at("pitstop:backup") == backup) {
          ++copies;
          EXPECT_EQ(copy->caught, original.caught);
          EXPECT_EQ(copy->state_at(there.now()), sim::SnapshotState::completed);
        }
      }
      EXPECT_EQ(copies, 1U) << original.volume.str();
    }
    EXPECT_GT(originals, 0U);
  }

  std::string newest_backup() { return present_snapshots().back()->tags.at("pitstop:backup"); }
  std::size_t copies() { return present_in(ireland()).size(); }
};

TEST_F(CopyCommand, Helps) {
  CommandBench help;
  help.expect_help({"copy", "--help"}, "cli/golden/copy_help.txt");
}

TEST_F(CopyCommand, CopiesTheNewestBackupOfEachServerWithItsTags) {
  back_up_daily("web", 2);
  const auto web = newest_backup();
  back_up("db");
  const auto db = newest_backup();
  const auto result = copy();
  EXPECT_THAT(result.diagnostics, IsEmpty());
  EXPECT_THAT(result.output, ContainsRegex("web \\(i-[0-9a-f]+\\), us-east-1 to eu-west-1\n"
                                           "  copy  b-[0-9a-f]+  .* UTC  2 snapshots, 16 GiB\n"));
  EXPECT_THAT(result.output, HasSubstr("2 backups of 2 servers: 2 to copy\n"));
  EXPECT_THAT(result.output, HasSubstr("2 backups copied\n"));
  expect_copied(ireland(), web);
  expect_copied(ireland(), db);
  EXPECT_EQ(copies(), 4U);
}

TEST_F(CopyCommand, CopiesNothingTwice) {
  back_up("web");
  copy();
  const auto result = copy();
  EXPECT_THAT(result.output, HasSubstr("1 backup of 1 server: 1 is there\n"));
  EXPECT_THAT(result.output, HasSubstr("1 backup there already\n"));
  EXPECT_EQ(copies(), 2U);
  EXPECT_EQ(bench.account(SitesBench::own_account).calls("CopySnapshot"), 2);
}

TEST_F(CopyCommand, ACopyIsABackupLikeAnyOther) {
  back_up("web");
  const auto backup = newest_backup();
  copy();
  const auto list = bench.run({"list", "--region", "eu-west-1"});
  EXPECT_THAT(list.output, ContainsRegex(backup + " .* complete, copy +at-rest"));
  const auto show = bench.run({"show", backup, "--region", "eu-west-1"});
  EXPECT_THAT(show.output, HasSubstr("a copy; the original is in us-east-1 of 111111111111"));
  const auto refused = bench.run({"restore", backup, "--new", "--region", "eu-west-1"});
  EXPECT_EQ(refused.status, 1) << refused.output;
  EXPECT_THAT(refused.diagnostics, HasSubstr("is a copy: its server was in "));
  EXPECT_THAT(refused.diagnostics, HasSubstr("HINT: say where the new one is to be"));
  const auto restored = bench.run(
      {"restore", backup, "--new", "--yes", "--zone", "eu-west-1a", "--region", "eu-west-1"});
  EXPECT_EQ(restored.status, 0) << restored.output << restored.diagnostics;
  ASSERT_EQ(ireland().instances.size(), 1U);
  const auto& server = ireland().instances.begin()->second;
  EXPECT_EQ(server.state(), sim::InstanceState::running);
  EXPECT_EQ(server.settings.zone, "eu-west-1a");
  EXPECT_EQ(server.attachments.size(), 2U);
}

TEST_F(CopyCommand, VolumesOfACopyNeedAPlace) {
  back_up("web");
  const auto backup = newest_backup();
  copy();
  const auto refused = bench.run({"restore", backup, "--volumes-only", "--region", "eu-west-1"});
  EXPECT_THAT(refused.diagnostics, HasSubstr("HINT: say where the volumes are to be: --zone"));
  const auto made = bench.run(
      {"restore", backup, "--volumes-only", "--zone", "eu-west-1b", "--region", "eu-west-1"});
  EXPECT_EQ(made.status, 0) << made.diagnostics;
  EXPECT_EQ(ireland().volumes.size(), 2U);
}

TEST_F(CopyCommand, SaysWhatItWouldCopyAndCopiesNothing) {
  back_up("web");
  const auto result = copy({"--dry-run"});
  EXPECT_THAT(result.output, HasSubstr("1 to copy\n"));
  EXPECT_EQ(copies(), 0U);
}

TEST_F(CopyCommand, TheBackupsCanBeChosen) {
  back_up_daily("web", 3);
  const auto oldest = present_snapshots().front()->tags.at("pitstop:backup");
  copy({"--backup", oldest});
  expect_copied(ireland(), oldest);
  EXPECT_EQ(copies(), 2U);
  copy({"--since", "90d"});
  EXPECT_EQ(copies(), 6U);
  const auto missing = copy({"--backup", "b-nothing"}, 1);
  EXPECT_THAT(missing.diagnostics, HasSubstr("error: EC2 has no backup \"b-nothing\""));
}

TEST_F(CopyCommand, WhatSeveralRegionsHaveIsCopiedOnce) {
  back_up("web");
  copy();
  const auto result =
      copy({"--region", "us-east-1", "--region", "eu-west-1", "--to-region", "eu-central-1"});
  EXPECT_THAT(result.output, HasSubstr("1 backup of 1 server: 1 to copy\n"));
  expect_copied(bench.account(SitesBench::own_account).region("eu-central-1"), newest_backup());
}

TEST_F(CopyCommand, WhatIsNotCompleteYetIsCopiedLater) {
  back_up("web", {"--no-wait"});
  const auto result = copy();
  EXPECT_THAT(result.output, ContainsRegex("not yet  b-[0-9a-f]+ .* its snapshots are not "));
  EXPECT_EQ(copies(), 0U);
  pass(std::chrono::hours(3));
  copy();
  EXPECT_EQ(copies(), 2U);
}

TEST_F(CopyCommand, OfManyServersItTellsOnlyWhatIsNotCopied) {
  std::vector<std::string> names;
  for (int i = 1; i <= 11; ++i) {
    names.push_back(fmt::format("web-{}", i));
  }
  SitesBench many;
  many.add_account(SitesBench::own_account, servers_to_prune(names));
  EXPECT_EQ(many.run({"backup", "--all", "--yes"}).status, 0);
  const std::vector<std::string> copying{"copy", "--since", "1d", "--to-region", "eu-west-1"};
  const auto result = many.run(copying);
  EXPECT_THAT(result.output, testing::StartsWith("11 backups of 11 servers: 11 to copy\n"));
  EXPECT_THAT(result.output, HasSubstr("\n11 backups copied\n"));
}

TEST_F(CopyCommand, NeedsAPlaceToCopyTo) {
  back_up("web");
  const auto nowhere = bench.run({"copy"});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.diagnostics, HasSubstr("error: it is not said where the copies go"));
  const auto here = copy({"--to-region", "us-east-1"}, 2);
  EXPECT_THAT(here.diagnostics, HasSubstr("the backups are where they are to be copied to"));
  EXPECT_THAT(copy({"--to-region", "no region"}, 2).diagnostics, HasSubstr("is not a region"));
  EXPECT_THAT(copy({"--to-role", "pitstop"}, 2).diagnostics, HasSubstr("not the ARN of a role"));
}

TEST_F(CopyCommand, WritesTheMessagesThatAreDocumented) {
  back_up("web");
  const auto result = copy({"--output", "json"});
  const auto messages = messages_in(result.output);
  EXPECT_EQ(messages.front()["state"], "to_copy");
  const auto& summary = messages.back();
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    if (documented["message_type"] == "copy_plan") {
      ++compared;
      EXPECT_EQ(fields(messages.front()), fields(documented));
    } else if (documented["message_type"] == "summary" && documented.contains("copies")) {
      ++compared;
      EXPECT_EQ(fields(summary), fields(documented));
    }
  }
  EXPECT_EQ(compared, 2);
  EXPECT_EQ(summary["exit_status"], 0);
  ASSERT_EQ(summary["copies"].size(), 1U);
  EXPECT_EQ(summary["copies"][0]["result"], "copied");
  EXPECT_EQ(summary["copies"][0]["snapshots"].size(), 2U);
  EXPECT_EQ(summary["copies"][0]["snapshots"][0]["complete"], true);
}

TEST_F(CopyCommand, WhoInterruptsItLeavesTheCopiesToEc2) {
  back_up("web");
  bench.on_call = [this](const std::string& action) {
    if (action == "CopySnapshot") {
      bench.interruption.request();
    }
  };
  const auto result = copy({}, 130);
  EXPECT_THAT(result.output, HasSubstr("1 backup interrupted: what was begun goes on in EC2"));
  EXPECT_GE(copies(), 1U);
}

TEST_F(CopyCommand, KilledAtAnyCallItIsFinishedByTheNext) {
  back_up("web");
  const auto backup = newest_backup();
  for (const auto* action : {"DescribeSnapshots", "CopySnapshot"}) {
    for (const int which : {1, 2, 3}) {
      if (std::string_view(action) == "CopySnapshot" && which == 3) {
        continue;
      }
      bench.run_until(action, {"copy", "--to-region", "eu-west-1"}, which);
      copy();
      expect_copied(ireland(), backup);
      EXPECT_EQ(copies(), 2U) << action << which;
      for (auto* snapshot : present_in(ireland())) {
        snapshot->deleted = ireland().now();
      }
    }
  }
}

TEST_F(CopyCommand, BelievesNoErrorAgainstWhatEc2Shows) {
  back_up("web");
  const auto backup = newest_backup();
  for (const auto* code : {"ValidationError", "OptInRequired", "NobodyKnowsThisCode"}) {
    bench.faults = sim::Faults({.scripted = {{.action = "CopySnapshot",
                                              .kind = sim::FaultKind::false_refusal,
                                              .code = code}},
                                .random = {}},
                               1);
    EXPECT_EQ(copy().status, 0) << code;
    EXPECT_THAT(bench.faults.unused(), IsEmpty());
    expect_copied(ireland(), backup);
    EXPECT_EQ(copies(), 2U) << code;
    for (auto* snapshot : present_in(ireland())) {
      snapshot->deleted = ireland().now();
    }
  }
}

TEST_F(CopyCommand, ALostAnswerMakesNoSecondCopy) {
  back_up("web");
  const auto backup = newest_backup();
  for (const auto kind : {sim::FaultKind::lost_reply, sim::FaultKind::late,
                          sim::FaultKind::lost_request, sim::FaultKind::internal_error}) {
    bench.faults = sim::Faults({.scripted = {{"CopySnapshot", 1, 1, kind}}, .random = {}}, 1);
    const auto result = copy();
    EXPECT_THAT(result.diagnostics, HasSubstr("its answer is not known")) << to_string(kind);
    EXPECT_THAT(bench.faults.unused(), IsEmpty());
    copy();
    expect_copied(ireland(), backup);
    EXPECT_EQ(copies(), 2U) << to_string(kind);
    for (auto* snapshot : present_in(ireland())) {
      snapshot->deleted = ireland().now();
    }
  }
}

TEST_F(CopyCommand, WaitsForRoom) {
  for (int i = 0; i < 12; ++i) {
    back_up("web");
  }
  copy({"--since", "90d"});
  EXPECT_EQ(copies(), 24U);
}

TEST_F(CopyCommand, WhoDoesNotWaitBeginsWhatThereIsRoomFor) {
  for (int i = 0; i < 12; ++i) {
    back_up("web");
  }
  const auto first = copy({"--since", "90d", "--no-wait"});
  EXPECT_EQ(copies(), 20U);
  EXPECT_THAT(first.output, HasSubstr("10 backups under way, which EC2 finishes by itself\n"
                                      "2 backups waiting for room"));
  const auto at_once = copy({"--since", "90d", "--no-wait"});
  EXPECT_EQ(copies(), 20U) << at_once.output;
  pass(std::chrono::hours(5));
  copy({"--since", "90d", "--no-wait"});
  EXPECT_EQ(copies(), 24U);
}

TEST_F(CopyCommand, AKeyThatCannotBeUsedIsTold) {
  back_up("web");
  const auto result = copy({"--kms-key", "alias/nothing"}, 3);
  EXPECT_THAT(result.diagnostics, HasSubstr("has failed: Given key ID is not accessible"));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: if it is the key"));
  EXPECT_EQ(copies(), 2U);
  copy();
  EXPECT_EQ(copies(), 2U) << "the failed ones are gone";
  expect_copied(ireland(), newest_backup());
}

TEST_F(CopyCommand, CopiesAreEncryptedByAKeyOfThere) {
  back_up("web");
  ireland().keys.push_back({.id = "1234", .alias = "alias/there", .created = ireland().now()});
  copy({"--kms-key", "alias/there"});
  for (const auto* snapshot : present_in(ireland())) {
    EXPECT_TRUE(snapshot->encrypted);
    EXPECT_THAT(snapshot->kms_key, HasSubstr("key/1234"));
  }
}

TEST_F(CopyCommand, CopiesHaveARetentionOfTheirOwn) {
  back_up_daily("web", 3);
  copy({"--since", "90d"});
  EXPECT_EQ(copies(), 6U);
  const auto result =
      bench.run({"prune", "--region", "eu-west-1", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_EQ(copies(), 2U);
  EXPECT_EQ(snapshots_left(), 6U) << "of the originals all";
}

TEST_F(CopyCommand, ABackupOfAnImageIsAnImageThere) {
  back_up("web", {"--method", "image"});
  const auto backup = newest_backup();
  copy();
  expect_copied(ireland(), backup);
  ASSERT_EQ(ireland().images.size(), 1U);
  EXPECT_EQ(ireland().images.begin()->second.tags.at("pitstop:backup"), backup);
  EXPECT_THAT(bench.run({"list", "--region", "eu-west-1"}).output, HasSubstr("complete, copy"));
  copy();
  EXPECT_EQ(ireland().images.size(), 1U);
  bench.run_until("CreateTags", {"copy", "--to-region", "eu-central-1"});
  copy({"--to-region", "eu-central-1"});
  auto& frankfurt = bench.account(SitesBench::own_account).region("eu-central-1");
  expect_copied(frankfurt, backup);
  EXPECT_EQ(frankfurt.images.size(), 1U);
}

class CopyToAnotherAccount : public CopyCommand {
 protected:
  CopyToAnotherAccount() {
    sim::Scenario scenario;
    scenario.seed = 9;
    bench.add_account(vault, scenario);
  }

  sim::Region& there() { return bench.account(vault).region("us-east-1"); }
  CommandResult copy_there(int status = 0) {
    return copy({"--to-role", SitesBench::role_in(vault)}, status);
  }

  std::size_t copies_there() { return present_in(there()).size(); }

  void expect_closed() {
    for (const auto* snapshot : present_snapshots()) {
      EXPECT_THAT(snapshot->shared_with, IsEmpty());
      EXPECT_FALSE(snapshot->tags.contains(shared_with_tag_key));
    }
  }
};

TEST_F(CopyToAnotherAccount, OpensTheOriginalsAsLongAsItTakes) {
  back_up("web");
  const auto result = copy_there();
  EXPECT_THAT(result.diagnostics, IsEmpty());
  expect_copied(there(), newest_backup());
  expect_closed();
}

TEST_F(CopyToAnotherAccount, WhatAnInterruptedCopyHasLeftOpenIsClosedByTheNext) {
  back_up("web");
  for (const auto* action :
       {"CreateTags", "ModifySnapshotAttribute", "CopySnapshot", "DeleteTags"}) {
    bench.run_until(action, {"copy", "--to-role", SitesBench::role_in(vault)});
    copy_there();
    expect_copied(there(), newest_backup());
    expect_closed();
    for (auto* snapshot : present_in(there())) {
      snapshot->deleted = there().now();
    }
  }
}

TEST_F(CopyToAnotherAccount, AnOlderBackupThatWasLeftOpenIsClosedToo) {
  back_up("web");
  bench.run_until("CopySnapshot", {"copy", "--to-role", SitesBench::role_in(vault)});
  back_up("web");
  copy_there();
  expect_closed();
}

TEST_F(CopyToAnotherAccount, WhatSomebodyElseHasOpenedStaysOpen) {
  back_up("web");
  for (auto* snapshot : present_snapshots()) {
    snapshot->shared_with.insert(vault);
  }
  copy_there();
  expect_copied(there(), newest_backup());
  for (const auto* snapshot : present_snapshots()) {
    EXPECT_EQ(snapshot->shared_with.size(), 1U);
  }
}

TEST_F(CopyToAnotherAccount, NeedsNoMoreThanItsPolicyHas) {
  back_up("web", {"--method", "image"});
  const auto before = bench.account(SitesBench::own_account).all_calls();
  bench.run({"list", "--all"});
  copy({"--kms-key", "alias/nothing"}, 3);
  EXPECT_THAT(copy({}, 3).diagnostics, HasSubstr("HINT: if that image is deregistered already, AWS "
                                                 "frees its name some minutes later"));
  pass(std::chrono::minutes(2));
  copy();
  copy_there();
  copy({"--to-region", "eu-central-1", "--kms-key", "alias/nothing"}, 3);
  copy({"--to-region", "eu-central-1"}, 3);
  pass(std::chrono::minutes(2));
  copy({"--to-region", "eu-central-1"});
  auto calls = bench.account(vault).all_calls();
  for (const auto& [call, times] : bench.account(SitesBench::own_account).all_calls()) {
    const auto known = before.find(call);
    calls[call] += times - (known == before.end() ? 0 : known->second);
  }
  const auto policy = bench.run({"iam-policy", "copy"}).output;
  EXPECT_THAT(policy, Not(HasSubstr("StopInstances")));
  for (const auto& [call, times] : calls) {
    if (times > 0) {
      EXPECT_THAT(policy, HasSubstr(":" + call + "\"")) << call;
    }
  }
  EXPECT_EQ(bench.run({"iam-policy", "copy", "--region", "us-east-1"}).status, 2);
}

TEST_F(CopyToAnotherAccount, WhateverGoesWrongTheNextCallEndsWell) {
  using enum sim::FaultKind;
  back_up("web");
  const auto backup = newest_backup();
  const std::vector<std::string> to_vault{"copy", "--to-role", SitesBench::role_in(vault)};
  for (std::uint64_t seed = 1; seed <= seeds(40); ++seed) {
    bench.faults = sim::Faults({.scripted = {},
                                .random = {.parts = {{throttled, 0.05},
                                                     {unavailable, 0.03},
                                                     {internal_error, 0.05},
                                                     {cut_reply, 0.03},
                                                     {lost_request, 0.03},
                                                     {lost_reply, 0.08},
                                                     {late, 0.05}},
                                           .until = {}}},
                               seed);
    bench.run(to_vault);
    bench.run(to_vault);
    bench.faults = sim::Faults({}, seed);
    pass(std::chrono::minutes(5));  // what came late is there
    copy_there();
    SCOPED_TRACE(fmt::format("seed {}", seed));
    expect_copied(there(), backup);
    expect_closed();
    for (auto* snapshot : present_in(there())) {
      snapshot->deleted = there().now();
    }
  }
}

TEST_F(CopyToAnotherAccount, WithoutWaitingItIsOpenUntilTheCopiesAreThere) {
  back_up("web");
  bench.run({"copy", "--to-role", SitesBench::role_in(vault), "--no-wait"});
  EXPECT_THAT(present_snapshots().back()->shared_with, Not(IsEmpty()));
  pass(std::chrono::hours(2));
  bench.run({"copy", "--to-role", SitesBench::role_in(vault), "--no-wait"});
  expect_closed();
  expect_copied(there(), newest_backup());
}

/// What cannot be looked at may be lost, and then a copy is all that is left of it.
TEST_F(CopyToAnotherAccount, ACopyStaysWhileItsOriginalsGiveNoAnswer) {
  back_up_daily("web", 3);
  copy({"--since", "90d", "--to-role", SitesBench::role_in(vault)});
  const auto all = copies_there();
  const std::vector<std::string> prune_both{"prune",
                                            "--keep-last",
                                            "1",
                                            "--delete",
                                            "--yes",
                                            "--assume-role",
                                            SitesBench::role_in(SitesBench::own_account),
                                            "--assume-role",
                                            SitesBench::role_in(vault)};
  bench.forbidden_roles[SitesBench::own_account] = "not authorized";
  const auto held = bench.run(prune_both);
  EXPECT_EQ(held.status, 3) << held.output << held.diagnostics;
  EXPECT_THAT(held.output, HasSubstr("a copy of what is in us-east-1 of account 111111111111, "
                                     "which does not answer"));
  EXPECT_EQ(copies_there(), all);
  bench.forbidden_roles.clear();
  EXPECT_EQ(bench.run(prune_both).status, 0);
  EXPECT_LT(copies_there(), all);
}

}  // namespace
}  // namespace pitstop::test
