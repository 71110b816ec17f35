#include <gtest/gtest.h>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

ApiParameters volume(const ApiParameters& more) {
  ApiParameters parameters{{"AvailabilityZone", "us-east-1a"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

TEST(ApiVolumes, AVolumeIsMadeAsAsked) {
  ApiBench bench;
  const auto reply =
      bench.call("CreateVolume", volume({{"Size", "50"},
                                         {"VolumeType", "gp3"},
                                         {"Iops", "4000"},
                                         {"Encrypted", "true"},
                                         {"TagSpecification.1.ResourceType", "volume"},
                                         {"TagSpecification.1.Tag.1.Key", "a"},
                                         {"TagSpecification.1.Tag.1.Value", "b"}}));
  ASSERT_TRUE(reply.succeeded()) << reply;
  EXPECT_EQ(reply.text("size"), "50");
  EXPECT_EQ(reply.text("iops"), "4000");
  EXPECT_EQ(reply.text("throughput"), "125");
  EXPECT_EQ(reply.text("encrypted"), "true");
  EXPECT_EQ(reply.text("tagSet/item/key"), "a");
  const auto described = bench.call("DescribeVolumes", {{"VolumeId.1", reply.text("volumeId")}});
  EXPECT_EQ(described.text("volumeSet/item/status"), "available");
  EXPECT_EQ(described.text("volumeSet/item/kmsKeyId"), reply.text("kmsKeyId"));
}

TEST(ApiVolumes, TheSameClientTokenIsTheSameVolume) {
  ApiBench bench;
  const auto order = volume({{"Size", "1"}, {"ClientToken", "t"}});
  EXPECT_EQ(bench.call("CreateVolume", order).text("volumeId"),
            bench.call("CreateVolume", order).text("volumeId"));
}

TEST(ApiVolumes, AVolumeOfASnapshotIsAsBigAndHasItsContents) {
  ApiBench bench;
  bench.stop();
  const auto snapshot =
      bench.call("CreateSnapshot", {{"VolumeId", bench.volume(1)}}).text("snapshotId");
  EXPECT_EQ(bench.call("CreateVolume", volume({{"SnapshotId", snapshot}})).code(),
            "IncorrectState");
  bench.pass(std::chrono::minutes(10));
  const auto reply = bench.call("CreateVolume", volume({{"SnapshotId", snapshot}}));
  EXPECT_EQ(reply.text("size"), "100");
  const auto& made = bench.region().volumes.at(VolumeId(reply.text("volumeId")));
  EXPECT_EQ(made.contents.lineage, bench.volume(1));
  EXPECT_FALSE(
      bench.call("CreateVolume", volume({{"SnapshotId", snapshot}, {"Size", "99"}})).succeeded());
}

TEST(ApiVolumes, WhatEbsDoesNotHaveIsRefused) {
  ApiBench bench;
  const auto code = [&](const ApiParameters& more) {
    return bench.call("CreateVolume", volume(more)).code();
  };
  EXPECT_EQ(code({}), "MissingParameter");
  EXPECT_EQ(code({{"Size", "0"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"Size", "20000"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"Size", "10"}, {"VolumeType", "st1"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"Size", "10"}, {"VolumeType", "floppy"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"Size", "10"}, {"VolumeType", "io1"}}), "MissingParameter");
  EXPECT_EQ(code({{"Size", "10"}, {"VolumeType", "gp2"}, {"Iops", "100"}}),
            "InvalidParameterCombination");
  EXPECT_EQ(code({{"Size", "10"}, {"VolumeType", "gp3"}, {"Iops", "100"}}),
            "InvalidParameterValue");
  EXPECT_EQ(code({{"Size", "10"}, {"MultiAttachEnabled", "true"}}), "InvalidParameterCombination");
  EXPECT_EQ(code({{"Size", "10"}, {"KmsKeyId", "k"}}), "InvalidParameterDependency");
  EXPECT_EQ(code({{"Size", "10"}, {"TagSpecification.1.ResourceType", "snapshot"}}),
            "InvalidParameterValue");
  EXPECT_EQ(code({{"SnapshotId", "snap-00000000"}}), "InvalidSnapshot.NotFound");
  EXPECT_EQ(bench.call("CreateVolume", {{"AvailabilityZone", "us-east-1z"}, {"Size", "1"}}).code(),
            "InvalidZone.NotFound");
}

TEST(ApiVolumes, AnIdThatIsNoneIsRefusedByWhatIsWrongWithIt) {
  ApiBench bench;
  const auto reply = bench.call("DeleteVolume", {{"VolumeId", "disk-1"}});
  EXPECT_EQ(reply.code(), "InvalidParameterValue");
  EXPECT_EQ(reply.message(),
            "Value (disk-1) for parameter volumeId is invalid. Expected: 'vol-...'.");
  EXPECT_EQ(bench.call("DeleteVolume", {{"VolumeId", "vol-1"}}).code(),
            "InvalidVolumeID.Malformed");
  EXPECT_EQ(bench.call("DeleteVolume", {{"VolumeId", "vol-00000000"}}).code(),
            "InvalidVolume.NotFound");
}

TEST(ApiVolumes, AttachAndDetachAnswerTheAttachment) {
  ApiBench bench;
  const auto made = bench.call("CreateVolume", volume({{"Size", "1"}})).text("volumeId");
  auto reply = bench.call("AttachVolume",
                          {{"VolumeId", made}, {"InstanceId", bench.id()}, {"Device", "/dev/sdh"}});
  EXPECT_EQ(reply.text("status"), "attaching");
  EXPECT_EQ(reply.text("device"), "/dev/sdh");
  EXPECT_EQ(bench.call("DescribeVolumes", {{"VolumeId.1", made}})
                .text("volumeSet/item/attachmentSet/item/instanceId"),
            bench.id());
  EXPECT_EQ(bench.call("DeleteVolume", {{"VolumeId", made}}).code(), "VolumeInUse");
  EXPECT_EQ(bench.call("DetachVolume", {{"VolumeId", made}, {"Device", "/dev/sdx"}}).code(),
            "InvalidAttachment.NotFound");
  reply = bench.call("DetachVolume", {{"VolumeId", made}});
  EXPECT_EQ(reply.text("status"), "detaching");
  EXPECT_EQ(reply.text("instanceId"), bench.id());
  EXPECT_EQ(bench.call("DetachVolume", {{"VolumeId", made}}).code(), "IncorrectState");
  EXPECT_EQ(bench.call("DeleteVolume", {{"VolumeId", made}}).text("return"), "true");
  EXPECT_EQ(bench.call("DescribeVolumes", {{"VolumeId.1", made}}).code(), "InvalidVolume.NotFound");
}

TEST(ApiVolumes, ARootVolumeStaysWhileItsInstanceRuns) {
  ApiBench bench;
  const ApiParameters root{{"VolumeId", bench.volume(0)}};
  EXPECT_EQ(bench.call("DetachVolume", root).code(), "OperationNotPermitted");
  bench.stop();
  EXPECT_TRUE(bench.call("DetachVolume", root).succeeded());
}

TEST(ApiVolumes, TheirFiltersFindThem) {
  ApiBench bench;
  for (const auto& [name, value] : ApiParameters{
           {"attachment.instance-id", bench.id()},
           {"attachment.device", "/dev/xvdf"},
           {"attachment.status", "attached"},
           {"attachment.delete-on-termination", "false"},
           {"availability-zone", "us-east-1a"},
           {"encrypted", "false"},
           {"size", "100"},
           {"status", "in-use"},
           {"volume-id", bench.volume(1)},
           {"volume-type", "gp3"},
           {"tag:content", "data*"},
           {"create-time", "2025-12-31T00:00:00.000Z"},
           {"multi-attach-enabled", "false"},
       }) {
    const auto reply =
        bench.call("DescribeVolumes", {{"Filter.1.Name", name}, {"Filter.1.Value.1", value}});
    EXPECT_GE(reply.count("volumeSet/item"), 1U) << name;
  }
}

}  // namespace
}  // namespace pitstop::test
