#include "copy/copy_plan.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/fast_restore.hpp"
#include "backup/plan.hpp"
#include "base/contains.hpp"
#include "ec2/tags.hpp"
#include "prune/prune_plan.hpp"

namespace pitstop::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const WallTime now = parse_rfc3339("2026-11-30T00:00:00Z").value();
const CopyRoute to_ireland{.from_region = "us-east-1", .to_region = "eu-west-1"};
const CopyRoute to_vault{
    .from_region = "us-east-1", .to_region = "eu-west-1", .to_account = "222222222222"};

SetSnapshot snapshot_of(const std::string& volume, const std::string& device) {
  return {.id = SnapshotId("snap-" + volume),
          .volume = VolumeId("vol-" + volume),
          .owner = "111111111111",
          .device = device,
          .state = ec2::SnapshotState::completed,
          .state_message = {},
          .progress = 100,
          .size = ec2::Gibibytes(8),
          .full_bytes = std::int64_t{4} << 30,
          .encrypted = false,
          .volume_tags = {{"team", volume}}};
}

/// Of two volumes, a and b.
BackupSet backup(const std::string& id = "b-1", int days_ago = 1,
                 SetState state = SetState::complete) {
  BackupSet set;
  set.backup = BackupId(id);
  set.instance = InstanceId("i-1");
  set.taken = now - std::chrono::days(days_ago);
  set.state = state;
  set.flaw = state == SetState::complete ? "" : "its snapshots are not complete yet";
  set.snapshots = {snapshot_of("a", "/dev/xvda"), snapshot_of("b", "/dev/sdf")};
  set.tags = {{"Name", "web-1"},      {"pitstop:backup", id},   {"pitstop:instance", "i-1"},
              {"pitstop:run", "r-1"}, {"pitstop:config1", "x"}, {"pitstop:device", "/dev/xvda"},
              {"team", "a"},          {"aws:dlm", "y"}};
  return set;
}

ec2::Snapshot copy_of(const std::string& volume, ec2::SnapshotState state,
                      const std::string& id = "snap-copy", const std::string& backup = "b-1") {
  ec2::Snapshot copy;
  copy.id = SnapshotId(id + volume);
  copy.volume = VolumeId("vol-ffffffff");
  copy.state = state;
  copy.started = now - std::chrono::minutes(30);
  copy.tags = {{"pitstop:backup", backup},
               {"pitstop:instance", "i-1"},
               {volume_tag_key, "vol-" + volume},
               {copied_from_tag_key, "snap-" + volume + " us-east-1 111111111111"}};
  copy.description = describe_copy(BackupId(backup), InstanceId("i-1"), "us-east-1", copy.tags);
  return copy;
}

CopyPlan planned(const CopiesThere& there = {}, const CopyWishes& wishes = {},
                 BackupSet set = backup(), const CopyRoute& route = to_ireland) {
  return plan_copy(std::move(set), route, there, wishes, now);
}

using enum ec2::SnapshotState;

TEST(CopyPlan, CopiesWhatIsNotThere) {
  const auto plan = planned();
  EXPECT_EQ(plan.state, CopyState::to_copy);
  ASSERT_THAT(plan.snapshots, SizeIs(2));
  EXPECT_EQ(plan.snapshots[0].source, SnapshotId("snap-a"));
  EXPECT_FALSE(plan.snapshots[0].copy);
  EXPECT_THAT(plan.to_remove, IsEmpty());
}

TEST(CopyPlan, GoesOnWithWhatWasBegun) {
  const auto plan = planned({.snapshots = {copy_of("b", pending)}});
  EXPECT_EQ(plan.state, CopyState::to_copy);
  EXPECT_FALSE(plan.snapshots[0].copy);
  EXPECT_EQ(plan.snapshots[1].copy, SnapshotId("snap-copyb"));
  EXPECT_FALSE(plan.snapshots[1].is_complete);
  EXPECT_EQ(planned({.snapshots = {copy_of("a", completed), copy_of("b", pending)}}).state,
            CopyState::under_way);
  EXPECT_EQ(planned({.snapshots = {copy_of("a", completed), copy_of("b", completed)}}).state,
            CopyState::is_there);
}

TEST(CopyPlan, CopiesOfOtherBackupsAreOthers) {
  EXPECT_EQ(planned({.snapshots = {copy_of("a", completed, "snap-copy", "b-2"),
                                   copy_of("b", completed, "snap-copy", "b-2")}})
                .state,
            CopyState::to_copy);
}

TEST(CopyPlan, WhatHasFailedGoesAndIsCopiedAgain) {
  const auto plan = planned({.snapshots = {copy_of("a", error), copy_of("b", completed)}});
  EXPECT_EQ(plan.state, CopyState::to_copy);
  EXPECT_THAT(plan.to_remove, ElementsAre(SnapshotId("snap-copya")));
}

TEST(CopyPlan, ATimerDoesNotMakeOneFailureAfterTheOther) {
  const CopiesThere there{.snapshots = {copy_of("a", error), copy_of("b", completed)}};
  const auto plan = planned(there, {.retry_failed_after = std::chrono::hours(1)});
  EXPECT_EQ(plan.state, CopyState::pass_over);
  EXPECT_THAT(plan.reason, HasSubstr("snap-copya has failed"));
  EXPECT_EQ(planned(there, {.retry_failed_after = std::chrono::minutes(20)}).state,
            CopyState::to_copy);
}

TEST(CopyPlan, OfCopiesThatWereMadeTwiceOneIsLeft) {
  const auto plan =
      planned({.snapshots = {copy_of("a", pending, "snap-1"), copy_of("a", completed, "snap-2"),
                             copy_of("b", completed)}});
  EXPECT_EQ(plan.state, CopyState::is_there);
  EXPECT_EQ(plan.snapshots[0].copy, SnapshotId("snap-2a"));
  EXPECT_THAT(plan.to_remove, ElementsAre(SnapshotId("snap-1a")));
}

TEST(CopyPlan, NothingIsRemovedThatIsNoCopy) {
  auto original = copy_of("a", completed);
  auto other = copy_of("a", completed, "snap-1");
  auto failed = copy_of("b", error);
  for (auto* one : {&original, &other, &failed}) {
    one->description = describe_backup(BackupId("b-1"), InstanceId("i-1"), one->tags);
    one->volume = VolumeId(ec2::find_tag(one->tags, volume_tag_key).value());
  }
  const auto plan = planned({.snapshots = {original, other, failed}});
  EXPECT_THAT(plan.to_remove, IsEmpty());
  EXPECT_EQ(plan.state, CopyState::pass_over) << plan.reason;
}

TEST(CopyPlan, OnlyWhatIsCompleteIsCopied) {
  EXPECT_EQ(planned({}, {}, backup("b-1", 1, SetState::pending)).state, CopyState::not_yet);
  EXPECT_EQ(planned({}, {.backups = {BackupId("b-1")}}, backup("b-1", 1, SetState::pending)).state,
            CopyState::pass_over)
      << "it was asked for";
  const auto failed = planned({}, {}, backup("b-1", 1, SetState::failed));
  EXPECT_EQ(failed.state, CopyState::pass_over);
  auto going = backup();
  going.tags.push_back({pruning_tag_key, "2026-11-30T00:00:00.000Z"});
  EXPECT_EQ(planned({}, {}, going).state, CopyState::pass_over);
}

TEST(CopyPlan, ACopyHasTheTagsThatMakeItABackup) {
  auto original = backup();
  original.tags.push_back({fast_restore_tag_key, "rs-1 us-east-1a 2026-11-29T23:00:00.000Z"});
  const auto tags = planned({}, {}, original).snapshots[1].tags;
  EXPECT_THAT(tags, Contains(ec2::Tag{"pitstop:backup", "b-1"}));
  EXPECT_THAT(tags, Contains(ec2::Tag{"pitstop:config1", "x"}));
  EXPECT_THAT(tags, Contains(ec2::Tag{"Name", "web-1"}));
  EXPECT_THAT(tags, Contains(ec2::Tag{"pitstop:device", "/dev/sdf"}));
  EXPECT_THAT(tags, Contains(ec2::Tag{volume_tag_key, "vol-b"}));
  EXPECT_FALSE(ec2::find_tag(tags, fast_restore_tag_key)) << "that is on for the original";
  EXPECT_THAT(tags, Contains(ec2::Tag{copied_from_tag_key, "snap-b us-east-1 111111111111"}));
  EXPECT_THAT(tags, Contains(ec2::Tag{"team", "b"})) << "its own volume's";
  EXPECT_THAT(tags, SizeIs(9));
}

TEST(CopyPlan, TagsOfVolumesGiveWayToThoseThatARestoreNeeds) {
  auto set = backup();
  for (int i = 0; i < 60; ++i) {
    set.snapshots[0].volume_tags.push_back({fmt::format("tag-{}", i), ""});
  }
  EXPECT_THAT(planned({}, {}, set).snapshots[0].tags, SizeIs(ec2::most_tags - 1));
  for (int i = 0; i < 60; ++i) {
    set.tags.push_back({fmt::format("pitstop:config{}", i + 2), "x"});
  }
  const auto plan = planned({}, {}, set);
  EXPECT_EQ(plan.state, CopyState::pass_over);
  EXPECT_THAT(plan.reason, HasSubstr("tags"));
}

BackupSet image_backup() {
  auto set = backup();
  set.method = Method::image;
  set.image.emplace().id = ImageId("ami-1");
  set.tags.push_back({method_tag_key, "image"});
  return set;
}

ec2::Image image_there(const std::string& state) {
  ec2::Image image;
  image.id = ImageId("ami-2");
  image.state = state;
  image.created = now - std::chrono::minutes(30);
  image.snapshots = {SnapshotId("snap-copya"), SnapshotId("snap-copyb")};
  image.devices = {"/dev/xvda", "/dev/sdf"};
  image.tags = {{"pitstop:backup", "b-1"}, {copied_from_tag_key, "ami-1 us-east-1 1"}};
  image.name = "pitstop r-1 i-1";
  image.description =
      describe_image_copy(BackupId("b-1"), InstanceId("i-1"), "us-east-1", image.tags);
  return image;
}

TEST(CopyPlan, AStrangersSnapshotWithTheTagsOfACopyIsNone) {
  auto stranger = copy_of("a", completed);
  stranger.description = "somebody else's";
  auto failed = copy_of("b", error);
  failed.description = "somebody else's";
  const auto plan = planned({.snapshots = {stranger, failed, copy_of("b", completed)}});
  EXPECT_EQ(plan.state, CopyState::to_copy);
  EXPECT_FALSE(plan.snapshots[0].copy);
  EXPECT_THAT(plan.to_remove, IsEmpty());
  auto image = image_there("failed");
  image.description = "our base";
  const auto by_image = planned({.images = {image}}, {}, image_backup());
  EXPECT_EQ(by_image.state, CopyState::to_copy);
  EXPECT_FALSE(by_image.failed_image);
}

TEST(CopyPlan, ACopyWhoseTagsWereChangedIsNeitherTakenForOneNorRemoved) {
  auto changed = copy_of("a", completed);
  changed.tags.push_back({"pitstop:created", "2020-01-01T00:00:00.000Z"});
  const auto plan = planned({.snapshots = {changed, copy_of("b", completed)}});
  EXPECT_EQ(plan.state, CopyState::pass_over);
  EXPECT_THAT(plan.reason, HasSubstr("its tags were changed since"));
  EXPECT_THAT(plan.to_remove, IsEmpty());
}

TEST(CopyPlan, WhatIsSuspectOrArchivedIsNotCopied) {
  for (const auto state : {SetState::suspect, SetState::archived}) {
    const auto plan = planned({}, {.backups = {BackupId("b-1")}}, backup("b-1", 1, state));
    EXPECT_EQ(plan.state, CopyState::pass_over);
  }
}

TEST(CopyPlan, AnImageIsCopiedAsOne) {
  EXPECT_TRUE(planned({}, {}, image_backup()).by_image);
  const std::vector snapshots{copy_of("a", completed), copy_of("b", completed)};
  const auto there =
      planned({.snapshots = snapshots, .images = {image_there("available")}}, {}, image_backup());
  EXPECT_EQ(there.state, CopyState::is_there);
  EXPECT_EQ(
      planned({.snapshots = snapshots, .images = {image_there("pending")}}, {}, image_backup())
          .state,
      CopyState::under_way);
  EXPECT_EQ(
      planned({.snapshots = {}, .images = {image_there("available")}}, {}, image_backup()).state,
      CopyState::under_way)
      << "its snapshots lack their tags";
  const auto failed = planned({.images = {image_there("failed")}}, {}, image_backup());
  EXPECT_EQ(failed.state, CopyState::to_copy);
  EXPECT_EQ(failed.failed_image, ImageId("ami-2"));
  EXPECT_THAT(failed.to_remove, SizeIs(2));
}

TEST(CopyPlan, AnotherAccountGetsTheSnapshotsOfAnImage) {
  const auto plan = planned({}, {}, image_backup(), to_vault);
  EXPECT_FALSE(plan.by_image);
  EXPECT_FALSE(contains(plan.snapshots[0].tags, std::string(method_tag_key), &ec2::Tag::key))
      << "it is restored as a set of snapshots";
}

std::vector<std::string> ids(const std::vector<BackupSet>& sets) {
  std::vector<std::string> ids;
  for (const auto& set : sets) {
    ids.push_back(set.backup.str());
  }
  return ids;
}

TEST(ChosenForCopy, IsTheNewestCompleteOne) {
  EXPECT_THAT(
      ids(chosen_for_copy({backup("b-4", 1, SetState::pending), backup("b-3", 2, SetState::failed),
                           backup("b-2", 3), backup("b-1", 4)},
                          {})),
      ElementsAre("b-4", "b-2"))
      << "the newer one is not complete yet";
  EXPECT_THAT(chosen_for_copy({backup("b-1", 1, SetState::failed)}, {}), IsEmpty());
  EXPECT_THAT(chosen_for_copy({backup("b-1", 1, SetState::suspect)}, {}), IsEmpty());
}

TEST(ChosenForCopy, IsNotTheBackupBeforeARestoreUnlessThatIsAskedFor) {
  auto before = backup("b-2", 1);
  before.before_restore = RestoreId("rs-1");
  EXPECT_THAT(ids(chosen_for_copy({before, backup("b-1", 2)}, {})), ElementsAre("b-1"));
  EXPECT_THAT(ids(chosen_for_copy({before, backup("b-1", 2)}, {.counts_safety_backups = true})),
              ElementsAre("b-2"));
  EXPECT_THAT(ids(chosen_for_copy({before, backup("b-1", 2)}, {.backups = {BackupId("b-2")}})),
              ElementsAre("b-2"));
}

TEST(ChosenForCopy, AreThoseThatAreAskedFor) {
  const std::vector sets{backup("b-3", 1), backup("b-2", 2), backup("b-1", 3)};
  EXPECT_THAT(ids(chosen_for_copy(sets, {.backups = {BackupId("b-1")}})), ElementsAre("b-1"));
  EXPECT_THAT(ids(chosen_for_copy(sets, {.since = now - std::chrono::days(2)})),
              ElementsAre("b-3", "b-2"));
}

}  // namespace
}  // namespace pitstop::test
