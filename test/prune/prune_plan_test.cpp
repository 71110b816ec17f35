#include "prune/prune_plan.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/snapshot_description.hpp"
#include "base/text.hpp"
#include "history.hpp"
#include "restore/restore_plan.hpp"
#include "support/golden.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const auto now = time_at("2026-11-30T00:00:00Z");

WallTime ago(int days) {
  return now - std::chrono::days(days);
}

ServerPrune planned(std::vector<BackupSet> sets, const PruneRules& rules = {.keep = {.last = 1}},
                    std::vector<Leftover> leftovers = {}, std::vector<OpenBackup> open = {}) {
  ServerRemains remains{.instance = InstanceId("i-1"),
                        .name = "web-1",
                        .site_name = "eu-central-1",
                        .sets = std::move(sets),
                        .leftovers = std::move(leftovers)};
  return plan_prune(std::move(remains), rules, {.now = now, .open = std::move(open)});
}

template <class Thing>
std::string verdict_line(const Verdict<Thing>& verdict) {
  return fmt::format("{}: {}", to_string(verdict.fate), join(verdict.reasons, ", "));
}

std::vector<std::string> verdicts(const ServerPrune& plan) {
  std::vector<std::string> lines;
  for (const auto& verdict : plan.backups) {
    lines.push_back(verdict_line(verdict));
  }
  for (const auto& verdict : plan.leftovers) {
    lines.push_back("leftover, " + verdict_line(verdict));
  }
  return lines;
}

TEST(PrunePlan, RemovesWhatNoRuleKeepsTheNewestFirst) {
  const auto plan = planned({good_set(ago(9)), good_set(ago(1)), good_set(ago(2))});
  EXPECT_THAT(verdicts(plan), ElementsAre("keep: the newest good one, last 1",
                                          "remove: no rule keeps it", "remove: no rule keeps it"));
  EXPECT_EQ(plan.backups.back().thing.taken, ago(9));
  EXPECT_EQ(plan.site_name, "eu-central-1");
}

TEST(PrunePlan, CountsNothingThatIsNotComplete) {
  const auto plan =
      planned({set_in_state(ago(0), SetState::pending), set_in_state(ago(1), SetState::failed),
               good_set(ago(2)), good_set(ago(3))},
              {.keep = {.last = 2}});
  EXPECT_THAT(verdicts(plan), ElementsAre("keep: pending", "keep: failed, not older than 7d",
                                          "keep: the newest good one, last 1", "keep: last 2"));
}

TEST(PrunePlan, RemovesWhatHasFailedByAnotherRule) {
  const std::vector<BackupSet> sets{good_set(ago(1)), set_in_state(ago(7), SetState::incomplete),
                                    set_in_state(ago(8), SetState::incomplete),
                                    set_in_state(ago(9), SetState::failed)};
  EXPECT_THAT(
      verdicts(planned(sets)),
      ElementsAre("keep: the newest good one, last 1", "keep: incomplete, not older than 7d",
                  "remove: incomplete, older than 7d", "remove: failed, older than 7d"));
  EXPECT_THAT(
      verdicts(planned(sets, {.keep = {.last = 9}, .keep_failed = std::chrono::hours(200)})).back(),
      "remove: failed, older than 200h");
}

TEST(PrunePlan, KeepsWhatIsTheOnlyThingLeftOfAServer) {
  EXPECT_THAT(verdicts(planned({set_in_state(ago(90), SetState::incomplete),
                                set_in_state(ago(91), SetState::failed)})),
              ElementsAre("keep: incomplete, but the server has no good one",
                          "remove: failed, older than 7d"))
      << "there is nothing in one that has failed altogether";
}

TEST(PrunePlan, KeepsWhatIsUnderWay) {
  auto being_made = set_in_state(ago(30), SetState::incomplete);
  being_made.snapshots.front().state = ec2::SnapshotState::pending;
  auto open = good_set(ago(20));
  OpenBackup entry;
  entry.backup = open.backup;
  EXPECT_THAT(
      verdicts(planned({good_set(ago(1)), open, being_made}, {.keep = {.last = 1}}, {}, {entry})),
      ElementsAre("keep: the newest good one, last 1", "keep: its run is under way",
                  "keep: pending"));
}

TEST(PrunePlan, FinishesWhatWasBegun) {
  auto half = set_in_state(ago(2), SetState::incomplete);
  begin_removal(half);
  const PruneRules rules{.keep = {.last = 2}};
  EXPECT_THAT(verdicts(planned({good_set(ago(0)), half, good_set(ago(3))}, rules)),
              ElementsAre("keep: the newest good one, last 1",
                          "remove: its removal was begun before", "keep: last 2"));
  EXPECT_THAT(verdicts(planned({half}, rules)),
              ElementsAre("keep: incomplete, but the server has no good one"));
}

TEST(PrunePlan, AMarkOnWhatIsWholeHasNoEffect) {
  auto whole = good_set(ago(1));
  begin_removal(whole);
  EXPECT_THAT(
      verdicts(planned({good_set(ago(0)), whole, good_set(ago(3))}, {.keep = {.last = 2}})),
      ElementsAre("keep: the newest good one, last 1", "keep: last 2", "remove: no rule keeps it"))
      << "anybody who may write tags can have put it there";
}

TEST(PrunePlan, NothingGoesForWhatOnlyTagsSay) {
  auto suspect = set_in_state(ago(0), SetState::suspect);
  suspect.flaw = "its tags are not those that pitstop gave it";
  auto claimed = set_in_state(ago(30), SetState::incomplete);
  claimed.has_proven_tags = false;
  claimed.flaw = "vol-2 has no snapshot";
  begin_removal(claimed);
  auto nobodys = good_set(ago(31));
  nobodys.is_pitstops = false;
  EXPECT_THAT(verdicts(planned({suspect, good_set(ago(1)), claimed, nobodys, good_set(ago(40))})),
              ElementsAre("keep: suspect: its tags are not those that pitstop gave it",
                          "keep: the newest good one, last 1",
                          "keep: incomplete, as only tags say: vol-2 has no snapshot",
                          "keep: only tags say that pitstop made it", "remove: no rule keeps it"));
}

TEST(PrunePlan, WhatIsSuspectOrArchivedTakesNobodysPlace) {
  EXPECT_THAT(verdicts(planned({set_in_state(ago(0), SetState::suspect),
                                set_in_state(ago(1), SetState::archived), good_set(ago(2))})),
              ElementsAre("keep: suspect: ", "keep: archived, by somebody else",
                          "keep: the newest good one, last 1"));
}

BackupSet before_a_restore(WallTime taken) {
  auto set = good_set(taken);
  set.before_restore = RestoreId("rs-1");
  return set;
}

TEST(PrunePlan, TheBackupBeforeARestoreTakesNobodysPlaceUnlessItIsAsked) {
  const std::vector<BackupSet> sets{before_a_restore(ago(1)), good_set(ago(2)), good_set(ago(3))};
  EXPECT_THAT(verdicts(planned(sets)),
              ElementsAre("keep: before the restore rs-1, not older than 7d",
                          "keep: the newest good one, last 1", "remove: no rule keeps it"));
  EXPECT_THAT(verdicts(planned(sets, {.keep = {.last = 1}, .count_safety_backups = true})),
              ElementsAre("keep: the newest good one, last 1", "remove: no rule keeps it",
                          "remove: no rule keeps it"));
}

TEST(PrunePlan, TheBackupBeforeARestoreGoesWhenThatIsFinished) {
  const auto old = before_a_restore(ago(8));
  EXPECT_THAT(verdicts(planned({good_set(ago(1)), old})).back(),
              "remove: before the restore rs-1, older than 7d");
  EXPECT_THAT(verdicts(planned({old})),
              ElementsAre("keep: before the restore rs-1, but the server has no good one"));
  ServerRemains remains;
  remains.sets = {good_set(ago(1)), old};
  EXPECT_EQ(volumes_replaced_by_restores(remains.sets), std::vector{VolumeId("vol-1")});
  const auto plan = plan_prune(std::move(remains), {.keep = {.last = 1}},
                               {.now = now, .open = {}, .detached = {VolumeId("vol-1")}});
  EXPECT_EQ(verdict_line(plan.backups.back()),
            "keep: before the restore rs-1, which can still be taken back");
}

TEST(PrunePlan, SnapshotsThatWereMadeTwiceGoWhenTheyAreOldOrWithTheirSet) {
  auto set = good_set(ago(8));
  Leftover doubles{.kind = Leftover::Kind::doubles,
                   .instance = InstanceId("i-1"),
                   .name = "web-1",
                   .run = set.run,
                   .backup = set.backup,
                   .snapshots = set.snapshots,
                   .image = {},
                   .made = set.taken};
  EXPECT_THAT(verdicts(planned({set}, {.keep = {.last = 1}}, {doubles})),
              ElementsAre("keep: the newest good one, last 1", "leftover, remove: older than 7d"));
  EXPECT_THAT(verdicts(planned({good_set(ago(1)), set}, {.keep = {.last = 1}}, {doubles})),
              ElementsAre("keep: the newest good one, last 1", "remove: no rule keeps it"));
}

ec2::Image image_on(const BackupSet& set, const std::string& id, ec2::Tags tags) {
  ec2::Image image;
  image.id = ImageId(id);
  image.snapshots = {set.snapshots.front().id};
  image.tags = std::move(tags);
  return image;
}

/// As `pitstop backup --method image` makes it.
ec2::Image own_image_on(const BackupSet& set, const std::string& id) {
  auto image = image_on(set, id, {{"pitstop:backup", set.backup.str()}});
  image.name = fmt::format("pitstop {} {}", set.run.str(), set.instance.str());
  image.description = describe_backup(set.backup, set.instance, image.tags);
  return image;
}

/// As `pitstop restore` registers it.
ec2::Image restored_image_on(const BackupSet& set, const std::string& id) {
  auto image =
      image_on(set, id, {{restored_from_tag_key, set.backup.str()}, {restore_tag_key, "rs-1"}});
  image.name = restore_image_name(RestoreId("rs-1"), set.backup);
  image.description = restore_image_description(set.backup, set.instance);
  return image;
}

TEST(PrunePlan, PassesOverWhatAForeignImageStandsOn) {
  const auto old = good_set(ago(9));
  auto plan = planned({good_set(ago(1)), old, good_set(ago(10))});
  pass_over_what_cannot_go(plan, {.images = {image_on(old, "ami-1", {{"Name", "golden"}})}});
  EXPECT_THAT(verdicts(plan),
              ElementsAre("keep: the newest good one, last 1",
                          "pass_over: ami-1 stands on its " + old.snapshots.front().id.str(),
                          "remove: no rule keeps it"));
}

TEST(PrunePlan, PassesOverWhatIsLocked) {
  const auto newest = good_set(ago(1));
  const auto old = good_set(ago(9));
  auto plan = planned({newest, old});
  pass_over_what_cannot_go(plan,
                           {.locked = {old.snapshots.front().id, newest.snapshots.front().id}});
  EXPECT_THAT(verdicts(plan),
              ElementsAre("keep: the newest good one, last 1",
                          "pass_over: its " + old.snapshots.front().id.str() + " is locked"));
}

TEST(PrunePlan, KnowsWhichImagesAreItsOwn) {
  auto set = good_set(ago(9));
  set.image = own_image_on(set, "ami-own");
  const auto restored = restored_image_on(set, "ami-left");
  EXPECT_THAT(standing_on(set, {*set.image, restored}).ours,
              ElementsAre(ImageId("ami-own"), ImageId("ami-left")));
  EXPECT_THAT(standing_on(set, {*set.image, restored}).foreign, IsEmpty());
  auto kept = restored_image_on(set, "ami-kept");
  kept.tags.push_back({kept_image_tag_key, "yes"});
  const auto others = image_on(set, "ami-others", own_image_on(set, "").tags);
  EXPECT_THAT(standing_on(set, {kept}).foreign, testing::StartsWith("ami-kept stands on its"));
  EXPECT_THAT(standing_on(set, {others}).foreign, testing::StartsWith("ami-others stands on its"));
}

Leftover prime_made(WallTime made) {
  Leftover prime;
  prime.instance = InstanceId("i-1");
  prime.run = RunId("r-lost");
  prime.made = made;
  prime.snapshots = good_set(made).snapshots;
  return prime;
}

TEST(PrunePlan, RemovesAPrimeThatWasLostOnceThereIsABetterOne) {
  const auto after = [](const std::vector<BackupSet>& sets, const Leftover& prime,
                        std::vector<OpenBackup> open = {}) {
    const auto plan = planned(sets, {.keep = {.last = 1}}, {prime}, std::move(open));
    return verdict_line(plan.leftovers.front());
  };
  EXPECT_EQ(after({good_set(ago(8))}, prime_made(ago(8))), "remove: older than 7d");
  EXPECT_EQ(after({good_set(ago(1))}, prime_made(ago(7))), "keep: not older than 7d");
  EXPECT_EQ(after({good_set(ago(9))}, prime_made(ago(8))),
            "keep: the server has no good backup since");
  EXPECT_EQ(after({}, prime_made(ago(8))), "keep: the server has no good backup since");
  auto pending = prime_made(ago(8));
  pending.snapshots.front().state = ec2::SnapshotState::pending;
  EXPECT_EQ(after({good_set(ago(1))}, pending), "keep: pending");
  OpenBackup open;
  open.run = RunId("r-lost");
  open.instance = InstanceId("i-1");
  EXPECT_EQ(after({good_set(ago(1))}, prime_made(ago(8)), {open}), "keep: its run is under way");
}

TEST(PrunePlan, RemovesImagesThatRestoresHaveLeft) {
  const auto kept = good_set(ago(1));
  const auto old = good_set(ago(30));
  Leftover image;
  image.kind = Leftover::Kind::restore_image;
  image.instance = InstanceId("i-1");
  image.image = ImageId("ami-1");
  image.backup = kept.backup;
  image.made = ago(8);
  auto young = image;
  young.made = ago(7);
  auto of_old = image;
  of_old.backup = old.backup;
  auto of_no_age = image;
  of_no_age.made.reset();
  EXPECT_THAT(
      verdicts(planned({kept, old}, {.keep = {.last = 1}}, {image, young, of_old, of_no_age})),
      ElementsAre("keep: the newest good one, last 1", "remove: no rule keeps it",
                  "leftover, remove: older than 7d", "leftover, keep: not older than 7d",
                  "leftover, keep: EC2 does not say how old it is"));
}

TEST(PrunePlan, FreesNoMoreThanIsWritten) {
  auto set = good_set(ago(1));
  EXPECT_EQ(most_freed(set.snapshots), std::int64_t{4} << 30);
  set.snapshots.front().full_bytes.reset();
  EXPECT_EQ(most_freed(set.snapshots), std::int64_t{8} << 30);
}

TEST(PrunePlan, GivesTheReasonsOfTheGoldenFile) {
  auto sets = daily_sets("2026-11-29T00:16:00Z", 40);
  sets[0] = set_in_state(sets[0].taken, SetState::pending);
  sets[2] = set_in_state(sets[2].taken, SetState::failed);
  sets[11] = set_in_state(sets[11].taken, SetState::incomplete);
  sets[5] = set_in_state(sets[5].taken, SetState::incomplete);
  begin_removal(sets[5]);
  sets[33].tags.push_back({"important", "yes"});
  const PruneRules rules{.keep = {.last = 2,
                                  .daily = 7,
                                  .weekly = 3,
                                  .within = std::chrono::days(4),
                                  .tags = {{"important", "yes"}}}};
  auto plan = planned(sets, rules, {prime_made(ago(20))});
  pass_over_what_cannot_go(plan, {.images = {image_on(sets[20], "ami-1", {})},
                                  .locked = {sets[21].snapshots.front().id}});
  std::string lines;
  for (const auto& verdict : plan.backups) {
    lines += fmt::format("{} {}\n", rfc3339(verdict.thing.taken), verdict_line(verdict));
  }
  for (const auto& verdict : plan.leftovers) {
    lines += fmt::format("{} {}\n", verdict.thing.run.str(), verdict_line(verdict));
  }
  expect_golden("prune/golden/verdicts.txt", lines);
}

}  // namespace
}  // namespace pitstop::test
