#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;

std::string create_image(ApiBench& bench, const std::string& name) {
  const auto reply = bench.call("CreateImage", {{"InstanceId", bench.id()},
                                                {"Name", name},
                                                {"NoReboot", "true"},
                                                {"TagSpecification.1.ResourceType", "image"},
                                                {"TagSpecification.1.Tag.1.Key", "run"},
                                                {"TagSpecification.1.Tag.1.Value", "1"},
                                                {"TagSpecification.2.ResourceType", "snapshot"},
                                                {"TagSpecification.2.Tag.1.Key", "run"},
                                                {"TagSpecification.2.Tag.1.Value", "2"}});
  EXPECT_TRUE(reply.succeeded()) << reply;
  return reply.text("imageId");
}

TEST(ApiImages, AnImageOfAServerStandsOnItsSnapshots) {
  ApiBench bench;
  bench.stop();
  const auto id = create_image(bench, "db (weekly)");
  auto reply = bench.call("DescribeImages", {{"ImageId.1", id}});
  EXPECT_EQ(reply.text("imagesSet/item/imageState"), "pending");
  EXPECT_EQ(reply.text("imagesSet/item/name"), "db (weekly)");
  EXPECT_EQ(reply.text("imagesSet/item/tagSet/item/value"), "1");
  EXPECT_EQ(reply.text("imagesSet/item/architecture"), "x86_64");
  EXPECT_EQ(reply.text("imagesSet/item/isPublic"), "false");
  EXPECT_THAT(reply.texts("//blockDeviceMapping/item/deviceName"),
              ElementsAre("/dev/xvda", "/dev/xvdf"));
  bench.pass(std::chrono::minutes(10));
  reply = bench.call("DescribeImages", {{"Owner.1", "self"}});
  EXPECT_THAT(reply.texts("imagesSet/item/imageState"), ElementsAre("available"));
  const auto snapshots =
      bench.call("DescribeSnapshots", {{"Filter.1.Name", "tag:run"}, {"Filter.1.Value.1", "2"}});
  EXPECT_EQ(snapshots.count("snapshotSet/item"), 2U);
}

TEST(ApiImages, ASnapshotStaysWhileAnImageStandsOnIt) {
  ApiBench bench;
  const auto id = create_image(bench, "db-1");
  bench.pass(std::chrono::minutes(10));
  const auto snapshot = bench.call("DescribeImages", {{"ImageId.1", id}}).text("//snapshotId");
  EXPECT_EQ(bench.call("DeleteSnapshot", {{"SnapshotId", snapshot}}).code(),
            "InvalidSnapshot.InUse");
  EXPECT_EQ(bench.call("DeregisterImage", {{"ImageId", id}}).text("return"), "true");
  EXPECT_TRUE(bench.call("DeleteSnapshot", {{"SnapshotId", snapshot}}).succeeded());
  EXPECT_EQ(bench.call("DescribeImages", {{"ImageId.1", id}}).code(), "InvalidAMIID.NotFound");
}

TEST(ApiImages, DeregisteringCanTakeTheSnapshotsAlong) {
  ApiBench bench;
  const auto id = create_image(bench, "db-1");
  bench.pass(std::chrono::minutes(10));
  const auto reply =
      bench.call("DeregisterImage", {{"ImageId", id}, {"DeleteAssociatedSnapshots", "true"}});
  EXPECT_THAT(reply.texts("deleteSnapshotResultSet/item/returnCode"),
              ElementsAre("success", "success"));
  EXPECT_EQ(bench.call("DescribeSnapshots").count("snapshotSet/item"), 0U);
}

TEST(ApiImages, ANameIsGivenOnceAndHasItsForm) {
  ApiBench bench;
  create_image(bench, "db-1");
  bench.pass(std::chrono::minutes(10));
  const auto code = [&](const std::string& name) {
    return bench.call("CreateImage", {{"InstanceId", bench.id()}, {"Name", name}}).code();
  };
  EXPECT_EQ(code("db-1"), "InvalidAMIName.Duplicate");
  EXPECT_EQ(code("x"), "InvalidAMIName.Malformed");
  EXPECT_EQ(code("grün"), "InvalidAMIName.Malformed");
  EXPECT_EQ(code(std::string(129, 'a')), "InvalidAMIName.Malformed");
}

TEST(ApiImages, ARegisteredImageIsWhatTheCallSaysAndElseOld) {
  ApiBench bench;
  bench.stop();
  const auto snapshot =
      bench.call("CreateSnapshot", {{"VolumeId", bench.volume(0)}}).text("snapshotId");
  bench.pass(std::chrono::minutes(10));
  const ApiParameters least{{"Name", "restored"},
                            {"RootDeviceName", "/dev/xvda"},
                            {"BlockDeviceMapping.1.DeviceName", "/dev/xvda"},
                            {"BlockDeviceMapping.1.Ebs.SnapshotId", snapshot}};
  const auto old = bench.call("RegisterImage", least).text("imageId");
  auto reply = bench.call("DescribeImages", {{"ImageId.1", old}});
  EXPECT_EQ(reply.text("//architecture"), "i386");
  EXPECT_EQ(reply.text("//virtualizationType"), "paravirtual");
  EXPECT_EQ(reply.text("//enaSupport"), "false");
  EXPECT_EQ(reply.text("//ebs/volumeSize"), "8");

  auto modern = least;
  modern.front().second = "restored-2";
  for (const auto& each : ApiParameters{{"Architecture", "x86_64"},
                                        {"VirtualizationType", "hvm"},
                                        {"EnaSupport", "true"},
                                        {"BootMode", "uefi"},
                                        {"TpmSupport", "v2.0"},
                                        {"ImdsSupport", "v2.0"},
                                        {"UefiData", "QU1aTlVFRkk="},
                                        {"SriovNetSupport", "simple"},
                                        {"BlockDeviceMapping.1.Ebs.VolumeType", "gp3"},
                                        {"BlockDeviceMapping.1.Ebs.Iops", "4000"}}) {
    modern.push_back(each);
  }
  const auto id = bench.call("RegisterImage", modern).text("imageId");
  reply = bench.call("DescribeImages", {{"ImageId.1", id}});
  EXPECT_EQ(reply.text("//imageState"), "available");
  EXPECT_EQ(reply.text("//bootMode"), "uefi");
  EXPECT_EQ(reply.text("//tpmSupport"), "v2.0");
  EXPECT_EQ(reply.text("//imdsSupport"), "v2.0");
  EXPECT_EQ(reply.text("//ebs/iops"), "4000");
}

TEST(ApiImages, WhatCannotBeRegisteredIsRefused) {
  ApiBench bench;
  const auto code = [&](const ApiParameters& more) {
    ApiParameters parameters{{"Name", "restored"}, {"RootDeviceName", "/dev/xvda"}};
    parameters.insert(parameters.end(), more.begin(), more.end());
    return bench.call("RegisterImage", parameters).code();
  };
  EXPECT_EQ(code({}), "InvalidBlockDeviceMapping");
  EXPECT_EQ(code({{"BlockDeviceMapping.1.DeviceName", "/dev/xvda"},
                  {"BlockDeviceMapping.1.Ebs.SnapshotId", "snap-00000000"}}),
            "InvalidSnapshot.NotFound");
  EXPECT_EQ(code({{"BlockDeviceMapping.1.DeviceName", "/dev/xvda"},
                  {"BlockDeviceMapping.1.Ebs.SnapshotId", "snap-00000000"},
                  {"BlockDeviceMapping.1.Ebs.Encrypted", "true"}}),
            "InvalidBlockDeviceMapping");
  EXPECT_EQ(code({{"Architecture", "vax"}}), "InvalidParameterValue");
}

TEST(ApiImages, AmazonsImageIsThereFromTheBeginning) {
  ApiBench bench;
  EXPECT_EQ(bench.call("DescribeImages", {{"Owner.1", "self"}}).count("imagesSet/item"), 0U);
  const auto reply = bench.call("DescribeImages", {{"Owner.1", "amazon"},
                                                   {"Filter.1.Name", "name"},
                                                   {"Filter.1.Value.1", "al2023-*"},
                                                   {"Filter.2.Name", "state"},
                                                   {"Filter.2.Value.1", "available"}});
  EXPECT_THAT(reply.texts("imagesSet/item/imageId"), ElementsAre("ami-0000000000000000a"));
  EXPECT_EQ(reply.text("//isPublic"), "true");
  EXPECT_EQ(bench.call("DeregisterImage", {{"ImageId", "ami-0000000000000000a"}}).code(),
            "InvalidAMIID.NotFound");
}

}  // namespace
}  // namespace pitstop::test
