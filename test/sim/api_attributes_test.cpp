#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

std::string attribute(ApiBench& bench, const std::string& name) {
  const auto reply =
      bench.call("DescribeInstanceAttribute", {{"InstanceId", bench.id()}, {"Attribute", name}});
  EXPECT_TRUE(reply.succeeded()) << reply;
  EXPECT_EQ(reply.text("instanceId"), bench.id());
  return reply.text(name + "/value");
}

/// The code of the refusal; empty if it was done.
std::string modify(ApiBench& bench, ApiParameters parameters) {
  parameters.emplace_back("InstanceId", bench.id());
  return bench.call("ModifyInstanceAttribute", std::move(parameters)).code();
}

TEST(ApiAttributes, OneOfThemIsDescribed) {
  ApiBench bench;
  EXPECT_EQ(attribute(bench, "disableApiStop"), "false");
  EXPECT_EQ(attribute(bench, "disableApiTermination"), "false");
  EXPECT_EQ(attribute(bench, "instanceInitiatedShutdownBehavior"), "stop");
  EXPECT_EQ(attribute(bench, "instanceType"), "t3.large");
  EXPECT_EQ(attribute(bench, "rootDeviceName"), "/dev/xvda");
  EXPECT_EQ(attribute(bench, "sourceDestCheck"), "true");
  EXPECT_EQ(attribute(bench, "enaSupport"), "true");
  for (const auto* empty : {"userData", "kernel", "ramdisk", "sriovNetSupport", "productCodes"}) {
    EXPECT_EQ(attribute(bench, empty), "") << empty;
  }
  EXPECT_EQ(bench
                .call("DescribeInstanceAttribute",
                      {{"InstanceId", bench.id()}, {"Attribute", "blockDeviceMapping"}})
                .count("blockDeviceMapping/item"),
            2U);
  EXPECT_EQ(bench
                .call("DescribeInstanceAttribute",
                      {{"InstanceId", bench.id()}, {"Attribute", "groupSet"}})
                .text("groupSet/item/groupName"),
            "default");
  EXPECT_EQ(bench
                .call("DescribeInstanceAttribute",
                      {{"InstanceId", bench.id()}, {"Attribute", "enclaveOptions"}})
                .text("enclaveOptions/enabled"),
            "false");
}

TEST(ApiAttributes, ComeTogetherAsALaunchTemplateWouldHaveThem) {
  ApiBench bench;
  const auto told = [&] {
    return bench.call("GetLaunchTemplateData", {{"InstanceId", bench.id()}});
  };
  EXPECT_EQ(told().text("launchTemplateData/disableApiStop"), "false");
  EXPECT_EQ(told().text("launchTemplateData/instanceInitiatedShutdownBehavior"), "stop");
  bench.server().settings.stop_protection = true;
  EXPECT_EQ(told().text("launchTemplateData/disableApiStop"), "true");
  EXPECT_EQ(bench.call("GetLaunchTemplateData", {{"InstanceId", "i-0000000f"}}).code(),
            "InvalidInstanceID.NotFound");
}

TEST(ApiAttributes, AnUnknownOneIsRefusedAndAnUnknownInstanceIsNotFound) {
  ApiBench bench;
  EXPECT_EQ(
      bench.call("DescribeInstanceAttribute", {{"InstanceId", bench.id()}, {"Attribute", "colour"}})
          .code(),
      "InvalidParameterValue");
  EXPECT_EQ(bench
                .call("DescribeInstanceAttribute",
                      {{"InstanceId", "i-0000000f"}, {"Attribute", "userData"}})
                .code(),
            "InvalidInstanceID.NotFound");
}

TEST(ApiAttributes, BothFormsOfAModificationDoTheSame) {
  ApiBench bench;
  EXPECT_EQ(modify(bench, {{"DisableApiStop.Value", "true"}}), "");
  EXPECT_EQ(attribute(bench, "disableApiStop"), "true");
  EXPECT_EQ(modify(bench, {{"Attribute", "disableApiStop"}, {"Value", "false"}}), "");
  EXPECT_EQ(attribute(bench, "disableApiStop"), "false");
  EXPECT_EQ(modify(bench, {{"InstanceInitiatedShutdownBehavior.Value", "terminate"}}), "");
  EXPECT_EQ(attribute(bench, "instanceInitiatedShutdownBehavior"), "terminate");
}

TEST(ApiAttributes, SomeNeedAStoppedInstance) {
  ApiBench bench;
  const std::vector<ApiParameters> modifications{
      {{"InstanceType.Value", "m5.xlarge"}}, {{"UserData.Value", "aGVsbG8="}},
      {{"EbsOptimized.Value", "true"}},      {{"EnaSupport.Value", "true"}},
      {{"SriovNetSupport.Value", "simple"}},
  };
  for (const auto& each : modifications) {
    EXPECT_EQ(modify(bench, each), "IncorrectInstanceState") << each.front().first;
  }
  bench.stop();
  for (const auto& each : modifications) {
    EXPECT_EQ(modify(bench, each), "") << each.front().first;
  }
  EXPECT_EQ(attribute(bench, "instanceType"), "m5.xlarge");
  EXPECT_EQ(attribute(bench, "userData"), "aGVsbG8=");
  EXPECT_EQ(bench.server().settings.cpu_cores, 2);
}

TEST(ApiAttributes, WhatCannotBeIsRefused) {
  ApiBench bench;
  EXPECT_EQ(modify(bench, {}), "InvalidParameterCombination");
  EXPECT_EQ(modify(bench, {{"DisableApiStop.Value", "true"}, {"SourceDestCheck.Value", "true"}}),
            "InvalidParameterCombination");
  EXPECT_EQ(modify(bench, {{"DisableApiStop.Value", "perhaps"}}), "InvalidParameterValue");
  EXPECT_EQ(modify(bench, {{"InstanceInitiatedShutdownBehavior.Value", "burn"}}),
            "InvalidParameterValue");
  EXPECT_EQ(modify(bench, {{"Attribute", "colour"}, {"Value", "red"}}), "InvalidParameterValue");
  EXPECT_EQ(modify(bench, {{"Value", "red"}}), "MissingParameter");
  EXPECT_EQ(modify(bench, {{"GroupId.1", "sg-00000000"}}), "InvalidGroup.NotFound");
  EXPECT_EQ(modify(bench, {{"DisableApiStop.Value", "true"}, {"Kernel.Value", "aki-1"}}),
            "UnknownParameter");
  bench.stop();
  EXPECT_EQ(modify(bench, {{"InstanceType.Value", "m6g.large"}}), "InvalidParameterValue");
}

TEST(ApiAttributes, WhetherAVolumeGoesWithItsInstanceCanBeChanged) {
  ApiBench bench;
  EXPECT_EQ(modify(bench, {{"BlockDeviceMapping.1.DeviceName", "/dev/xvdf"},
                           {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"}}),
            "");
  EXPECT_TRUE(bench.server().attachments[1].delete_on_termination);
  EXPECT_EQ(modify(bench, {{"BlockDeviceMapping.1.DeviceName", "/dev/sdz"},
                           {"BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true"}}),
            "InvalidInstanceAttributeValue");
}

TEST(ApiAttributes, MetadataOptionsAreChangedAndAnswered) {
  ApiBench bench;
  const auto reply = bench.call(
      "ModifyInstanceMetadataOptions",
      {{"InstanceId", bench.id()}, {"HttpTokens", "optional"}, {"HttpPutResponseHopLimit", "5"}});
  EXPECT_EQ(reply.text("instanceMetadataOptions/httpTokens"), "optional");
  EXPECT_EQ(bench.call("DescribeInstances").text("//metadataOptions/httpPutResponseHopLimit"), "5");
  EXPECT_EQ(bench
                .call("ModifyInstanceMetadataOptions",
                      {{"InstanceId", bench.id()}, {"HttpPutResponseHopLimit", "65"}})
                .code(),
            "InvalidParameterValue");
}

TEST(ApiAttributes, ACapacityReservationIsChosenWhileTheInstanceIsStopped) {
  ApiBench bench;
  const ApiParameters none{
      {"InstanceId", bench.id()},
      {"CapacityReservationSpecification.CapacityReservationPreference", "none"}};
  const auto* action = "ModifyInstanceCapacityReservationAttributes";
  EXPECT_EQ(bench.call(action, none).code(), "IncorrectInstanceState");
  bench.stop();
  EXPECT_EQ(bench.call(action, none).text("return"), "true");
  EXPECT_EQ(bench.call("DescribeInstances").text("//capacityReservationPreference"), "none");
  EXPECT_EQ(bench
                .call(action, {{"InstanceId", bench.id()},
                               {"CapacityReservationSpecification.CapacityReservationTarget."
                                "CapacityReservationId",
                                "cr-00000000"}})
                .code(),
            "InvalidCapacityReservationId.NotFound");
}

}  // namespace
}  // namespace pitstop::test
