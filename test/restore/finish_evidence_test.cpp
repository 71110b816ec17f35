#include "restore/finish_evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/snapshot_description.hpp"
#include "backup/swap.hpp"

namespace pitstop {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const RestoreId finished_restore{"rs-1"};
const BackupId backup_restored{"b-1"};
const InstanceId server_backed_up{"i-1"};

ec2::Snapshot snapshot_of(const std::string& id, const std::string& volume,
                          const std::string& description) {
  ec2::Snapshot snapshot;
  snapshot.id = SnapshotId(id);
  snapshot.volume = VolumeId(volume);
  snapshot.state = ec2::SnapshotState::completed;
  snapshot.description = description;
  return snapshot;
}

ec2::Snapshot backup_snapshot(const std::string& id, const std::string& volume,
                              const BackupId& backup = backup_restored) {
  return snapshot_of(id, volume, describe_backup(backup, server_backed_up, {}));
}

ec2::Volume volume_from(const std::string& id, const std::string& snapshot = "") {
  ec2::Volume volume;
  volume.id = VolumeId(id);
  volume.made_from = SnapshotId(snapshot);
  return volume;
}

RestoreRecord record_of_kind(RestoreKind kind) {
  RestoreRecord record;
  record.restore = finished_restore;
  record.kind = kind;
  record.backup = kind == RestoreKind::rollback ? BackupId() : backup_restored;
  return record;
}

RestoreRecord replaced_by(RestoreKind kind, std::vector<ec2::Volume> volumes) {
  auto record = record_of_kind(kind);
  record.kept = std::move(volumes);
  return record;
}

RestoreRecord made_alone(std::vector<ec2::Volume> volumes) {
  auto record = record_of_kind(RestoreKind::volumes);
  record.made = std::move(volumes);
  return record;
}

Status judged(const RestoreRecord& record, const FinishFacts& facts) {
  const auto plan = plan_finish(record);
  EXPECT_TRUE(plan);
  return supports_finish(facts, record, *plan);
}

void expect_refused(const RestoreRecord& record, const FinishFacts& facts,
                    const std::string& message, const std::string& hint) {
  const auto status = judged(record, facts);
  ASSERT_FALSE(status) << message;
  EXPECT_EQ(status.error().kind, ErrorKind::refused);
  EXPECT_EQ(status.error().message, message);
  EXPECT_THAT(status.error().hint, AllOf(HasSubstr("nothing was done; "), HasSubstr(hint)));
}

TEST(FinishEvidence, AReplacedVolumeGoesIfThereIsABackupOfIt) {
  const auto record = replaced_by(RestoreKind::in_place, {volume_from("vol-1")});
  EXPECT_TRUE(judged(record, {.snapshots = {backup_snapshot("snap-1", "vol-1", BackupId("b-9"))}}))
      << "of whichever backup";
  const std::string stays =
      "vol-1 is not shown to have been replaced by rs-1: there is no completed backup of it";
  const std::string hint =
      "if it is to go: aws ec2 delete-volume --volume-id vol-1; if it is to stay: "
      "aws ec2 delete-tags --resources vol-1 --tags Key=pitstop:replaced-by";
  expect_refused(record, {}, stays, hint);
  expect_refused(record, {.snapshots = {backup_snapshot("snap-1", "vol-2")}}, stays, hint);
  expect_refused(record, {.snapshots = {snapshot_of("snap-1", "vol-1", "by hand")}}, stays, hint);
  auto failed = backup_snapshot("snap-1", "vol-1");
  failed.state = ec2::SnapshotState::error;
  expect_refused(record, {.snapshots = {failed}}, stays, hint);
}

TEST(FinishEvidence, APendingBackupIsWaitedFor) {
  const auto record = replaced_by(RestoreKind::in_place, {volume_from("vol-1")});
  auto pending = backup_snapshot("snap-1", "vol-1", BackupId("b-2"));
  pending.state = ec2::SnapshotState::pending;
  expect_refused(record, {.snapshots = {pending}},
                 "vol-1 is not shown to have been replaced by rs-1: its backup b-2 is pending",
                 "wait until b-2 is complete: pitstop list i-1");
  EXPECT_TRUE(judged(record, {.snapshots = {pending, backup_snapshot("snap-0", "vol-1")}}));
}

TEST(FinishEvidence, OfAllVolumesOneThatIsNotShownIsEnough) {
  const auto record =
      replaced_by(RestoreKind::in_place, {volume_from("vol-1"), volume_from("vol-2")});
  expect_refused(
      record, {.snapshots = {backup_snapshot("snap-1", "vol-1")}},
      "vol-2 is not shown to have been replaced by rs-1: there is no completed backup of it",
      "delete-volume --volume-id vol-2");
}

TEST(FinishEvidence, ARestoreThatReplacesNothingHasReplacedNothing) {
  for (const auto kind : {RestoreKind::volumes, RestoreKind::new_server}) {
    expect_refused(replaced_by(kind, {volume_from("vol-1")}),
                   {.snapshots = {backup_snapshot("snap-1", "vol-1")}},
                   "vol-1 is not shown to have been replaced by rs-1: that restore replaces no "
                   "volumes",
                   "Key=pitstop:replaced-by");
  }
}

TEST(FinishEvidence, ATagMakesNoBackupOfAPreSnapshot) {
  const auto record = replaced_by(RestoreKind::in_place, {volume_from("vol-1")});
  const ec2::Tags tags{{"pitstop:backup", "b-2"}, {"pitstop:run", "r-1"}};
  auto snapshot =
      snapshot_of("snap-1", "vol-1",
                  describe_pre_snapshot(RunId("r-1"), server_backed_up, BackupId("b-2"), tags));
  snapshot.tags = tags;
  EXPECT_TRUE(judged(record, {.snapshots = {snapshot}})) << "it became the backup";
  snapshot.tags = {{"pitstop:backup", "b-2"}};
  EXPECT_FALSE(judged(record, {.snapshots = {snapshot}})) << "the digest is of other tags";
  snapshot.tags = {{"pitstop:run", "r-1"}};
  EXPECT_FALSE(judged(record, {.snapshots = {snapshot}}));
}

TEST(FinishEvidence, OfAnImageTheDescriptionOfTheImageCounts) {
  const auto record = replaced_by(RestoreKind::in_place, {volume_from("vol-1")});
  const auto snapshot = snapshot_of("snap-1", "vol-1", "Created by CreateImage(i-1) for ami-1");
  ec2::Image image;
  image.id = ImageId("ami-1");
  image.name = "pitstop r-1 i-1";
  image.description = describe_backup(backup_restored, server_backed_up, {});
  image.snapshots = {snapshot.id};
  EXPECT_TRUE(judged(record, {.snapshots = {snapshot}, .images = {image}}));
  const auto alone = made_alone({volume_from("vol-2", "snap-1")});
  EXPECT_TRUE(judged(alone, {.snapshots = {snapshot}, .images = {image}}));
  EXPECT_FALSE(judged(record, {.snapshots = {snapshot}}));
  image.name = "golden";
  EXPECT_FALSE(judged(record, {.snapshots = {snapshot}, .images = {image}}));
}

TEST(FinishEvidence, AVolumeMadeAloneGoesIfItComesFromTheBackup) {
  const auto record = made_alone({volume_from("vol-1", "snap-1")});
  EXPECT_TRUE(judged(record, {.snapshots = {backup_snapshot("snap-1", "vol-9")}}));
  const auto copy = snapshot_of("snap-1", "vol-ffffffff",
                                describe_copy(backup_restored, server_backed_up, "us-east-1", {}));
  EXPECT_TRUE(judged(record, {.snapshots = {copy}}));
  const std::string stays = "vol-1 is not shown to have been made by rs-1: ";
  const std::string hint = "delete-tags --resources vol-1 --tags Key=pitstop:restore";
  expect_refused(record, {}, stays + "the snapshot snap-1 that it was created from is gone", hint);
  expect_refused(record, {.snapshots = {backup_snapshot("snap-1", "vol-9", BackupId("b-2"))}},
                 stays + "snap-1 is no snapshot of b-1", hint);
  expect_refused(record, {.snapshots = {snapshot_of("snap-1", "vol-9", "nightly dump")}},
                 stays + "snap-1 is no snapshot of b-1", hint);
  expect_refused(made_alone({volume_from("vol-1")}), {}, stays + "it was created from no snapshot",
                 hint);
}

TEST(FinishEvidence, WhatARollbackHasReplacedMayComeFromOneBackupInstead) {
  const auto record = replaced_by(RestoreKind::rollback,
                                  {volume_from("vol-1", "snap-1"), volume_from("vol-2", "snap-2")});
  const auto first = backup_snapshot("snap-1", "vol-8");
  EXPECT_TRUE(judged(record, {.snapshots = {first, backup_snapshot("snap-2", "vol-9")}}));
  const auto other = backup_snapshot("snap-2", "vol-9", BackupId("b-2"));
  expect_refused(
      record, {.snapshots = {first, other}},
      "vol-2 is not shown to have been replaced by rs-1: there is no completed backup of it",
      "delete-volume --volume-id vol-2");
  EXPECT_TRUE(judged(record, {.snapshots = {first, other, backup_snapshot("snap-3", "vol-2")}}));
  EXPECT_FALSE(judged(replaced_by(RestoreKind::in_place, {volume_from("vol-1", "snap-1")}),
                      {.snapshots = {first}}))
      << "a restore in place takes a backup of what it replaces";
}

TEST(FinishEvidence, AServerIsAdoptedIfItWasLaunchedWithTheTokenOfTheRestore) {
  auto record = record_of_kind(RestoreKind::new_server);
  record.servers = {{.id = InstanceId("i-2"), .name = "web", .restored_from = "b-1"}};
  EXPECT_TRUE(judged(record, {.launched = {InstanceId("i-2")}}));
  expect_refused(record, {.launched = {InstanceId("i-3")}},
                 "i-2 is not shown to have been launched by rs-1: its client token is not that of "
                 "the restore",
                 "if policies are to back it up: aws ec2 delete-tags --resources i-2 --tags "
                 "Key=pitstop:restored-from; if not: aws ec2 delete-tags --resources i-2 --tags "
                 "Key=pitstop:restore");
}

TEST(FinishEvidence, AnImageIsDeregisteredByItsNameAndItsSnapshots) {
  auto record = record_of_kind(RestoreKind::new_server);
  record.images = {{.id = ImageId("ami-1"),
                    .name = restore_image_name(finished_restore, backup_restored),
                    .snapshots = {SnapshotId("snap-1"), SnapshotId("snap-2")}}};
  const auto first = backup_snapshot("snap-1", "vol-1");
  EXPECT_TRUE(judged(record, {.snapshots = {first, backup_snapshot("snap-2", "vol-2")}}));
  const std::string stays = "ami-1 is not shown to have been registered by rs-1: ";
  const std::string hint =
      "if it is to go: aws ec2 deregister-image --image-id ami-1; if it is to stay: "
      "aws ec2 delete-tags --resources ami-1 --tags Key=pitstop:restore";
  expect_refused(record, {.snapshots = {first, snapshot_of("snap-2", "vol-2", "by hand")}},
                 stays + "it does not stand on snapshots of b-1 alone", hint);
  record.images.front().snapshots.clear();
  expect_refused(record, {}, stays + "it does not stand on snapshots of b-1 alone", hint);
  record.images.front().name = "golden";
  expect_refused(record, {}, stays + "its name is \"golden\"", hint);
  record.images.front().kept = true;
  EXPECT_TRUE(judged(record, {})) << "it stays";
}

}  // namespace
}  // namespace pitstop
