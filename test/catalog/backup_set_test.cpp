#include "catalog/backup_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/snapshot_description.hpp"
#include "base/random.hpp"

namespace pitstop {
namespace {

using testing::HasSubstr;

ec2::Instance web_server() {
  ec2::Instance instance;
  instance.id = InstanceId("i-1");
  instance.type = "t3.large";
  instance.tags = {{"Name", "web-1"}};
  instance.volumes = {{"/dev/xvda", VolumeId("vol-1")}, {"/dev/sdf", VolumeId("vol-2")}};
  return instance;
}

ec2::Tags tags_of(const std::string& backup) {
  std::vector<ec2::Volume> volumes(2);
  volumes[0].id = VolumeId("vol-1");
  volumes[1].id = VolumeId("vol-2");
  auto tags = pack_configuration(capture_configuration(web_server(), {}, volumes));
  tags.push_back({"pitstop:backup", backup});
  tags.push_back({"pitstop:run", "r-1"});
  tags.push_back({"pitstop:instance", "i-1"});
  tags.push_back({"pitstop:consistency", "at-rest"});
  tags.push_back({"pitstop:created", "2026-11-23T00:16:00.250Z"});
  tags.push_back({"Name", "web-1"});
  return tags;
}

ec2::Snapshot snapshot_of(const std::string& volume, const std::string& backup = "b-1") {
  ec2::Snapshot snapshot;
  snapshot.id = SnapshotId("snap-" + volume.substr(4) + backup);
  snapshot.volume = VolumeId(volume);
  snapshot.state = ec2::SnapshotState::completed;
  snapshot.size = ec2::Gibibytes(8);
  snapshot.full_bytes = 1000;
  snapshot.started = parse_rfc3339("2026-11-23T00:16:01Z");
  snapshot.tags = tags_of(backup);
  snapshot.description = describe_backup(BackupId(backup), InstanceId("i-1"), snapshot.tags);
  return snapshot;
}

/// As an earlier version made it, which wrote no digest.
void make_as_earlier(ec2::Snapshot& snapshot, const std::string& backup = "b-1") {
  snapshot.description = "pitstop " + backup + " of i-1";
}

std::vector<ec2::Snapshot> both(const std::string& backup = "b-1") {
  return {snapshot_of("vol-1", backup), snapshot_of("vol-2", backup)};
}

BackupSet only_set_of(const std::vector<ec2::Snapshot>& snapshots,
                      const std::vector<ec2::Image>& images = {}) {
  const auto sets = sets_of(snapshots, images);
  EXPECT_EQ(sets.size(), 1U);
  return sets.empty() ? BackupSet() : sets.front();
}

void replace_tag(ec2::Snapshot& snapshot, const std::string& key, const std::string& value) {
  std::ranges::find(snapshot.tags, key, &ec2::Tag::key)->value = value;
}

void remove_tag(ec2::Snapshot& snapshot, const std::string& key) {
  std::erase_if(snapshot.tags, [&](const ec2::Tag& tag) { return tag.key == key; });
}

TEST(BackupSet, IsMadeOfTheSnapshotsOfABackup) {
  const auto set = only_set_of(both());
  EXPECT_EQ(set.backup, BackupId("b-1"));
  EXPECT_EQ(set.instance, InstanceId("i-1"));
  EXPECT_EQ(set.run, RunId("r-1"));
  EXPECT_EQ(set.name, "web-1");
  EXPECT_EQ(rfc3339(set.taken), "2026-11-23T00:16:01.000Z") << "as EC2 has it";
  EXPECT_TRUE(set.is_pitstops);
  EXPECT_TRUE(set.has_proven_tags);
  EXPECT_EQ(set.consistency, Consistency::at_rest);
  EXPECT_EQ(set.state, SetState::complete);
  EXPECT_EQ(set.flaw, "");
  EXPECT_EQ(set.size(), ec2::Gibibytes(16));
  EXPECT_EQ(set.full_bytes(), 2000);
  ASSERT_EQ(set.snapshots.size(), 2U);
  EXPECT_EQ(set.snapshots[0].device, "/dev/sdf") << "as the configuration has it";
}

TEST(BackupSet, LacksAVolumeWhoseSnapshotIsNotThere) {
  const auto set = only_set_of({snapshot_of("vol-1")});
  EXPECT_EQ(set.state, SetState::incomplete);
  ASSERT_EQ(set.missing.size(), 1U);
  EXPECT_EQ(set.missing[0].volume, VolumeId("vol-2"));
  EXPECT_EQ(set.missing[0].device, "/dev/sdf");
  EXPECT_THAT(set.flaw, HasSubstr("vol-2"));
}

TEST(BackupSet, IsPendingUntilAllOfThemAreComplete) {
  auto snapshots = both();
  snapshots[1].state = ec2::SnapshotState::pending;
  snapshots[1].full_bytes.reset();
  EXPECT_EQ(only_set_of(snapshots).state, SetState::pending);
  EXPECT_EQ(only_set_of(snapshots).full_bytes(), std::nullopt);
  snapshots[1].state.reset();
  EXPECT_EQ(only_set_of(snapshots).state, SetState::pending);
}

TEST(BackupSet, HasFailedWithOneOfThem) {
  auto snapshots = both();
  snapshots[0].state = ec2::SnapshotState::error;
  snapshots[0].state_message = "the key\x1b is gone";
  snapshots.pop_back();
  const auto set = only_set_of(snapshots);
  EXPECT_EQ(set.state, SetState::failed) << "which says more than what is missing";
  EXPECT_THAT(set.flaw, HasSubstr("has failed: the key"));
}

TEST(BackupSet, CannotBeTrustedWithoutItsConfiguration) {
  auto snapshots = both();
  for (auto& snapshot : snapshots) {
    remove_tag(snapshot, "pitstop:config.1");
    make_as_earlier(snapshot);
  }
  const auto set = only_set_of(snapshots);
  EXPECT_EQ(set.state, SetState::suspect);
  EXPECT_THAT(set.flaw, HasSubstr("the configuration in the tags cannot be read"));
}

TEST(BackupSet, IsWorthWhatItsWorstSnapshotIs) {
  auto snapshots = both();
  replace_tag(snapshots[0], "pitstop:consistency", "crash");
  EXPECT_EQ(only_set_of(snapshots).consistency, Consistency::crash);
  std::ranges::reverse(snapshots);
  EXPECT_EQ(only_set_of(snapshots).consistency, Consistency::crash);
  replace_tag(snapshots[1], "pitstop:consistency", "splendid");
  EXPECT_EQ(only_set_of(snapshots).consistency, std::nullopt);
}

TEST(BackupSet, OfAnImageNeedsIt) {
  auto snapshots = both();
  for (auto& snapshot : snapshots) {
    snapshot.tags.push_back({"pitstop:method", "image"});
    snapshot.description = "Created by CreateImage(i-1) for ami-1";
  }
  EXPECT_EQ(only_set_of(snapshots).state, SetState::incomplete);
  EXPECT_FALSE(only_set_of(snapshots).is_pitstops) << "EC2 knows no more of them";
  ec2::Image image;
  image.name = "pitstop r-1 i-1";
  image.description = describe_backup(BackupId("b-1"), InstanceId("i-1"), snapshots[0].tags);
  image.snapshots = {snapshots[0].id, snapshots[1].id};
  image.devices = {"/dev/xvda", "/dev/sdf"};
  image.id = ImageId("ami-1");
  image.state = "pending";
  image.tags = {{"pitstop:backup", "b-1"}};
  EXPECT_EQ(only_set_of(snapshots, {image}).state, SetState::pending);
  image.state = "available";
  EXPECT_EQ(only_set_of(snapshots, {image}).state, SetState::complete);
  EXPECT_EQ(only_set_of(snapshots, {image}).image->id, ImageId("ami-1"));
  image.state = "failed";
  EXPECT_EQ(only_set_of(snapshots, {image}).state, SetState::failed);
}

TEST(BackupSet, IsAsOldAsItsFirstSnapshot) {
  auto snapshots = both();
  snapshots[0].started = parse_rfc3339("2026-11-23T00:40:00Z");
  snapshots[1].started = parse_rfc3339("2026-11-23T00:20:00Z");
  EXPECT_EQ(rfc3339(only_set_of(snapshots).taken), "2026-11-23T00:20:00.000Z");
}

TEST(BackupSets, AreTheNewestFirst) {
  auto snapshots = both("b-old");
  for (auto snapshot : both("b-new")) {
    snapshot.started = parse_rfc3339("2026-11-24T00:00:00Z");
    snapshots.push_back(snapshot);
  }
  const auto sets = sets_of(snapshots, {});
  ASSERT_EQ(sets.size(), 2U);
  EXPECT_EQ(sets[0].backup, BackupId("b-new"));
  EXPECT_EQ(sets[1].backup, BackupId("b-old"));
}

TEST(BackupSets, HaveNothingOfWhatIsNotPitstops) {
  auto foreign = snapshot_of("vol-1");
  foreign.tags = {{"Name", "web-1"}};
  foreign.description = "nightly";
  auto prime = snapshot_of("vol-1");
  remove_tag(prime, "pitstop:backup");
  prime.description =
      describe_pre_snapshot(RunId("r-1"), InstanceId("i-1"), BackupId("b-2"), prime.tags);
  auto prime_of_earlier_version = prime;
  make_as_earlier(prime_of_earlier_version);
  auto nobodys = snapshot_of("vol-1");
  remove_tag(nobodys, "pitstop:instance");
  nobodys.description = "nightly";
  EXPECT_TRUE(sets_of({foreign, prime, prime_of_earlier_version, nobodys}, {}).empty());
}

/// What was to prime a backup that did not come about is kept as one of its own.
TEST(BackupSets, HavePreSnapshotsThatWereMadeABackup) {
  auto prime = snapshot_of("vol-1", "b-2");
  auto other = snapshot_of("vol-2", "b-2");
  for (auto* one : {&prime, &other}) {
    replace_tag(*one, "pitstop:consistency", "crash");
    one->description =
        describe_pre_snapshot(RunId("r-1"), InstanceId("i-1"), BackupId("b-2"), one->tags);
  }
  const auto sets = sets_of({prime, other}, {});
  ASSERT_EQ(sets.size(), 1U);
  EXPECT_EQ(sets.front().backup, BackupId("b-2"));
  EXPECT_EQ(sets.front().state, SetState::complete);
  EXPECT_EQ(sets.front().consistency, Consistency::crash);
  replace_tag(prime, "pitstop:consistency", "at-rest");
  EXPECT_EQ(sets_of({prime, other}, {}).front().state, SetState::suspect);
  replace_tag(prime, "pitstop:backup", "b-3");
  EXPECT_EQ(sets_of({prime}, {}).front().state, SetState::suspect);
}

/// Tags can be changed by hand: whatever they say, nothing breaks.
TEST(BackupSets, SurviveTagsThatMakeNoSense) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SeededRandom random(seed);
    auto snapshots = both();
    for (auto& snapshot : snapshots) {
      for (auto& tag : snapshot.tags) {
        if (random.next() % 4 == 0) {
          tag.value = tag.value.substr(0, random.next() % (tag.value.size() + 1));
        }
        if (random.next() % 8 == 0) {
          tag.value += static_cast<char>(random.next());
        }
      }
    }
    for (const auto& set : sets_of(snapshots, {})) {
      EXPECT_EQ(set.state == SetState::complete, set.flaw.empty());
    }
  }
}

}  // namespace
}  // namespace pitstop
