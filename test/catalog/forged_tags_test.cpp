// What somebody who may only write tags can make a backup look like, and what an attacker's JSON
// does. EC2's facts decide; each test is an attack.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/snapshot_description.hpp"
#include "backup/tag_keys.hpp"
#include "base/packing.hpp"
#include "catalog/backup_set.hpp"

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const WallTime taken = parse_rfc3339("2026-11-23T00:16:00Z").value();

/// Of two volumes, vol-1 the root.
class ForgedTags : public testing::Test {
 protected:
  ForgedTags() { snapshots = {made("vol-1", taken), made("vol-2", taken)}; }

  static ec2::Tags tags(const ec2::Tags& more = {}) {
    ec2::Instance server;
    server.id = InstanceId("i-1");
    server.volumes = {{"/dev/xvda", VolumeId("vol-1")}, {"/dev/sdf", VolumeId("vol-2")}};
    std::vector<ec2::Volume> volumes(2);
    volumes[0].id = VolumeId("vol-1");
    volumes[1].id = VolumeId("vol-2");
    auto all = pack_configuration(capture_configuration(server, {}, volumes));
    for (const auto& tag : ec2::Tags{{"pitstop:backup", "b-1"},
                                     {"pitstop:run", "r-1"},
                                     {"pitstop:instance", "i-1"},
                                     {"pitstop:policy", "weekly"},
                                     {consistency_tag_key, "at-rest"},
                                     {"pitstop:created", rfc3339(taken)}}) {
      all.push_back(tag);
    }
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  static ec2::Snapshot made(const std::string& volume, WallTime started,
                            const ec2::Tags& with = tags()) {
    ec2::Snapshot snapshot;
    snapshot.id = SnapshotId(fmt::format("snap-{}-{}", volume, rfc3339(started).substr(11, 5)));
    snapshot.volume = VolumeId(volume);
    snapshot.owner = "111111111111";
    snapshot.state = ec2::SnapshotState::completed;
    snapshot.started = started;
    snapshot.size = ec2::Gibibytes(8);
    snapshot.tags = with;
    snapshot.description = describe_backup(BackupId("b-1"), InstanceId("i-1"), with);
    return snapshot;
  }

  static void write(ec2::Snapshot& snapshot, const std::string& key, const std::string& value) {
    std::erase_if(snapshot.tags, [&](const ec2::Tag& tag) { return tag.key == key; });
    snapshot.tags.push_back({key, value});
  }

  void write_on_all(const std::string& key, const std::string& value) {
    for (auto& snapshot : snapshots) {
      write(snapshot, key, value);
    }
  }

  /// No version wrote a digest before this one.
  void are_of_an_earlier_version() {
    for (auto& snapshot : snapshots) {
      snapshot.description = "pitstop b-1 of i-1";
    }
  }

  BackupSet only_set() {
    const auto sets = sets_of(snapshots, images);
    EXPECT_THAT(sets, SizeIs(1));
    return sets.empty() ? BackupSet() : sets.front();
  }

  void expect_suspect(const std::string& why) {
    const auto set = only_set();
    EXPECT_EQ(set.state, SetState::suspect) << why;
    EXPECT_THAT(set.flaw, HasSubstr(why));
  }

  std::vector<ec2::Snapshot> snapshots;
  std::vector<ec2::Image> images;
};

TEST_F(ForgedTags, WithoutThemItIsComplete) {
  EXPECT_EQ(only_set().state, SetState::complete) << only_set().flaw;
  are_of_an_earlier_version();
  EXPECT_EQ(only_set().state, SetState::complete) << only_set().flaw;
  EXPECT_TRUE(only_set().is_pitstops);
  EXPECT_FALSE(only_set().has_proven_tags) << "nothing proves them";
}

TEST_F(ForgedTags, EveryTagThatIsReadIsProven) {
  const ec2::Tags attacks{{"pitstop:config.1", "garbage"},
                          {"pitstop:config.9", "more"},
                          {"pitstop:created", "2020-01-01T00:00:00.000Z"},
                          {"pitstop:created", "2099-01-01T00:00:00.000Z"},
                          {"pitstop:policy", "daily"},
                          {"pitstop:run", "r-2"},
                          {"pitstop:backup", "b-2"},
                          {"pitstop:backup", ""},
                          {"pitstop:instance", "i-2"},
                          {method_tag_key, "image"},
                          {reason_tag_key, reason_before_restore},
                          {restore_tag_key, "rs-1"},
                          {consistency_tag_key, "unmounted"}};
  for (const auto& [key, value] : attacks) {
    for (const bool all : {false, true}) {
      snapshots = {made("vol-1", taken), made("vol-2", taken)};
      for (std::size_t i = 0; i < (all ? 2U : 1U); ++i) {
        write(snapshots[i], key, value);
      }
      SCOPED_TRACE(key + "=" + value);
      expect_suspect("its tags are not those that pitstop gave it");
      EXPECT_FALSE(only_set().has_proven_tags);
    }
  }
}

TEST_F(ForgedTags, OfAnEarlierVersionTheyHaveToFitWhatEc2Knows) {
  are_of_an_earlier_version();
  write_on_all("pitstop:created", "2020-01-01T00:00:00Z");
  expect_suspect("EC2 began it 2026-11-23T00:16:00.000Z, and its tag says 2020-01-01");
  write_on_all("pitstop:created", "2099-01-01T00:00:00Z");
  expect_suspect("its tag says 2099-01-01");
  EXPECT_EQ(only_set().taken, taken) << "as EC2 has it";
  write_on_all("pitstop:created", rfc3339(taken - std::chrono::minutes(20)));
  EXPECT_EQ(only_set().state, SetState::complete) << "the call may have waited";
  write(snapshots[0], "pitstop:policy", "daily");
  expect_suspect("contradict each other");
  write_on_all("pitstop:policy", "weekly");
  write_on_all(reason_tag_key, reason_before_restore);
  expect_suspect("which it was not made with");
}

TEST_F(ForgedTags, TheTagThatHidesASnapshotLeavesItInItsBackup) {
  write(snapshots[0], "pitstop:instance", "i-2");
  are_of_an_earlier_version();
  expect_suspect("it was made for b-1 of i-1, and its tags say otherwise");
  EXPECT_THAT(only_set().missing, IsEmpty());
}

TEST_F(ForgedTags, AStrangersSnapshotDoesNotJoin) {
  auto stranger = made("vol-1", taken - std::chrono::hours(1));
  stranger.id = SnapshotId("snap-0");
  stranger.description = "golden";
  snapshots.push_back(stranger);
  auto set = only_set();
  EXPECT_EQ(set.state, SetState::complete) << "it is as good as before";
  EXPECT_THAT(set.snapshots, SizeIs(2));
  ASSERT_THAT(set.left_out, SizeIs(1));
  EXPECT_EQ(set.left_out.front().id, SnapshotId("snap-0"));
  snapshots.erase(snapshots.begin());
  EXPECT_EQ(only_set().state, SetState::incomplete) << "nor does it fill a place";
}

TEST_F(ForgedTags, StrangersAloneAreNoBackup) {
  for (auto& snapshot : snapshots) {
    snapshot.description = "golden";
  }
  write_on_all("pitstop:created", "2099-01-01T00:00:00.000Z");
  expect_suspect("pitstop did not make it");
  EXPECT_THAT(only_set().snapshots, IsEmpty());
  EXPECT_EQ(only_set().taken, taken);
  EXPECT_FALSE(only_set().is_pitstops);
}

TEST_F(ForgedTags, VolumesAndDevicesAreThoseThatEc2AndTheConfigurationKnow) {
  write(snapshots[0], "pitstop:device", "/dev/sdf");
  write(snapshots[1], "pitstop:device", "/dev/xvda");
  const auto set = only_set();
  EXPECT_EQ(set.state, SetState::complete);
  for (const auto& snapshot : set.snapshots) {
    EXPECT_EQ(snapshot.device, snapshot.volume == VolumeId("vol-1") ? "/dev/xvda" : "/dev/sdf");
  }
  write(snapshots[0], volume_tag_key, "vol-2");
  expect_suspect("it is of vol-1, and its tag says vol-2");
}

TEST_F(ForgedTags, NoTagMakesACopyOfAnOriginal) {
  write_on_all(copied_from_tag_key, "snap-1 eu-west-1 222222222222");
  EXPECT_FALSE(only_set().copied_from);
  EXPECT_EQ(only_set().state, SetState::complete);
}

TEST_F(ForgedTags, SnapshotsOfDifferentTimesAreNoBackup) {
  snapshots[1].started = taken + std::chrono::hours(3);
  expect_suspect("its snapshots were begun 3h");
  snapshots[1].started = taken + std::chrono::minutes(10);
  EXPECT_EQ(only_set().state, SetState::complete) << "detached volumes come later";
}

TEST_F(ForgedTags, SnapshotsOfDifferentAccountsAreNoBackup) {
  snapshots[1].owner = "222222222222";
  expect_suspect("belong to different accounts");
}

TEST_F(ForgedTags, WhatPitstopChangesItselfPasses) {
  write_on_all(consistency_tag_key, "crash");
  EXPECT_EQ(only_set().state, SetState::complete) << "a recovery takes the claim back";
  EXPECT_EQ(only_set().consistency, Consistency::crash);
  write_on_all(consistency_tag_key, "frozen");
  expect_suspect("its tags are not those");
  auto online = tags();
  std::ranges::find(online, std::string(consistency_tag_key), &ec2::Tag::key)->value = "crash";
  snapshots = {made("vol-1", taken, online), made("vol-2", taken, online)};
  write_on_all(consistency_tag_key, "frozen");
  EXPECT_EQ(only_set().state, SetState::complete) << "known only afterwards";
  write_on_all(consistency_tag_key, "at-rest");
  expect_suspect("its tags are not those");
}

// EC2 made the set twice, and answered once.

TEST_F(ForgedTags, OfTwoSetsOfOneBackupTheCompleteOlderOneCounts) {
  const auto later = taken + Seconds(12);
  auto second = tags();
  std::ranges::find(second, "pitstop:created", &ec2::Tag::key)->value = rfc3339(later);
  snapshots.push_back(made("vol-1", later, second));
  snapshots.push_back(made("vol-2", later, second));
  snapshots[2].id = SnapshotId("snap-0");
  auto set = only_set();
  EXPECT_EQ(set.state, SetState::complete) << set.flaw;
  EXPECT_EQ(set.taken, taken);
  EXPECT_THAT(set.doubles, SizeIs(2));
  EXPECT_THAT(set.left_out, IsEmpty());
  snapshots[0].state = ec2::SnapshotState::error;
  snapshots[1].state = ec2::SnapshotState::error;
  EXPECT_EQ(only_set().state, SetState::complete) << "the other one is";
  EXPECT_EQ(only_set().taken, later);
  snapshots.erase(snapshots.begin(), snapshots.begin() + 1);
  EXPECT_EQ(only_set().taken, later) << "what lacks a volume is not the set";
}

// Copies.

ec2::Snapshot copy_of(const std::string& volume, WallTime copied, ec2::Tags tags) {
  ec2::Snapshot copy;
  copy.id = SnapshotId("snap-copy-" + volume);
  copy.volume = VolumeId("vol-ffffffff");
  copy.state = ec2::SnapshotState::completed;
  copy.started = copied;
  tags.push_back({volume_tag_key, volume});
  tags.push_back({copied_from_tag_key, "snap-1 us-east-1 111111111111"});
  copy.description = describe_copy(BackupId("b-1"), InstanceId("i-1"), "us-east-1", tags);
  copy.tags = std::move(tags);
  return copy;
}

TEST_F(ForgedTags, ACopySaysWhenItsOriginalWasTaken) {
  const auto copied = taken + std::chrono::days(90);
  snapshots = {copy_of("vol-1", copied, tags()), copy_of("vol-2", copied, tags())};
  EXPECT_EQ(only_set().state, SetState::complete) << only_set().flaw;
  EXPECT_EQ(only_set().taken, taken);
  EXPECT_EQ(only_set().copied_from->region, "us-east-1");
  write(snapshots[0], volume_tag_key, "vol-2");
  write(snapshots[1], volume_tag_key, "vol-1");
  expect_suspect("its tags are not those");
}

TEST_F(ForgedTags, ACopyOfTheFutureIsOne) {
  snapshots = {copy_of("vol-1", taken, tags()), copy_of("vol-2", taken, tags())};
  for (auto& snapshot : snapshots) {
    snapshot.description = "pitstop b-1 of i-1, copied from us-east-1";
  }
  write_on_all("pitstop:created", "2099-01-01T00:00:00.000Z");
  expect_suspect("taken after it was copied");
  EXPECT_EQ(only_set().taken, taken) << "never later than EC2 has it";
}

TEST_F(ForgedTags, AnOldSnapshotIsNoCopyByItsTags) {
  for (auto& snapshot : snapshots) {
    snapshot.description = "somebody else's";
  }
  write_on_all(copied_from_tag_key, "snap-1 us-east-1 111111111111");
  write_on_all(volume_tag_key, "vol-1");
  expect_suspect("pitstop did not make it");
}

// Images.

TEST_F(ForgedTags, AGoldenImageWithCopiedTagsIsNotTheImageOfABackup) {
  write_on_all(method_tag_key, "image");
  for (auto& snapshot : snapshots) {
    snapshot.description = "Created by CreateImage(i-1) for ami-golden";
  }
  auto& golden = images.emplace_back();
  golden.id = ImageId("ami-golden");
  golden.name = "golden";
  golden.description = "our base";
  golden.state = "available";
  golden.tags = snapshots[0].tags;
  golden.snapshots = {snapshots[0].id, snapshots[1].id};
  golden.devices = {"/dev/xvda", "/dev/sdf"};
  auto set = only_set();
  EXPECT_FALSE(set.image);
  EXPECT_FALSE(set.is_pitstops);
  EXPECT_EQ(set.state, SetState::incomplete);
  golden.name = "pitstop r-1 i-1";
  EXPECT_FALSE(only_set().image) << "anybody can name an image so";
  golden.description = describe_backup(BackupId("b-1"), InstanceId("i-1"), snapshots[0].tags);
  EXPECT_EQ(only_set().state, SetState::complete) << "CreateImage was told so";
  write(snapshots[0], "pitstop:policy", "daily");
  expect_suspect("its tags are not those");
}

// The archive tier.

TEST_F(ForgedTags, WhatIsArchivedIsNotComplete) {
  snapshots[1].storage_tier = "archive";
  EXPECT_EQ(only_set().state, SetState::archived);
  EXPECT_THAT(only_set().flaw, HasSubstr("is in the archive tier"));
  snapshots[1].usable_until = taken + std::chrono::days(7);
  EXPECT_EQ(only_set().state, SetState::complete) << "it is back for a while";
}

// JSON.

ec2::Tags packed(const std::string& json) {
  return pack_configuration(json);
}

TEST(ForgedConfiguration, MayNotNestWithoutEnd) {
  std::string deep = R"({"version":1,"tags":)";
  for (int i = 0; i < 150'000; ++i) {
    deep += R"({"a":)";
  }
  deep += "0" + std::string(150'000, '}') + "}";
  const auto tags = packed(deep);
  EXPECT_LE(tags.size(), 44U) << "it fits onto a snapshot";
  EXPECT_FALSE(unpack_configuration(tags));
  EXPECT_TRUE(captured_volumes(deep).empty());
  EXPECT_FALSE(read_configuration(deep));
}

TEST(ForgedConfiguration, MayNotBecomeMuchMoreThanItWas) {
  const auto tags = packed(R"({"version":1,"a":")" + std::string(900'000, 'a') + "\"}");
  EXPECT_LE(tags.size(), 44U);
  EXPECT_FALSE(unpack_configuration(tags));
}

TEST(ForgedConfiguration, WhatThereReallyIsFits) {
  ec2::Instance server;
  server.id = InstanceId("i-1");
  for (int i = 0; i < 50; ++i) {
    server.tags.push_back({std::string(127, static_cast<char>('a' + i % 26)) + std::to_string(i),
                           std::string(255, '"')});
  }
  std::vector<ec2::Volume> volumes(128);
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    volumes[i].id = VolumeId(fmt::format("vol-{:017x}", i));
    volumes[i].type = "gp3";
    volumes[i].kms_key = std::string(100, 'k');
  }
  const auto json = capture_configuration(server, {}, volumes);
  EXPECT_TRUE(unpack_configuration(packed(json)));
}

}  // namespace
}  // namespace pitstop
