// What somebody who may only call CreateTags can make `list`, `show`, `prune`, `copy` and `restore`
// do. Each test is an attack on the whole commands, held against the truth of the simulated EC2.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "backup/captured_configuration.hpp"
#include "backup/tag_keys.hpp"
#include "prune/prune_plan.hpp"
#include "prune_bench.hpp"
#include "restore/restore_plan.hpp"
#include "sim/cloud/snapshots.hpp"
#include "support/json_fields.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class TagAttack : public PruneCommand {
 protected:
  /// A snapshot that somebody else has taken of a volume of the database.
  sim::Snapshot& strangers_snapshot() {
    const auto volume = region().instances.at(server("db")).attachments.front().volume;
    const sim::SnapshotSpecification by_hand{"nightly dump", {{"owner", "dba"}}};
    const auto id = sim::create_snapshot(region(), volume, by_hand).value();
    pass(std::chrono::hours(2));
    return region().snapshots.at(id);
  }

  /// The attack that they all come from: CreateTags, with what a true snapshot has.
  static void copy_tags(const sim::Snapshot& from, sim::Snapshot& to) {
    for (const auto& [key, value] : from.tags) {
      to.tags[key] = value;
    }
  }

  /// The newest backup's.
  std::vector<sim::Snapshot*> newest() {
    auto all = present_snapshots();
    return {all.end() - 2, all.end()};
  }

  std::vector<json> listed() {
    const auto result = bench.run({"list", "--output", "json"});
    EXPECT_EQ(result.status, 0) << result.output << result.diagnostics;
    return messages_in(result.output);
  }

  json listed_as(const std::string& state) {
    for (const auto& message : listed()) {
      if (message["message_type"] == "backup" && message["state"] == state) {
        return message;
      }
    }
    ADD_FAILURE() << "no backup is " << state;
    return {};
  }
};

TEST_F(TagAttack, ASnapshotWithCopiedTagsIsNotDeletedAndToldOf) {
  back_up_daily("web", 3);
  auto& stranger = strangers_snapshot();
  copy_tags(*present_snapshots().front(), stranger);
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 3U) << "the newest backup, and the stranger's";
  EXPECT_FALSE(stranger.deleted);
  const auto suspect = listed_as("suspect");
  EXPECT_THAT(suspect["flaw"], HasSubstr("pitstop did not make it"));
  EXPECT_EQ(suspect["left_out"][0]["snapshot_id"], stranger.id.str());
  EXPECT_THAT(bench.run({"list"}).output, ContainsRegex(" suspect .*\n.*pitstop did not make it"));
}

TEST_F(TagAttack, ABackupOf2099DoesNotLetTheRealOnesGo) {
  back_up_daily("web", 2);
  auto& stranger = strangers_snapshot();
  copy_tags(*present_snapshots().front(), stranger);
  stranger.tags["pitstop:backup"] = "b-999999999999";
  stranger.tags["pitstop:created"] = "2099-01-01T00:00:00.000Z";
  const auto result = delete_all_but(1);
  EXPECT_THAT(result.output, HasSubstr("suspect: pitstop did not make it"));
  EXPECT_EQ(snapshots_left(), 3U);
  EXPECT_FALSE(newest()[0]->deleted);
  pass(std::chrono::days(9));
  EXPECT_EQ(bench.run({"list", server("web").str(), "--max-age", "5d"}).status, 3)
      << "nor does it count for a monitor";
}

TEST_F(TagAttack, TheNewestGoodBackupDoesNotGoForWhatIsWrittenOnIt) {
  const std::map<std::string, std::string> tags{{"pitstop:config.1", "garbage"},
                                                {"pitstop:created", "2020-01-01T00:00:00.000Z"},
                                                {"pitstop:policy", "other"},
                                                {"pitstop:method", "image"},
                                                {"pitstop:backup", "b-000000000000"},
                                                {"pitstop:instance", "i-00000000"},
                                                {pruning_tag_key, "2026-01-01T00:00:00.000Z"},
                                                {"pitstop:prime", "remove"},
                                                {reason_tag_key, reason_before_restore}};
  back_up_daily("web", 2);
  pass(std::chrono::days(30));
  for (const auto& [key, value] : tags) {
    SCOPED_TRACE(key);
    for (const bool on_both : {false, true}) {
      const auto snapshots = newest();
      const auto before = std::pair(snapshots[0]->tags, snapshots[1]->tags);
      snapshots[0]->tags[key] = value;
      if (on_both) {
        snapshots[1]->tags[key] = value;
      }
      prune({server("web").str(), "--keep-last", "1", "--delete", "--yes"});
      delete_all_but(1);
      EXPECT_FALSE(snapshots[0]->deleted);
      EXPECT_FALSE(snapshots[1]->deleted);
      snapshots[0]->tags = before.first;
      snapshots[1]->tags = before.second;
    }
  }
}

TEST_F(TagAttack, WhileTheNewestIsSuspectTheOlderOnesStayForIt) {
  back_up_daily("web", 3);
  pass(std::chrono::days(30));
  newest()[0]->tags["pitstop:config.1"] = "garbage";
  const auto result = delete_all_but(2);
  EXPECT_EQ(snapshots_left(), 6U) << "two that are good, and the suspect one";
  EXPECT_THAT(result.output, ContainsRegex("keep +b-[0-9a-f]+ .* suspect: snap-[0-9a-f]+: its tags "
                                           "are not those that pitstop gave it"));
}

TEST_F(TagAttack, ABackupIsNotIncompleteBecauseATagHidesASnapshot) {
  back_up_daily("web", 3);
  pass(std::chrono::days(30));
  auto& oldest = *present_snapshots().front();
  oldest.tags["pitstop:instance"] = server("db").str();
  prune({server("web").str(), "--keep-last", "3", "--delete", "--yes"});
  EXPECT_EQ(snapshots_left(), 6U);
  oldest.tags["pitstop:backup"] = "b-000000000000";
  prune({server("web").str(), "--keep-last", "3", "--delete", "--yes"});
  EXPECT_EQ(snapshots_left(), 6U);
}

TEST_F(TagAttack, AGoldenImageIsNotDeregistered) {
  back_up("web", {"--method", "image"});
  back_up("web");
  pass(std::chrono::days(30));
  auto& oldest = *present_snapshots().front();
  const auto golden = image_on(oldest, oldest.tags);
  auto& tags = region().images.at(golden).tags;
  tags[restored_from_tag_key] = oldest.tags.at("pitstop:backup");
  tags[restore_tag_key] = "rs-1";
  delete_all_but(1, 3);
  EXPECT_FALSE(region().images.at(golden).deregistered);
  EXPECT_EQ(left_of_set(oldest), 2U);
  tags.erase("pitstop:backup");
  delete_all_but(1, 3);
  EXPECT_FALSE(region().images.at(golden).deregistered);
}

TEST_F(TagAttack, AnImageOfSomebodyElseWithAllTagsStaysWithItsSnapshots) {
  back_up("web", {"--method", "image"});
  back_up("web");
  auto& stranger = strangers_snapshot();
  copy_tags(*present_snapshots().front(), stranger);
  const auto golden = image_on(stranger, stranger.tags);
  pass(std::chrono::days(30));
  delete_all_but(1);
  EXPECT_FALSE(region().images.at(golden).deregistered);
  EXPECT_FALSE(stranger.deleted);
}

TEST_F(TagAttack, NothingIsAPreSnapshotByItsTags) {
  back_up("web");
  auto& stranger = strangers_snapshot();
  stranger.tags["pitstop:prime"] = "remove";
  stranger.tags["pitstop:run"] = "r-000000000000";
  stranger.tags["pitstop:instance"] = server("web").str();
  back_up("web");
  pass(std::chrono::days(30));
  delete_all_but(1);
  EXPECT_FALSE(stranger.deleted);
}

TEST_F(TagAttack, ARestoreTakesNoStrangersSnapshot) {
  back_up("web");
  const std::string backup = present_snapshots().front()->tags.at("pitstop:backup");
  auto& stranger = strangers_snapshot();
  const auto genuine = present_snapshots();
  copy_tags(*genuine.front(), stranger);
  stranger.tags["pitstop:volume"] = genuine.front()->volume.str();
  stranger.tags["pitstop:device"] = "/dev/xvda";
  const auto result = bench.run(
      {"restore", backup, "--in-place", server("web").str(), "--yes", "--no-safety-backup"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  EXPECT_THAT(result.output, HasSubstr("note: " + stranger.id.str() +
                                       " has the tags of this backup, and is left out"));
  for (const auto& attachment : region().instances.at(server("web")).attachments) {
    EXPECT_NE(region().volumes.at(attachment.volume).made_from, stranger.id);
  }
  const auto shown = bench.run({"show", backup}).output;
  EXPECT_THAT(shown, HasSubstr(stranger.id.str() + " has the tags of " + backup));
}

TEST_F(TagAttack, ARestorePutsNoVolumeIntoThePlaceOfAnother) {
  back_up("web");
  const auto snapshots = newest();
  const std::string backup = snapshots[0]->tags.at("pitstop:backup");
  std::swap(snapshots[0]->tags["pitstop:device"], snapshots[1]->tags["pitstop:device"]);
  const auto before = region().instances.at(server("web")).attachments;
  const auto result = bench.run(
      {"restore", backup, "--in-place", server("web").str(), "--yes", "--no-safety-backup"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  for (const auto& attachment : region().instances.at(server("web")).attachments) {
    const auto old = std::ranges::find(before, attachment.device, &sim::Attachment::device);
    const auto& made = region().volumes.at(attachment.volume);
    EXPECT_EQ(region().snapshots.at(made.made_from).volume, old->volume) << attachment.device;
  }
}

TEST_F(TagAttack, ASuspectBackupIsNoServerButItsVolumesCanBeHad) {
  back_up("web");
  const auto snapshots = newest();
  const std::string backup = snapshots[0]->tags.at("pitstop:backup");
  for (auto* snapshot : snapshots) {
    snapshot->tags["pitstop:config.1"] = "garbage";
  }
  const auto refused = bench.run({"restore", backup, "--new"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.diagnostics, HasSubstr(backup + " is suspect: "));
  EXPECT_THAT(refused.diagnostics, HasSubstr("--volumes-only --incomplete"));
  EXPECT_EQ(bench.run({"restore", backup, "--in-place", server("web").str(), "--yes"}).status, 1);
  const auto volumes = region().volumes.size();
  const auto had =
      bench.run({"restore", backup, "--volumes-only", "--incomplete", "--zone", "us-east-1a"});
  EXPECT_EQ(had.status, 0) << had.diagnostics;
  EXPECT_EQ(region().volumes.size(), volumes + 2);
}

TEST_F(TagAttack, ASecondBackupOfTheSameIdIsNoneThatHasToBeChosen) {
  back_up("web");
  const std::string backup = present_snapshots().front()->tags.at("pitstop:backup");
  auto& stranger = strangers_snapshot();
  copy_tags(*present_snapshots().front(), stranger);
  stranger.tags["pitstop:instance"] = server("db").str();
  const auto result = bench.run({"restore", backup, "--volumes-only", "--dry-run"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
}

TEST_F(TagAttack, SevenTagsEndNothing) {
  back_up("web");
  std::string deep = R"({"version":1,"tags":)";
  for (int i = 0; i < 150'000; ++i) {
    deep += R"({"a":)";
  }
  deep += "0" + std::string(150'000, '}') + "}";
  auto victims = newest();
  victims.push_back(&strangers_snapshot());
  victims.back()->tags["pitstop:backup"] = "b-000000000000";
  victims.back()->tags["pitstop:instance"] = server("db").str();
  for (const auto& tag : pack_configuration(deep)) {
    for (auto* victim : victims) {
      victim->tags[tag.key] = tag.value;
    }
  }
  EXPECT_TRUE(listed_as("suspect")["configuration"].is_null());
  EXPECT_EQ(bench.run({"show", "b-000000000000", "--output", "json"}).status, 0);
  prune({"--keep-last", "1"});
}

TEST_F(TagAttack, CopyTakesNothingThatIsSuspect) {
  back_up("web");
  newest()[0]->tags["pitstop:created"] = "2099-01-01T00:00:00.000Z";
  bench.run({"copy", "--to-region", "eu-west-1"});
  const std::string backup = newest()[1]->tags.at("pitstop:backup");
  const auto named = bench.run({"copy", "--backup", backup, "--to-region", "eu-west-1"});
  EXPECT_EQ(named.status, 3);
  EXPECT_THAT(named.output, HasSubstr("it is suspect"));
  auto& ireland = bench.account(SitesBench::own_account).region("eu-west-1");
  EXPECT_THAT(ireland.snapshots, IsEmpty());
}

TEST_F(TagAttack, WhatIsThereWithTheTagsOfACopyIsNone) {
  back_up("web");
  const std::string backup = newest()[0]->tags.at("pitstop:backup");
  EXPECT_EQ(bench.run({"copy", "--to-region", "eu-west-1"}).status, 0);
  auto& ireland = bench.account(SitesBench::own_account).region("eu-west-1");
  for (auto& [id, copy] : ireland.snapshots) {
    copy.description = "somebody else's, with copied tags";
  }
  EXPECT_EQ(bench.run({"copy", "--to-region", "eu-west-1"}).status, 0);
  EXPECT_EQ(ireland.snapshots.size(), 4U) << "it is copied, whatever tags say";
  for (const auto& [id, copy] : ireland.snapshots) {
    EXPECT_FALSE(copy.deleted);
  }
  const auto result =
      bench.run({"prune", "--region", "eu-west-1", "--keep-last", "1", "--delete", "--yes"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  for (const auto& [id, copy] : ireland.snapshots) {
    EXPECT_FALSE(copy.deleted);
  }
}

TEST_F(TagAttack, FastSnapshotRestoreOfAStrangersSnapshotStaysOn) {
  back_up("web");
  auto& stranger = strangers_snapshot();
  stranger.tags["pitstop:fast-restore"] = "rs-1 us-east-1a 2026-01-01T00:00:00.000Z";
  stranger.tags["pitstop:backup"] = newest()[0]->tags["pitstop:backup"];
  stranger.tags["pitstop:instance"] = server("web").str();
  pass(std::chrono::days(3));
  delete_all_but(1);
  const auto& calls = bench.account(SitesBench::own_account).all_calls();
  EXPECT_FALSE(calls.contains("DisableFastSnapshotRestores"));
}

// A backup that EC2 made twice.

TEST_F(TagAttack, OfTwoSetsOfOneBackupTheOlderOneIsRestoredAndTheOtherGoes) {
  back_up("web");
  const auto first = newest();
  for (auto* snapshot : first) {
    const sim::SnapshotSpecification same{snapshot->description, snapshot->tags};
    sim::create_snapshot(region(), snapshot->volume, same).value();
  }
  pass(std::chrono::hours(2));
  EXPECT_EQ(listed_as("complete")["doubles"].size(), 2U);
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 4U) << "not older than 7d";
  pass(std::chrono::days(8));
  const auto result = delete_all_but(1);
  EXPECT_THAT(result.output, HasSubstr("made twice by EC2: older than 7d"));
  EXPECT_EQ(snapshots_left(), 2U);
  EXPECT_FALSE(first[0]->deleted);
}

// The archive tier, and backups before restores.

TEST_F(TagAttack, AnArchivedBackupIsNeitherTheNewestGoodOneNorRestored) {
  back_up_daily("web", 2);
  const auto snapshots = newest();
  const std::string backup = snapshots[0]->tags.at("pitstop:backup");
  snapshots[0]->archived = true;
  EXPECT_EQ(listed_as("archived")["backup_id"], backup);
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 4U);
  const auto refused = bench.run({"restore", backup, "--new"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.diagnostics,
              HasSubstr("aws ec2 restore-snapshot-tier --temporary-restore-days 7 --snapshot-id " +
                        snapshots[0]->id.str()));
  snapshots[0]->restored_until = bench.time.now() + std::chrono::days(7);
  EXPECT_EQ(bench.run({"restore", backup, "--volumes-only"}).status, 0);
}

TEST_F(TagAttack, TheBackupBeforeARestoreIsShownAndCountsForNothing) {
  back_up("web");
  const std::string good = newest()[0]->tags.at("pitstop:backup");
  pass(std::chrono::days(2));
  const auto restored = bench.run({"restore", good, "--in-place", server("web").str(), "--yes"});
  EXPECT_EQ(restored.status, 0) << restored.diagnostics;
  pass(std::chrono::hours(3));
  const auto safety = listed().front();
  EXPECT_EQ(safety["reason"], "before-restore");
  EXPECT_THAT(safety["restore_id"], HasSubstr("rs-"));
  EXPECT_THAT(bench.run({"list"}).output, HasSubstr("complete, before a restore"));
  EXPECT_EQ(bench.run({"list", server("web").str(), "--max-age", "1d"}).status, 3);
  EXPECT_EQ(
      bench.run({"list", server("web").str(), "--max-age", "1d", "--with-safety-backups"}).status,
      0);
  delete_all_but(1);
  EXPECT_EQ(snapshots_left(), 4U);
  pass(std::chrono::days(8));
  EXPECT_THAT(delete_all_but(1).output, HasSubstr("which can still be taken back"));
  EXPECT_EQ(snapshots_left(), 4U);
  EXPECT_EQ(bench.run({"restore", "--finish", safety["restore_id"], "--yes"}).status, 0);
  EXPECT_THAT(delete_all_but(1).output, ContainsRegex("before the restore rs-.*, older than 7d"));
  EXPECT_EQ(snapshots_left(), 2U);
  EXPECT_EQ(newest()[0]->tags.at("pitstop:backup"), good);
}

// The policy that protects tags.

TEST_F(TagAttack, IsDeniedByAPolicyThatPitstopPrints) {
  const auto result = bench.run({"iam-policy", "protect", "--role", "arn:aws:iam::*:role/pitstop",
                                 "--role", "arn:aws:iam::111111111111:user/ops"});
  EXPECT_EQ(result.status, 0) << result.diagnostics;
  const auto statements = json::parse(result.output)["Statement"];
  for (const auto& statement : statements) {
    EXPECT_EQ(statement["Effect"], "Deny");
    EXPECT_EQ(statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"].size(), 2U);
  }
  EXPECT_EQ(statements[0]["Condition"]["ForAnyValue:StringLike"]["aws:TagKeys"], "pitstop:*");
  for (const auto& wrong : std::vector<std::vector<std::string>>{
           {"iam-policy", "protect"},
           {"iam-policy", "protect", "--role", "pitstop"},
           {"iam-policy", "protect", "backup", "--role", "arn:aws:iam::*:role/pitstop"},
           {"iam-policy", "backup", "--role", "arn:aws:iam::*:role/pitstop"}}) {
    EXPECT_EQ(bench.run(wrong).status, 2) << wrong.back();
  }
}

}  // namespace
}  // namespace pitstop::test
