// `pitstop prune`, over what `pitstop backup` left in EC2.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "command_bench.hpp"
#include "prune/prune_plan.hpp"
#include "prune_bench.hpp"
#include "restore/restore_plan.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/snapshots.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST_F(PruneCommand, Helps) {
  CommandBench help;
  help.expect_help({"prune", "--help"}, "cli/golden/prune_help.txt");
}

TEST_F(PruneCommand, SaysWhatItWouldDoAndDoesNothing) {
  back_up_daily("web", 3);
  const auto result = prune({"--keep-last", "2", "--time-zone", "Europe/Berlin"});
  EXPECT_THAT(result.diagnostics, IsEmpty());
  EXPECT_THAT(result.output, ContainsRegex("^web \\(i-[0-9a-f]+\\), us-east-1\n"));
  EXPECT_THAT(result.output, ContainsRegex("  keep +b-[0-9a-f]+ +Sun 2026-01-04 01:0[0-9] CET +"
                                           "the newest good one, last 1\n"
                                           "  keep +b-[0-9a-f]+ .* CET +last 2\n"
                                           "  remove +b-[0-9a-f]+ .* CET +up to 8.0 GiB +no rule "
                                           "keeps it\n"));
  EXPECT_THAT(result.output, HasSubstr("\n3 backups of 1 server: 2 to keep, 1 to remove; that "
                                       "frees up to 8.0 GiB\nnothing was deleted: --delete does "
                                       "it\n"));
  EXPECT_EQ(snapshots_left(), 6U);
  for (const auto* snapshot : present_snapshots()) {
    EXPECT_FALSE(snapshot->tags.contains(pruning_tag_key));
  }
}

TEST_F(PruneCommand, DeletesWholeBackupsThatNoRuleKeeps) {
  back_up_daily("web", 3);
  const auto oldest = present_snapshots().front()->id;
  const auto result = delete_all_but(2);
  EXPECT_THAT(result.output, ContainsRegex("  removed: b-[0-9a-f]+, 2 snapshots\n"));
  EXPECT_THAT(result.output, HasSubstr("\nremoved 1 backup, which frees up to 8.0 GiB\n"));
  EXPECT_EQ(snapshots_left(), 4U);
  EXPECT_EQ(left_of_set(region().snapshots.at(oldest)), 0U);
  EXPECT_THAT(delete_all_but(2).output, HasSubstr("\nremoved 0 backups\n"));
  EXPECT_EQ(snapshots_left(), 4U);
}

TEST_F(PruneCommand, TheNewestGoodOneStays) {
  back_up("web");
  const auto good = present_snapshots().front()->id;
  back_up("web");
  auto& newer = *present_snapshots().back();
  newer.failed = true;
  delete_all_but(1);
  EXPECT_EQ(left_of_set(region().snapshots.at(good)), 2U);
  EXPECT_EQ(snapshots_left(), 4U) << "the failed one is not old enough";
  pass(std::chrono::days(8));
  delete_all_but(1);
  EXPECT_EQ(left_of_set(region().snapshots.at(good)), 2U);
  EXPECT_EQ(left_of_set(newer), 0U);
}

TEST_F(PruneCommand, WhatIsPendingStays) {
  back_up("web");
  back_up("web", {"--no-wait"});
  const auto result = delete_all_but(1);
  EXPECT_THAT(result.output, ContainsRegex("keep +b-[0-9a-f]+ .* pending\n"));
  EXPECT_EQ(snapshots_left(), 4U);
}

TEST_F(PruneCommand, WhatTheJournalHasOpenStays) {
  bench.run_until("StartInstances", {"backup", server("web").str()});
  pass(std::chrono::hours(1));
  EXPECT_THAT(prune({"--keep-last", "1"}).output,
              ContainsRegex("keep .* its run is under way, the newest good one, last 1\n"));
}

TEST_F(PruneCommand, SnapshotsOfOthersAndOtherServersStay) {
  back_up_daily("db", 2);
  back_up_daily("web", 2);
  pass(std::chrono::minutes(1));
  const auto volume = present_snapshots().front()->volume;
  sim::SnapshotSpecification foreign{"by hand", {{"pitstop:instance", server("db").str()}}};
  const auto by_hand = sim::create_snapshot(region(), volume, foreign).value();
  pass(std::chrono::hours(9));
  prune({server("web").str(), "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(snapshots_left(), 7U);
  prune({"--all", "--exclude", server("db").str(), "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(snapshots_left(), 7U);
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 5U);
  EXPECT_FALSE(region().snapshots.at(by_hand).deleted);
}

TEST_F(PruneCommand, PrunesServersThatAreGone) {
  back_up_daily("web", 2);
  EXPECT_TRUE(sim::terminate_instances(region(), {server("web")}));
  pass(std::chrono::hours(2));
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 2U);
}

TEST_F(PruneCommand, BackupsOfOtherPoliciesNeitherGoNorCount) {
  back_up_daily("web", 4);
  const auto snapshots = present_snapshots();
  for (const std::size_t of_policy : {0U, 1U, 2U, 3U}) {
    snapshots[of_policy]->tags["pitstop:policy"] = "weekly";
    describe_as_made(*snapshots[of_policy]);
  }
  prune({"--policy", "weekly", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(left_of_set(*snapshots[0]), 0U);
  EXPECT_EQ(left_of_set(*snapshots[2]), 2U) << "the newest of its policy";
  EXPECT_EQ(snapshots_left(), 6U);
}

TEST_F(PruneCommand, ImagesGoBeforeTheirSnapshots) {
  back_up("web", {"--method", "image"});
  back_up("web", {"--method", "image"});
  auto& oldest = *present_snapshots().front();
  delete_all_but(1);
  EXPECT_EQ(left_of_set(oldest), 0U);
  EXPECT_EQ(snapshots_left(), 2U);
  std::size_t gone = 0;
  for (const auto& [id, image] : region().images) {
    gone += image.deregistered ? 1 : 0;
  }
  EXPECT_EQ(gone, 1U);
}

TEST_F(PruneCommand, PassesOverWhatAForeignImageStandsOn) {
  back_up_daily("web", 3);
  auto& oldest = *present_snapshots().front();
  const auto image = image_on(oldest, {{"Name", "golden"}});
  EXPECT_THAT(prune({"--keep-last", "1"}).output, HasSubstr(", 1 blocked;"));
  const auto result = delete_all_but(1, 3);
  EXPECT_THAT(result.diagnostics, ContainsRegex(fmt::format(
                                      "warning: b-[0-9a-f]+ is not removed: {} stands on its {}\n",
                                      image.str(), oldest.id.str())));
  EXPECT_THAT(result.diagnostics, HasSubstr("HINT: it is left whole; once that has changed"));
  EXPECT_THAT(result.output, HasSubstr("removed 1 backup, which frees up to 8.0 GiB; 1 not "
                                       "removed\n"));
  EXPECT_EQ(left_of_set(oldest), 2U);
  EXPECT_EQ(snapshots_left(), 4U);
  EXPECT_FALSE(oldest.tags.contains(pruning_tag_key)) << "it is not begun";
}

TEST_F(PruneCommand, PassesOverWhatIsLockedAndLeavesItsImage) {
  back_up("web", {"--method", "image"});
  back_up("web");
  auto& oldest = *present_snapshots().front();
  oldest.lock = "governance";
  const auto result = delete_all_but(1, 3);
  EXPECT_THAT(result.diagnostics,
              HasSubstr(" is not removed: its " + oldest.id.str() + " is locked\n"));
  EXPECT_EQ(left_of_set(oldest), 2U);
  EXPECT_FALSE(region().images.begin()->second.deregistered);
  oldest.lock.clear();
  delete_all_but(1);
  EXPECT_EQ(left_of_set(oldest), 0U);
}

TEST_F(PruneCommand, ImagesThatRestoresHaveLeftGo) {
  back_up_daily("web", 2);
  const auto snapshots = present_snapshots();
  const auto on_oldest = image_of_restore_on(*snapshots.front());
  const auto on_newest = image_of_restore_on(*snapshots.back());
  delete_all_but(1);
  EXPECT_EQ(left_of_set(*snapshots.front()), 0U);
  EXPECT_TRUE(region().images.at(on_oldest).deregistered);
  EXPECT_FALSE(region().images.at(on_newest).deregistered) << "a restore may be at it";
  pass(std::chrono::days(8));
  const auto result = delete_all_but(1);
  EXPECT_THAT(result.output, ContainsRegex("remove +" + on_newest.str() +
                                           " .* left by a restore: older than 7d\n"));
  EXPECT_THAT(result.output, HasSubstr("removed 0 backups and 1 leftover\n"));
  EXPECT_TRUE(region().images.at(on_newest).deregistered);
}

TEST_F(PruneCommand, AnImageThatARestoreWasToldToKeepIsNoneOfIts) {
  back_up_daily("web", 2);
  const std::string backup = present_snapshots().front()->tags.at("pitstop:backup");
  const auto restored = bench.run({"restore", backup, "--new", "--yes", "--keep-image"});
  EXPECT_EQ(restored.status, 0) << restored.diagnostics;
  pass(std::chrono::days(8));
  delete_all_but(1, 3);
  EXPECT_FALSE(region().images.begin()->second.deregistered);
  EXPECT_EQ(snapshots_left(), 4U);
}

TEST_F(PruneCommand, PrimesThatWereLostGo) {
  back_up_daily("web", 2);
  const auto snapshots = present_snapshots();
  for (auto* snapshot : {snapshots[0], snapshots[1]}) {
    make_a_lost_prime(*snapshot);
  }
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 4U);
  pass(std::chrono::days(8));
  const auto result = delete_all_but(1);
  EXPECT_THAT(result.output, HasSubstr("left by a lost run: older than 7d\n"));
  EXPECT_THAT(result.output, HasSubstr("  removed: the prime of r-"));
  EXPECT_EQ(snapshots_left(), 2U);
  EXPECT_EQ(left_of_set(*snapshots[0]), 0U);
  snapshots[2]->tags["pitstop:prime"] = "keep";
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 2U);
}

TEST_F(PruneCommand, WhatAKilledOneHasBegunTheNextOneFinishes) {
  back_up_daily("web", 3);
  auto& oldest = *present_snapshots().front();
  bench.run_until("DeleteSnapshot", {"prune", "--keep-last", "2", "--delete", "--yes"}, 2);
  EXPECT_EQ(left_of_set(oldest), 1U);
  EXPECT_THAT(bench.run({"list"}).output,
              HasSubstr("3 backups of 1 server: 2 complete, 1 incomplete\n"));
  const auto result = delete_all_but(9);
  EXPECT_THAT(result.output, HasSubstr("its removal was begun before\n"));
  EXPECT_EQ(left_of_set(oldest), 0U);
  EXPECT_EQ(snapshots_left(), 4U);
}

TEST_F(PruneCommand, OneThatIsMarkedAndStillWholeGoesByTheRules) {
  back_up_daily("web", 3);
  auto& oldest = *present_snapshots().front();
  bench.run_until("DeleteSnapshot", {"prune", "--keep-last", "2", "--delete", "--yes"});
  EXPECT_EQ(left_of_set(oldest), 2U);
  EXPECT_TRUE(oldest.tags.contains(pruning_tag_key));
  delete_all_but(9);
  EXPECT_EQ(left_of_set(oldest), 2U) << "anybody can have marked it";
  delete_all_but(2);
  EXPECT_EQ(left_of_set(oldest), 0U);
}

TEST_F(PruneCommand, AnImageBackupOfWhichOnlySnapshotsAreLeftIsFinishedByTheJournal) {
  back_up("web", {"--method", "image"});
  back_up("web");
  auto& oldest = *present_snapshots().front();
  bench.run_until("DeleteSnapshot", {"prune", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_TRUE(region().images.begin()->second.deregistered);
  EXPECT_EQ(left_of_set(oldest), 2U);
  pass(std::chrono::days(1));
  delete_all_but(1);
  EXPECT_EQ(left_of_set(oldest), 0U);
}

TEST_F(PruneCommand, AsksAtATerminal) {
  back_up_daily("web", 3);
  bench.answer = false;
  const std::vector<std::string> arguments{"--keep-last", "1", "--delete"};
  EXPECT_THAT(prune(arguments, 1).diagnostics,
              HasSubstr("error: nothing was deleted: the answer was no\n"));
  EXPECT_EQ(snapshots_left(), 6U);
  bench.answer = true;
  prune(arguments);
  EXPECT_EQ(snapshots_left(), 2U);
  EXPECT_THAT(bench.questions, testing::ElementsAre("Remove them? [y/N] ", "Remove them? [y/N] "));
  prune(arguments);
  EXPECT_EQ(bench.questions.size(), 2U) << "there is nothing to ask for";
}

TEST_F(PruneCommand, WantsYesWhereNobodyCanBeAsked) {
  back_up_daily("web", 2);
  expect_error({"--keep-last", "1", "--delete"}, 2,
               "backups are to be removed, and nobody is here to be asked",
               "--yes says that it is; without --delete nothing is done");
  EXPECT_EQ(snapshots_left(), 4U);
}

TEST_F(PruneCommand, EndsBetweenTwoWhenItIsAskedTo) {
  back_up_daily("web", 2);
  bench.interruption.request();
  delete_all_but(1, 130);
  EXPECT_EQ(snapshots_left(), 4U);
}

TEST_F(PruneCommand, WorksAtAllSitesThatAnswer) {
  bench.add_account("222222222222", servers_to_prune({"shop"}, 2));
  bench.add_account("333333333333", servers_to_prune({"mail"}, 3));
  const std::vector<std::string> there{"--assume-role", SitesBench::role_in("222222222222"),
                                       "--assume-role", SitesBench::role_in("333333333333")};
  for (int i = 0; i < 2; ++i) {
    pass(std::chrono::days(1));
    std::vector<std::string> backup{"backup", "--all", "--yes"};
    backup.insert(backup.end(), there.begin(), there.end());
    const auto result = bench.run(backup);
    EXPECT_EQ(result.status, 0) << result.diagnostics;
  }
  bench.forbidden_roles["333333333333"] = "not authorized";
  std::vector<std::string> arguments{"--keep-last", "1", "--delete", "--yes"};
  arguments.insert(arguments.end(), there.begin(), there.end());
  const auto result = prune(arguments, 3);
  EXPECT_THAT(result.diagnostics, HasSubstr("of account 333333333333: "));
  EXPECT_THAT(result.output, HasSubstr("of account 333333333333  nothing: it does not answer\n"));
  EXPECT_THAT(result.output, HasSubstr("removed 1 backup"));
}

/// An id behind --region was taken for a second region, and all servers for those that were meant.
TEST_F(PruneCommand, DeletesNothingOfServersThatAreNotNamed) {
  for (const auto& region : {std::vector<std::string>{"--region", "us-east-1"},
                             std::vector<std::string>{"--region=us-east-1"}}) {
    back_up_daily("web", 2);
    back_up_daily("db", 2);
    const auto before = snapshots_left();
    std::vector<std::string> arguments{"--keep-last", "1", "--delete", "--yes"};
    arguments.insert(arguments.end(), region.begin(), region.end());
    arguments.push_back(server("web").str());
    const auto result = prune(arguments);
    EXPECT_THAT(result.output, HasSubstr(" of 1 server\n"));
    EXPECT_LT(snapshots_left(), before);
    const auto of_db = prune({server("db").str(), "--keep-last", "9"});
    EXPECT_THAT(of_db.output, HasSubstr(" 0 to remove")) << "and all of them are there";
  }
  EXPECT_THAT(prune({server("db").str(), "--keep-last", "9"}).output, HasSubstr("4 backups of 1"));
}

TEST_F(PruneCommand, SaysHowMuchGoesWhereBeforeItAsks) {
  back_up_daily("web", 3);
  back_up_daily("db", 2);
  bench.answer = false;
  const auto declined = prune({"--keep-last", "1", "--delete"}, 1);
  EXPECT_THAT(declined.output, HasSubstr("to be deleted:\n  us-east-1  3 backups of 2 servers\n"));
  EXPECT_EQ(snapshots_left(), 10U);
  const auto shown = prune({"--keep-last", "1"});
  EXPECT_THAT(shown.output, Not(HasSubstr("to be deleted:"))) << "nothing is";
  const auto in_json = prune({"--keep-last", "1", "--delete", "--yes", "--output", "json"});
  const auto messages = messages_in(in_json.output);
  const auto said = std::ranges::find(messages, "deletion", [](const json& message) -> std::string {
    return message["message_type"];
  });
  ASSERT_NE(said, messages.end());
  EXPECT_EQ((*said)["sites"], json::parse(R"([{"site": "us-east-1", "servers": 2, "backups": 3,
                                               "leftovers": 0}])"));
  const auto first_removal =
      std::ranges::find(messages, "event",
                        [](const json& message) -> std::string { return message["message_type"]; });
  EXPECT_LT(said - messages.begin(), first_removal - messages.begin());
}

TEST_F(PruneCommand, NeedsNoMoreThanItsPolicyHas) {
  back_up_daily("web", 3);
  back_up("web", {"--method", "image"});
  const auto before = bench.account(SitesBench::own_account).all_calls();
  bench.run({"list", "--all"});
  prune({"--all", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(snapshots_left(), 2U);
  const auto policy = bench.run({"iam-policy", "prune"}).output;
  EXPECT_THAT(policy, Not(HasSubstr("StopInstances")));
  for (const auto& [call, times] : bench.account(SitesBench::own_account).all_calls()) {
    const auto known = before.find(call);
    if (known == before.end() || known->second < times) {
      EXPECT_THAT(policy, HasSubstr(":" + call + "\"")) << call;
    }
  }
}

TEST_F(PruneCommand, RefusesWhatMakesNoSense) {
  expect_error({}, 2, "it is not said which backups are kept", "for example --keep-daily 7");
  expect_error({"--keep-failed", "8d"}, 2, "it is not said which backups are kept", "");
  expect_error({"--keep-last", "1", "--time-zone", "Mars/Base"}, 2,
               "--time-zone: there is no time zone \"Mars/Base\"", "such as");
  expect_error({"--keep-within", "a while"}, 2, "--keep-within: ", "");
  expect_error({"--keep-tag", "important"}, 2, "--keep-tag \"important\" is not KEY=VALUE", "");
  expect_error({"--keep-last", "1", "--keep-failed", "5m"}, 2, "--keep-failed 5m is too short",
               "another machine");
  expect_error({"--keep-last", "1", "--exclude", server("db").str()}, 2, "--exclude leaves out",
               "name servers");
}

TEST_F(PruneCommand, WritesTheMessagesThatAreDocumented) {
  back_up("web", {"--method", "image"});
  back_up_daily("web", 2);
  const auto snapshots = present_snapshots();
  for (auto* snapshot : {snapshots[2], snapshots[3]}) {
    make_a_lost_prime(*snapshot);
  }
  pass(std::chrono::days(8));
  const auto result = prune({"--keep-last", "1", "--delete", "--yes", "--output", "json"});
  const auto written = messages_in(result.output);
  int compared = 0;
  for (const auto& documented : documented_messages()) {
    const std::string type = documented["message_type"];
    const auto same = std::ranges::find_if(written, [&](const json& message) {
      return message["message_type"] == type &&
             (type != "summary" || documented.contains("frees_up_to_bytes"));
    });
    if (type.ends_with("_verdict") || type == "deletion" ||
        (type == "summary" && same != written.end())) {
      ++compared;
      ASSERT_NE(same, written.end()) << type;
      EXPECT_EQ(fields(*same), fields(documented));
    }
  }
  EXPECT_EQ(compared, 4);
  EXPECT_EQ(written[0]["verdict"], "keep");
  EXPECT_EQ(written[1]["verdict"], "remove");
  EXPECT_EQ(written[1]["frees_up_to_bytes"], std::int64_t{8} << 30);
  EXPECT_EQ(written[2]["message_type"], "leftover_verdict");
  EXPECT_EQ(written.back()["removed"], 1);
  EXPECT_EQ(written.back()["removed_leftovers"], 1);
  EXPECT_EQ(written.back()["deletes"], true);
}

}  // namespace
}  // namespace pitstop::test
