#include "ec2/volumes.hpp"

#include <gtest/gtest.h>

#include "ec2/tags.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

const VolumeId disk("vol-1");
const InstanceId web("i-1");

VIRTUAL_TEST(DescribeVolumes, ReadsAVolume) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeVolumes")
      .reply(
          "<volumeSet><item><volumeId>vol-1</volumeId><size>150</size><snapshotId>snap-0"
          "</snapshotId><availabilityZone>us-east-1a</availabilityZone><status>in-use</status>"
          "<createTime>2026-11-23T00:16:00.000Z</createTime><attachmentSet><item>"
          "<volumeId>vol-1</volumeId><instanceId>i-1</instanceId><device>/dev/sdh</device>"
          "<status>attached</status><deleteOnTermination>false</deleteOnTermination></item>"
          "</attachmentSet><volumeType>gp3</volumeType><iops>3000</iops>"
          "<throughput>125</throughput><encrypted>true</encrypted>"
          "<kmsKeyId>arn:aws:kms:key</kmsKeyId><multiAttachEnabled>true</multiAttachEnabled>"
          "<fastRestored>true</fastRestored>"
          "<tagSet><item><key>a</key><value>b</value></item></tagSet></item>"
          "<item><volumeId>vol-2</volumeId><snapshotId/></item></volumeSet>");
  std::vector<VolumeId> ids{disk};
  std::vector<Filter> filters{{"attachment.instance-id", {"i-1"}}};
  const auto volumes = co_await describe_volumes(caller, std::move(ids), std::move(filters));
  CO_ASSERT_TRUE(volumes);
  CO_ASSERT_TRUE(volumes->size() == 2);
  EXPECT_EQ(caller.last_form(),
            "VolumeId.1=vol-1&Filter.1.Name=attachment.instance-id&Filter.1.Value.1=i-1");
  const Volume& volume = volumes->front();
  EXPECT_EQ(volume.id, disk);
  EXPECT_EQ(volume.size, Gibibytes(150));
  EXPECT_EQ(volume.type, "gp3");
  EXPECT_EQ(volume.state, "in-use");
  EXPECT_EQ(volume.zone, "us-east-1a");
  EXPECT_EQ(volume.kms_key, "arn:aws:kms:key");
  EXPECT_EQ(volume.made_from, SnapshotId("snap-0"));
  EXPECT_EQ(volume.iops, 3000);
  EXPECT_EQ(volume.throughput, 125);
  EXPECT_TRUE(volume.encrypted);
  EXPECT_TRUE(volume.multi_attach);
  EXPECT_TRUE(volume.fast_restored);
  EXPECT_EQ(volume.tags, (Tags{{"a", "b"}}));
  CO_ASSERT_TRUE(volume.attachments.size() == 1);
  EXPECT_EQ(volume.attachments[0].instance, web);
  EXPECT_EQ(volume.attachments[0].device, "/dev/sdh");
  EXPECT_EQ(volume.attachments[0].state, "attached");
  EXPECT_TRUE((*volumes)[1].made_from.empty());
  EXPECT_EQ((*volumes)[1].iops, std::nullopt);
}

VIRTUAL_TEST(CreateVolume, IsMadeFromASnapshotAndByItsTokenOnce) {
  test::ScriptedCaller caller(time);
  caller.on("CreateVolume").reply("<volumeId>vol-1</volumeId><status>creating</status>");
  VolumeRequest request{.zone = "us-east-1a",
                        .from = SnapshotId("snap-1"),
                        .type = "gp3",
                        .iops = 3000,
                        .throughput = 125,
                        .initialization_rate = 300,
                        .tags = {{"a", "b"}},
                        .client_token = "t"};
  EXPECT_EQ(co_await create_volume(caller, std::move(request)), disk);
  EXPECT_EQ(caller.last_form(),
            "AvailabilityZone=us-east-1a&SnapshotId=snap-1&VolumeType=gp3&Iops=3000"
            "&Throughput=125&VolumeInitializationRate=300&ClientToken=t"
            "&TagSpecification.1.ResourceType=volume&TagSpecification.1.Tag.1.Key=a"
            "&TagSpecification.1.Tag.1.Value=b");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

VIRTUAL_TEST(CreateVolume, AnAnswerWithoutAnIdLeavesTheFateUnknown) {
  test::ScriptedCaller caller(time);
  caller.on("CreateVolume").reply("<volumeId/>");
  VolumeRequest request;
  request.client_token = "t";
  const auto made = co_await create_volume(caller, std::move(request));
  CO_ASSERT_TRUE(!made);
  EXPECT_EQ(made.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(Volumes, AreAttachedDetachedAndDeleted) {
  test::ScriptedCaller caller(time);
  caller.on("AttachVolume").reply("<status>attaching</status>");
  caller.on("DetachVolume").reply("<status>detaching</status>");
  caller.on("DeleteVolume").reply();
  const auto attached = co_await attach_volume(caller, disk, web, "/dev/sdf");
  EXPECT_TRUE(attached);
  EXPECT_EQ(caller.last_form(), "VolumeId=vol-1&InstanceId=i-1&Device=%2Fdev%2Fsdf");
  const auto detached = co_await detach_volume(caller, disk, web);
  EXPECT_TRUE(detached);
  EXPECT_EQ(caller.last_form(), "VolumeId=vol-1&InstanceId=i-1");
  const auto deleted = co_await delete_volume(caller, disk);
  EXPECT_TRUE(deleted);
  EXPECT_EQ(caller.last_form(), "VolumeId=vol-1");
  for (const auto& made : caller.calls()) {
    EXPECT_EQ(made.call.effect, Effect::settles) << made.call.action;
  }
}

VIRTUAL_TEST(Tags, AreSetAndRemovedByKeyAndValue) {
  test::ScriptedCaller caller(time);
  caller.on("CreateTags").reply();
  caller.on("DeleteTags").reply();
  const std::vector<std::string> resources{"i-1", "snap-1"};
  const Tags tags{{"pitstop:down", "r-1 now"}};
  const auto set = co_await create_tags(caller, resources, tags);
  EXPECT_TRUE(set);
  const std::string expected =
      "ResourceId.1=i-1&ResourceId.2=snap-1&Tag.1.Key=pitstop%3Adown&Tag.1.Value=r-1+now";
  EXPECT_EQ(caller.last_form(), expected);
  const auto removed = co_await delete_tags(caller, resources, tags);
  EXPECT_TRUE(removed);
  EXPECT_EQ(caller.last_form(), expected);
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

}  // namespace
}  // namespace pitstop::ec2
