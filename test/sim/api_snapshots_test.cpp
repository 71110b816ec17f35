#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

ApiParameters set_of(ApiBench& bench, const ApiParameters& more = {}) {
  ApiParameters parameters{{"InstanceSpecification.InstanceId", bench.id()}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

TEST(ApiSnapshots, CreateSnapshotAnswersOneWithAStatus) {
  ApiBench bench;
  const auto reply = bench.call("CreateSnapshot", {{"VolumeId", bench.volume(1)},
                                                   {"Description", "before"},
                                                   {"TagSpecification.1.ResourceType", "snapshot"},
                                                   {"TagSpecification.1.Tag.1.Key", "run"},
                                                   {"TagSpecification.1.Tag.1.Value", "1"}});
  ASSERT_TRUE(reply.succeeded()) << reply;
  EXPECT_EQ(reply.text("status"), "pending");
  EXPECT_EQ(reply.count("state"), 0U);
  EXPECT_EQ(reply.count("progress"), 1U);
  EXPECT_EQ(reply.text("progress"), "");
  EXPECT_EQ(reply.text("volumeId"), bench.volume(1));
  EXPECT_EQ(reply.text("volumeSize"), "100");
  EXPECT_EQ(reply.text("description"), "before");
  EXPECT_EQ(reply.text("tagSet/item/value"), "1");
  EXPECT_EQ(reply.text("startTime"), "2026-01-01T00:00:00.000Z");
}

TEST(ApiSnapshots, CreateSnapshotsAnswersASetWithStatesAndOneTime) {
  ApiBench bench;
  const auto reply = bench.call("CreateSnapshots", set_of(bench));
  ASSERT_TRUE(reply.succeeded()) << reply;
  EXPECT_THAT(reply.texts("snapshotSet/item/state"), ElementsAre("pending", "pending"));
  EXPECT_EQ(reply.count("//status"), 0U);
  EXPECT_THAT(reply.texts("snapshotSet/item/volumeId"),
              UnorderedElementsAre(bench.volume(0), bench.volume(1)));
  EXPECT_THAT(reply.texts("snapshotSet/item/startTime"), Each("2026-01-01T00:00:00.000Z"));
}

TEST(ApiSnapshots, VolumesCanBeLeftOut) {
  ApiBench bench;
  const auto no_boot = set_of(bench, {{"InstanceSpecification.ExcludeBootVolume", "true"}});
  EXPECT_THAT(bench.call("CreateSnapshots", no_boot).texts("snapshotSet/item/volumeId"),
              ElementsAre(bench.volume(1)));
  bench.pass(Seconds(20));
  const auto no_data =
      set_of(bench, {{"InstanceSpecification.ExcludeDataVolumeId.1", bench.volume(1)}});
  EXPECT_THAT(bench.call("CreateSnapshots", no_data).texts("snapshotSet/item/volumeId"),
              ElementsAre(bench.volume(0)));
}

TEST(ApiSnapshots, WhatIsNoDataVolumeCannotBeLeftOutAsOne) {
  ApiBench bench;
  const auto code = [&](const ApiParameters& more) {
    return bench.call("CreateSnapshots", set_of(bench, more)).code();
  };
  EXPECT_EQ(code({{"InstanceSpecification.ExcludeDataVolumeId.1", bench.volume(0)}}),
            "InvalidParameterValue");
  EXPECT_EQ(code({{"InstanceSpecification.ExcludeDataVolumeId.1", "vol-00000000"}}),
            "InvalidParameterValue");
  EXPECT_EQ(code({{"InstanceSpecification.ExcludeDataVolumeId.1", bench.volume(1)},
                  {"InstanceSpecification.ExcludeBootVolume", "true"}}),
            "InvalidParameterValue");
  ApiParameters many;
  for (int i = 1; i <= 41; ++i) {
    many.emplace_back("InstanceSpecification.ExcludeDataVolumeId." + std::to_string(i),
                      "vol-00000000");
  }
  EXPECT_EQ(code(many), "InvalidParameterValue");
  EXPECT_TRUE(bench.region().snapshots.empty());
}

TEST(ApiSnapshots, TagsOfTheVolumesAreCopiedAndThoseOfTheCallWin) {
  ApiBench bench;
  bench.region().volumes.at(VolumeId(bench.volume(1))).tags["aws:secret"] = "x";
  const auto reply =
      bench.call("CreateSnapshots", set_of(bench, {{"CopyTagsFromSource", "volume"},
                                                   {"TagSpecification.1.ResourceType", "snapshot"},
                                                   {"TagSpecification.1.Tag.1.Key", "run"},
                                                   {"TagSpecification.1.Tag.1.Value", "1"}}));
  const auto data = "snapshotSet/item[volumeId='" + bench.volume(1) + "']/tagSet/item/key";
  EXPECT_THAT(reply.texts(data), ElementsAre("content", "run"));
  EXPECT_EQ(
      bench.call("CreateSnapshots", set_of(bench, {{"CopyTagsFromSource", "instance"}})).code(),
      "InvalidParameterValue");
}

TEST(ApiSnapshots, TheirProgressGoesFromNothingToAHundred) {
  ApiBench bench;
  const auto id = bench.call("CreateSnapshot", {{"VolumeId", bench.volume(1)}}).text("snapshotId");
  const auto look = [&] {
    return bench.call("DescribeSnapshots", {{"SnapshotId.1", id}, {"Owner.1", "self"}});
  };
  EXPECT_EQ(look().text("//progress"), "");
  bench.pass(Seconds(3));
  EXPECT_EQ(look().text("//progress"), "0%");
  bench.pass(Seconds(60));
  EXPECT_THAT(look().text("//progress"), testing::MatchesRegex("[1-9]0%"));
  EXPECT_EQ(look().count("//completionTime"), 0U);
  bench.pass(std::chrono::minutes(5));
  const auto done = look();
  EXPECT_EQ(done.text("//progress"), "100%");
  EXPECT_EQ(done.text("//status"), "completed");
  EXPECT_EQ(done.text("//fullSnapshotSizeInBytes"), "10737418240");
  EXPECT_NE(done.text("//completionTime"), "");
}

TEST(ApiSnapshots, AFailedOneSaysWhy) {
  auto scenario = api_scenario();
  scenario.servers.front().volumes[1].snapshot_pace.failing = 1;
  ApiBench bench(scenario);
  bench.call("CreateSnapshots", set_of(bench));
  bench.pass(std::chrono::minutes(10));
  const auto reply = bench.call("DescribeSnapshots");
  EXPECT_THAT(reply.texts("//status"), ElementsAre("error", "error")) << "one takes the set along";
  EXPECT_NE(reply.text("//statusMessage"), "");
}

TEST(ApiSnapshots, OnlyTheirOwnersSeeThem) {
  ApiBench bench;
  bench.call("CreateSnapshots", set_of(bench));
  const auto shown = [&](const std::string& owner) {
    return bench.call("DescribeSnapshots", {{"Owner.1", owner}}).count("snapshotSet/item");
  };
  EXPECT_EQ(shown("self"), 2U);
  EXPECT_EQ(shown("123456789012"), 2U);
  EXPECT_EQ(shown("amazon"), 0U);
  EXPECT_EQ(bench.call("DescribeSnapshots", {{"RestorableBy.1", "all"}}).count("snapshotSet/item"),
            0U);
}

TEST(ApiSnapshots, ADeletedOneIsNotFound) {
  ApiBench bench;
  const auto id = bench.call("CreateSnapshot", {{"VolumeId", bench.volume()}}).text("snapshotId");
  bench.pass(std::chrono::minutes(10));
  EXPECT_EQ(bench.call("DeleteSnapshot", {{"SnapshotId", id}}).text("return"), "true");
  const auto reply = bench.call("DescribeSnapshots", {{"SnapshotId.1", id}});
  EXPECT_EQ(reply.code(), "InvalidSnapshot.NotFound");
  EXPECT_EQ(reply.message(), "The snapshot '" + id + "' does not exist.");
  EXPECT_EQ(bench.call("DeleteSnapshot", {{"SnapshotId", id}}).code(), "InvalidSnapshot.NotFound");
}

TEST(ApiSnapshots, ALockedOneCannotBeDeleted) {
  ApiBench bench;
  const auto id = bench.call("CreateSnapshot", {{"VolumeId", bench.volume()}}).text("snapshotId");
  bench.pass(std::chrono::minutes(10));
  EXPECT_EQ(bench.call("DescribeLockedSnapshots").count("snapshotSet/item"), 0U);
  auto& lock = bench.region().snapshots.at(SnapshotId(id)).lock;
  lock = "compliance";
  const auto locked = bench.call("DescribeLockedSnapshots");
  EXPECT_EQ(locked.text("snapshotSet/item/snapshotId"), id);
  EXPECT_EQ(locked.text("snapshotSet/item/lockState"), "compliance");
  EXPECT_EQ(bench.call("DeleteSnapshot", {{"SnapshotId", id}}).code(), "SnapshotLocked");
  lock.clear();
  EXPECT_EQ(bench.call("DeleteSnapshot", {{"SnapshotId", id}}).text("return"), "true");
}

TEST(ApiSnapshots, SayInWhichTierTheyAre) {
  ApiBench bench;
  bench.call("CreateSnapshots", set_of(bench, {}));
  auto& [id, snapshot] = *bench.region().snapshots.begin();
  snapshot.archived = true;
  const ApiParameters archived{{"Filter.1.Name", "storage-tier"}, {"Filter.1.Value.1", "archive"}};
  const auto seen = bench.call("DescribeSnapshots", archived);
  EXPECT_EQ(seen.text("snapshotSet/item/snapshotId"), id.str());
  EXPECT_EQ(seen.text("snapshotSet/item/storageTier"), "archive");
  EXPECT_EQ(seen.count("snapshotSet/item/restoreExpiryTime"), 0U);
  snapshot.restored_until = snapshot.created + std::chrono::days(7);
  EXPECT_EQ(bench.call("DescribeSnapshots", archived).text("snapshotSet/item/restoreExpiryTime"),
            "2026-01-08T00:00:00.000Z");
}

TEST(ApiSnapshots, TheirFiltersFindThem) {
  ApiBench bench;
  bench.call("CreateSnapshots", set_of(bench, {{"Description", "weekly"}}));
  for (const auto& [name, value] : ApiParameters{
           {"status", "pending"},
           {"volume-id", bench.volume(1)},
           {"volume-size", "100"},
           {"description", "week*"},
           {"owner-id", "123456789012"},
           {"progress", ""},
           {"start-time", "2026-01-01T00:00:00.000Z"},
           {"encrypted", "false"},
           {"storage-tier", "standard"},
       }) {
    EXPECT_GE(
        bench.call("DescribeSnapshots", {{"Filter.1.Name", name}, {"Filter.1.Value.1", value}})
            .count("snapshotSet/item"),
        1U)
        << name;
  }
}

}  // namespace
}  // namespace pitstop::test
