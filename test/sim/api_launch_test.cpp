#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api_bench.hpp"
#include "sim/api/image_view.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;

/// What RunInstances needs at least, with more or other parameters.
ApiParameters launch(const ApiParameters& more = {}) {
  ApiParameters parameters{{"ImageId", sim::amazon_image().id.str()},
                           {"InstanceType", "t3.small"},
                           {"MinCount", "1"},
                           {"MaxCount", "1"}};
  for (const auto& [name, value] : more) {
    const auto found = std::ranges::find(parameters, name, &ApiParameters::value_type::first);
    if (found != parameters.end()) {
      found->second = value;
    } else {
      parameters.emplace_back(name, value);
    }
  }
  return parameters;
}

sim::Scenario empty_scenario() {
  auto scenario = api_scenario();
  scenario.servers.clear();
  return scenario;
}

TEST(ApiLaunch, AnInstanceOfAmazonsImageHasItsRootVolume) {
  ApiBench bench(empty_scenario());
  const auto reply = bench.call("RunInstances", launch());
  ASSERT_TRUE(reply.succeeded()) << reply;
  EXPECT_EQ(reply.text("instancesSet/item/instanceState/name"), "pending");
  EXPECT_EQ(reply.text("instancesSet/item/instanceId"), bench.id());
  EXPECT_EQ(reply.text("ownerId"), "123456789012");
  bench.pass(Seconds(20));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
  const auto volumes = bench.call("DescribeVolumes");
  EXPECT_THAT(volumes.texts("volumeSet/item/size"), ElementsAre("8"));
  EXPECT_EQ(volumes.text("//attachmentSet/item/device"), "/dev/xvda");
  EXPECT_EQ(volumes.text("//attachmentSet/item/deleteOnTermination"), "true");
}

TEST(ApiLaunch, TheCallChangesTheImagesVolumesAndAddsToThem) {
  ApiBench bench(empty_scenario());
  ASSERT_TRUE(
      bench
          .call("RunInstances", launch({{"BlockDeviceMapping.1.DeviceName", "/dev/xvda"},
                                        {"BlockDeviceMapping.1.Ebs.VolumeSize", "20"},
                                        {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", "false"},
                                        {"BlockDeviceMapping.2.DeviceName", "/dev/sdf"},
                                        {"BlockDeviceMapping.2.Ebs.VolumeSize", "100"},
                                        {"BlockDeviceMapping.2.Ebs.VolumeType", "io2"},
                                        {"BlockDeviceMapping.2.Ebs.Iops", "5000"},
                                        {"BlockDeviceMapping.2.Ebs.Encrypted", "true"},
                                        {"BlockDeviceMapping.3.DeviceName", "/dev/sdg"},
                                        {"BlockDeviceMapping.3.VirtualName", "ephemeral0"},
                                        {"TagSpecification.1.ResourceType", "volume"},
                                        {"TagSpecification.1.Tag.1.Key", "a"},
                                        {"TagSpecification.1.Tag.1.Value", "b"}}))
          .succeeded());
  const auto& root = bench.region().volumes.at(VolumeId(bench.volume(0)));
  const auto& data = bench.region().volumes.at(VolumeId(bench.volume(1)));
  EXPECT_EQ(bench.server().attachments.size(), 2U);
  EXPECT_EQ(root.size_gib, 20);
  EXPECT_EQ(root.type, "gp3");
  EXPECT_FALSE(bench.server().attachments[0].delete_on_termination);
  EXPECT_EQ(data.type, "io2");
  EXPECT_EQ(data.iops, 5000);
  EXPECT_TRUE(data.kms_key.starts_with("arn:aws:kms:us-east-1:123456789012:key/"));
  EXPECT_EQ(data.tags, (sim::Tags{{"a", "b"}}));
}

TEST(ApiLaunch, TheSameClientTokenIsTheSameLaunch) {
  ApiBench bench(empty_scenario());
  const auto order = launch({{"ClientToken", "t-1"}, {"MinCount", "2"}, {"MaxCount", "3"}});
  const auto made = bench.call("RunInstances", order);
  EXPECT_EQ(made.count("instancesSet/item"), 3U);
  auto first = made.texts("instancesSet/item/instanceId");
  auto again = bench.call("RunInstances", order).texts("instancesSet/item/instanceId");
  std::ranges::sort(first);
  std::ranges::sort(again);
  EXPECT_EQ(first, again);
  EXPECT_EQ(bench.region().instances.size(), 3U);
  EXPECT_EQ(
      bench.call("RunInstances", launch({{"ClientToken", "t-1"}, {"InstanceType", "m5.large"}}))
          .code(),
      "IdempotentParameterMismatch");
}

TEST(ApiLaunch, ATokenWhoseInstanceIsTerminatedLaunchesNoOther) {
  ApiBench bench(empty_scenario());
  const auto order = launch({{"ClientToken", "t-1"}});
  const auto id = bench.call("RunInstances", order).text("//instanceId");
  bench.pass(Seconds(30));
  bench.call("TerminateInstances", {{"InstanceId.1", id}});
  bench.pass(std::chrono::hours(2));
  EXPECT_EQ(bench.call("RunInstances", order).code(), "IdempotentInstanceTerminated");
  EXPECT_EQ(bench.region().instances.size(), 1U);
}

TEST(ApiLaunch, ThoseOfOneLaunchAreOneReservation) {
  ApiBench bench(empty_scenario());
  bench.call("RunInstances", launch({{"MaxCount", "3"}}));
  bench.call("RunInstances", launch());
  const auto reply = bench.call("DescribeInstances");
  EXPECT_EQ(reply.count("reservationSet/item"), 2U);
  EXPECT_EQ(reply.count("//instancesSet/item"), 4U);
  EXPECT_EQ(reply.count("//instancesSet/item[amiLaunchIndex='2']"), 1U);
}

TEST(ApiLaunch, WhatTheCallSaysIsDescribed) {
  ApiBench bench(empty_scenario());
  const auto reply =
      bench.call("RunInstances", launch({{"InstanceType", "m5.xlarge"},
                                         {"Placement.AvailabilityZone", "us-east-1b"},
                                         {"PrivateIpAddress", "172.31.16.77"},
                                         {"KeyName", "ops"},
                                         {"IamInstanceProfile.Name", "web"},
                                         {"UserData", "aGVsbG8="},
                                         {"EbsOptimized", "true"},
                                         {"Monitoring.Enabled", "true"},
                                         {"DisableApiStop", "true"},
                                         {"InstanceInitiatedShutdownBehavior", "terminate"},
                                         {"MetadataOptions.HttpTokens", "optional"},
                                         {"MetadataOptions.HttpPutResponseHopLimit", "3"},
                                         {"CpuOptions.CoreCount", "1"},
                                         {"CpuOptions.ThreadsPerCore", "1"},
                                         {"InstanceMarketOptions.MarketType", "spot"},
                                         {"TagSpecification.1.ResourceType", "instance"},
                                         {"TagSpecification.1.Tag.1.Key", "Name"},
                                         {"TagSpecification.1.Tag.1.Value", "web & more"}}));
  ASSERT_TRUE(reply.succeeded()) << reply;
  const std::string item = "instancesSet/item/";
  EXPECT_EQ(reply.text(item + "placement/availabilityZone"), "us-east-1b");
  EXPECT_EQ(reply.text(item + "privateIpAddress"), "172.31.16.77");
  EXPECT_EQ(reply.text(item + "keyName"), "ops");
  EXPECT_EQ(reply.text(item + "iamInstanceProfile/arn"),
            "arn:aws:iam::123456789012:instance-profile/web");
  EXPECT_EQ(reply.text(item + "ebsOptimized"), "true");
  EXPECT_EQ(reply.text(item + "monitoring/state"), "enabled");
  EXPECT_EQ(reply.text(item + "metadataOptions/httpTokens"), "optional");
  EXPECT_EQ(reply.text(item + "metadataOptions/httpPutResponseHopLimit"), "3");
  EXPECT_EQ(reply.text(item + "cpuOptions/threadsPerCore"), "1");
  EXPECT_EQ(reply.text(item + "instanceLifecycle"), "spot");
  EXPECT_EQ(reply.text(item + "tagSet/item/value"), "web & more");
  EXPECT_EQ(bench.server().settings.user_data, "aGVsbG8=");
  EXPECT_TRUE(bench.server().settings.stop_protection);
}

TEST(ApiLaunch, ASubnetMayStandInTheNetworkInterface) {
  ApiBench bench(empty_scenario());
  const auto subnet = bench
                          .call("DescribeSubnets", {{"Filter.1.Name", "availability-zone"},
                                                    {"Filter.1.Value.1", "us-east-1c"}})
                          .text("subnetSet/item/subnetId");
  const ApiParameters in_interface{{"NetworkInterface.1.DeviceIndex", "0"},
                                   {"NetworkInterface.1.SubnetId", subnet},
                                   {"NetworkInterface.1.AssociatePublicIpAddress", "true"}};
  const auto reply = bench.call("RunInstances", launch(in_interface));
  EXPECT_EQ(reply.text("//placement/availabilityZone"), "us-east-1c");
  EXPECT_NE(reply.text("instancesSet/item/ipAddress"), "");
  auto both = launch(in_interface);
  both.emplace_back("SubnetId", subnet);
  EXPECT_EQ(bench.call("RunInstances", both).code(), "InvalidParameterCombination");
}

TEST(ApiLaunch, WhatCannotBeIsRefused) {
  ApiBench bench(empty_scenario());
  const auto code = [&](const ApiParameters& more) {
    return bench.call("RunInstances", launch(more)).code();
  };
  EXPECT_EQ(code({{"ImageId", "ami-00000000"}}), "InvalidAMIID.NotFound");
  EXPECT_EQ(code({{"ImageId", "x"}}), "InvalidAMIID.Malformed");
  EXPECT_EQ(code({{"InstanceType", "t3.enormous"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"InstanceType", "m6g.large"}}), "InvalidParameterValue")
      << "another architecture";
  EXPECT_EQ(code({{"MinCount", "2"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"MinCount", ""}}), "MissingParameter");
  EXPECT_EQ(code({{"MaxCount", "2000000000"}}), "InstanceLimitExceeded");
  EXPECT_EQ(code({{"SubnetId", "subnet-00000000"}}), "InvalidSubnetID.NotFound");
  EXPECT_EQ(code({{"SecurityGroupId.1", "sg-00000000"}}), "InvalidGroup.NotFound");
  EXPECT_EQ(code({{"SecurityGroup.1", "web"}}), "InvalidGroup.NotFound");
  EXPECT_EQ(code({{"Placement.AvailabilityZone", "us-east-1z"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"PrivateIpAddress", "172.31.16.777"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"UserData", "not base64"}}), "InvalidUserData.Malformed");
  EXPECT_EQ(code({{"CpuOptions.CoreCount", "99"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"InstanceType", "m5.large"}, {"CreditSpecification.CpuCredits", "standard"}}),
            "InvalidParameterCombination");
  EXPECT_EQ(code({{"LaunchTemplate.LaunchTemplateName", "web"}}), "UnknownParameter");
  EXPECT_EQ(code({{"BlockDeviceMapping.1.DeviceName", "/dev/sdf"}}), "InvalidBlockDeviceMapping");
  EXPECT_EQ(code({{"BlockDeviceMapping.1.DeviceName", "/dev/sdf"},
                  {"BlockDeviceMapping.1.Ebs.VolumeSize", "99999999"}}),
            "InvalidParameterValue");
  EXPECT_EQ(code({{"BlockDeviceMapping.1.DeviceName", "/dev/sdf"},
                  {"BlockDeviceMapping.1.Ebs.SnapshotId", "snap-00000000"}}),
            "InvalidSnapshot.NotFound");
  EXPECT_TRUE(bench.region().instances.empty());
  EXPECT_TRUE(bench.region().volumes.empty());
}

TEST(ApiLaunch, AnAddressIsGivenOnce) {
  ApiBench bench(empty_scenario());
  const auto order = launch({{"PrivateIpAddress", "172.31.0.9"}});
  EXPECT_TRUE(bench.call("RunInstances", order).succeeded());
  EXPECT_EQ(bench.call("RunInstances", order).code(), "InvalidIPAddress.InUse");
}

TEST(ApiLaunch, AShortageKeepsAllFromLaunching) {
  auto scenario = empty_scenario();
  scenario.shortages = {
      {.instance_type = "t3.small", .zone = "", .from = {}, .until = Seconds(60)}};
  ApiBench bench(scenario);
  const auto reply = bench.call("RunInstances", launch());
  EXPECT_EQ(reply.status(), 500);
  EXPECT_EQ(reply.code(), "InsufficientInstanceCapacity");
  EXPECT_TRUE(bench.call("RunInstances", launch({{"InstanceType", "t3.large"}})).succeeded());
  bench.pass(Seconds(61));
  EXPECT_TRUE(bench.call("RunInstances", launch()).succeeded());
}

TEST(ApiLaunch, AnInstanceOfAnOwnImageHasTheContentsOfItsSnapshots) {
  ApiBench bench;
  const auto data = bench.volume(1);
  bench.stop();
  const auto image =
      bench.call("CreateImage", {{"InstanceId", bench.id()}, {"Name", "db-1"}}).text("imageId");
  EXPECT_EQ(bench.call("RunInstances", launch({{"ImageId", image}})).code(),
            "InvalidAMIID.Unavailable");
  bench.pass(std::chrono::minutes(10));
  const auto reply = bench.call("RunInstances", launch({{"ImageId", image}}));
  ASSERT_TRUE(reply.succeeded()) << reply;
  const auto volumes = reply.texts("//ebs/volumeId");
  ASSERT_EQ(volumes.size(), 2U);
  EXPECT_EQ(bench.region().volumes.at(VolumeId(volumes[1])).contents.lineage, data);
}

}  // namespace
}  // namespace pitstop::test
