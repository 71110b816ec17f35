#include "ec2/images.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::ElementsAre;

VIRTUAL_TEST(DescribeImages, ReadsAnImageAndItsSnapshots) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeImages")
      .reply(
          "<imagesSet><item><imageId>ami-1</imageId><imageState>pending</imageState>"
          "<name>pitstop b-1</name><platformDetails>Linux/UNIX</platformDetails>"
          "<usageOperation>RunInstances</usageOperation><blockDeviceMapping>"
          "<item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>snap-1</snapshotId></ebs>"
          "</item><item><deviceName>/dev/sdb</deviceName><virtualName>ephemeral0</virtualName>"
          "</item><item><ebs><volumeSize>8</volumeSize></ebs></item></blockDeviceMapping>"
          "<tagSet><item><key>a</key><value>b</value></item></tagSet></item></imagesSet>");
  std::vector<ImageId> ids{ImageId("ami-1")};
  std::vector<Filter> filters{{"name", {"pitstop b-1"}}};
  const auto images = co_await describe_images(caller, std::move(ids), std::move(filters));
  CO_ASSERT_TRUE(images);
  CO_ASSERT_TRUE(images->size() == 1);
  const Image& image = images->front();
  EXPECT_EQ(image.id, ImageId("ami-1"));
  EXPECT_EQ(image.name, "pitstop b-1");
  EXPECT_EQ(image.state, "pending");
  EXPECT_EQ(image.platform_details, "Linux/UNIX");
  EXPECT_EQ(image.usage_operation, "RunInstances");
  EXPECT_THAT(image.snapshots, ElementsAre(SnapshotId("snap-1")));
  EXPECT_EQ(image.tags, (Tags{{"a", "b"}}));
  EXPECT_EQ(caller.last_form(), "ImageId.1=ami-1&Filter.1.Name=name&Filter.1.Value.1=pitstop+b-1");
}

VIRTUAL_TEST(CreateImage, NeverRestartsTheServer) {
  test::ScriptedCaller caller(time);
  caller.on("CreateImage").reply("<imageId>ami-1</imageId>");
  ImageRequest request{.instance = InstanceId("i-1"),
                       .name = "pitstop b-1",
                       .description = "weekly",
                       .image_tags = {{"a", "b"}},
                       .snapshot_tags = {{"c", "d"}}};
  EXPECT_EQ(co_await create_image(caller, std::move(request), Seconds(10)), ImageId("ami-1"));
  EXPECT_EQ(caller.last_form(),
            "InstanceId=i-1&Name=pitstop+b-1&Description=weekly&NoReboot=true"
            "&TagSpecification.1.ResourceType=image&TagSpecification.1.Tag.1.Key=a"
            "&TagSpecification.1.Tag.1.Value=b&TagSpecification.2.ResourceType=snapshot"
            "&TagSpecification.2.Tag.1.Key=c&TagSpecification.2.Tag.1.Value=d");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::creates);
}

VIRTUAL_TEST(CreateImage, NumbersItsSpecificationsWithoutAGap) {
  test::ScriptedCaller caller(time);
  caller.on("CreateImage").reply("<imageId>ami-1</imageId>");
  ImageRequest request{.instance = InstanceId("i-1"),
                       .name = "n",
                       .description = "d",
                       .image_tags = {},
                       .snapshot_tags = {{"c", "d"}}};
  const auto image = co_await create_image(caller, std::move(request), Seconds(10));
  EXPECT_TRUE(image);
  EXPECT_EQ(caller.calls().back().parameter("TagSpecification.1.ResourceType"), "snapshot");
}

VIRTUAL_TEST(RegisterImage, SaysWhatNoDefaultWouldSayRight) {
  test::ScriptedCaller caller(time);
  caller.on("RegisterImage").reply("<imageId>ami-2</imageId>");
  ImageRegistration registration;
  registration.name = "restored";
  registration.description = "from b-1";
  registration.architecture = "arm64";
  registration.virtualization = "hvm";
  registration.root_device_name = "/dev/xvda";
  registration.boot_mode = "uefi";
  registration.volumes = {{.device = "/dev/xvda",
                           .snapshot = SnapshotId("snap-1"),
                           .type = "gp3",
                           .iops = 3000,
                           .throughput = 125,
                           .delete_on_termination = true},
                          {.device = "/dev/sdf",
                           .snapshot = SnapshotId("snap-2"),
                           .type = "st1",
                           .iops = {},
                           .throughput = {}}};
  registration.tags = {{"a", "b"}};
  EXPECT_EQ(co_await register_image(caller, std::move(registration)), ImageId("ami-2"));
  EXPECT_EQ(caller.last_form(),
            "Name=restored&Description=from+b-1&Architecture=arm64&VirtualizationType=hvm"
            "&RootDeviceName=%2Fdev%2Fxvda&EnaSupport=true&BootMode=uefi"
            "&BlockDeviceMapping.1.DeviceName=%2Fdev%2Fxvda"
            "&BlockDeviceMapping.1.Ebs.SnapshotId=snap-1&BlockDeviceMapping.1.Ebs.VolumeType=gp3"
            "&BlockDeviceMapping.1.Ebs.Iops=3000&BlockDeviceMapping.1.Ebs.Throughput=125"
            "&BlockDeviceMapping.1.Ebs.DeleteOnTermination=true"
            "&BlockDeviceMapping.2.DeviceName=%2Fdev%2Fsdf"
            "&BlockDeviceMapping.2.Ebs.SnapshotId=snap-2&BlockDeviceMapping.2.Ebs.VolumeType=st1"
            "&BlockDeviceMapping.2.Ebs.DeleteOnTermination=false"
            "&TagSpecification.1.ResourceType=image&TagSpecification.1.Tag.1.Key=a"
            "&TagSpecification.1.Tag.1.Value=b");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::creates);
}

VIRTUAL_TEST(Images, AnAnswerWithoutAnIdLeavesTheFateUnknown) {
  test::ScriptedCaller caller(time);
  caller.on("CreateImage").reply("");
  caller.on("RegisterImage").reply("<imageId> </imageId>");
  ImageRequest request{.instance = InstanceId("i-1"),
                       .name = "n",
                       .description = "",
                       .image_tags = {},
                       .snapshot_tags = {}};
  const auto created = co_await create_image(caller, std::move(request), Seconds(10));
  EXPECT_EQ(created.error().kind, ErrorKind::unknown_fate);
  ImageRegistration registration;
  const auto registered = co_await register_image(caller, std::move(registration));
  EXPECT_EQ(registered.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(DeregisterImage, CanBeRepeated) {
  test::ScriptedCaller caller(time);
  caller.on("DeregisterImage").reply();
  const auto status = co_await deregister_image(caller, ImageId("ami-1"));
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(), "ImageId=ami-1");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

}  // namespace
}  // namespace pitstop::ec2
