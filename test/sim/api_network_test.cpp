// Addresses, capacity reservations, and the places where servers stand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"
#include "sim/api/network.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;

TEST(ApiAddresses, AnAddressIsAllocatedAssociatedAndReleased) {
  ApiBench bench;
  const auto made =
      bench.call("AllocateAddress", {{"Domain", "vpc"},
                                     {"TagSpecification.1.ResourceType", "elastic-ip"},
                                     {"TagSpecification.1.Tag.1.Key", "a"}});
  ASSERT_TRUE(made.succeeded()) << made;
  const auto id = made.text("allocationId");
  const auto association =
      bench.call("AssociateAddress", {{"AllocationId", id}, {"InstanceId", bench.id()}})
          .text("associationId");
  const auto reply = bench.call(
      "DescribeAddresses", {{"Filter.1.Name", "instance-id"}, {"Filter.1.Value.1", bench.id()}});
  EXPECT_EQ(reply.text("addressesSet/item/associationId"), association);
  EXPECT_EQ(reply.text("addressesSet/item/tagSet/item/key"), "a");
  EXPECT_EQ(bench.call("DescribeInstances").text("//ipAddress"), made.text("publicIp"));
  EXPECT_EQ(bench.call("ReleaseAddress", {{"AllocationId", id}}).code(), "InvalidIPAddress.InUse");
  EXPECT_TRUE(bench.call("DisassociateAddress", {{"AssociationId", association}}).succeeded());
  EXPECT_TRUE(bench.call("ReleaseAddress", {{"AllocationId", id}}).succeeded());
  EXPECT_EQ(bench.call("DescribeAddresses", {{"AllocationId.1", id}}).code(),
            "InvalidAllocationID.NotFound");
}

TEST(ApiAddresses, OneMovesOnlyWhenAllowed) {
  ApiBench bench(api_scenario(2));
  const auto id = bench.call("AllocateAddress").text("allocationId");
  const auto other = bench.region().instances.rbegin()->first.str();
  bench.call("AssociateAddress", {{"AllocationId", id}, {"InstanceId", bench.id()}});
  ApiParameters move{{"AllocationId", id}, {"InstanceId", other}};
  EXPECT_EQ(bench.call("AssociateAddress", move).code(), "Resource.AlreadyAssociated");
  move.emplace_back("AllowReassociation", "true");
  EXPECT_TRUE(bench.call("AssociateAddress", move).succeeded());
  EXPECT_EQ(bench.region().addresses.at(id).instance, InstanceId(other));
}

TEST(ApiAddresses, OneIsAssociatedThroughANetworkInterface) {
  ApiBench bench;
  const auto id = bench.call("AllocateAddress").text("allocationId");
  const auto card = bench.call("DescribeNetworkInterfaces").text("//networkInterfaceId");
  EXPECT_TRUE(bench.call("AssociateAddress", {{"AllocationId", id}, {"NetworkInterfaceId", card}})
                  .succeeded());
  EXPECT_EQ(bench.call("DescribeNetworkInterfaces").text("//association/allocationId"), id);
  EXPECT_EQ(bench.call("AssociateAddress", {{"AllocationId", id}}).code(),
            "InvalidParameterCombination");
}

ApiParameters reservation(const ApiParameters& more = {}) {
  ApiParameters parameters{{"InstanceType", "t3.large"},
                           {"InstancePlatform", "Linux/UNIX"},
                           {"AvailabilityZone", "us-east-1a"},
                           {"InstanceCount", "2"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

TEST(ApiCapacity, RunningInstancesThatMatchFillAReservation) {
  ApiBench bench;
  const auto made =
      bench.call("CreateCapacityReservation",
                 reservation({{"TagSpecifications.1.ResourceType", "capacity-reservation"},
                              {"TagSpecifications.1.Tag.1.Key", "a"},
                              {"EndDate", "2026-01-01T01:00:00Z"},
                              {"ClientToken", "t"}}));
  ASSERT_TRUE(made.succeeded()) << made;
  const auto id = made.text("capacityReservation/capacityReservationId");
  EXPECT_EQ(made.text("capacityReservation/availableInstanceCount"), "1");
  EXPECT_EQ(made.text("capacityReservation/endDateType"), "limited");
  EXPECT_EQ(bench.call("CreateCapacityReservation", reservation({{"ClientToken", "t"}}))
                .text("//capacityReservationId"),
            id);
  const auto reply = bench.call("DescribeCapacityReservations",
                                {{"Filter.1.Name", "tag-key"}, {"Filter.1.Value.1", "a"}});
  EXPECT_EQ(reply.text("capacityReservationSet/item/state"), "active");
  EXPECT_EQ(bench.call("CancelCapacityReservation", {{"CapacityReservationId", id}}).text("return"),
            "true");
  EXPECT_EQ(
      bench.call("DescribeCapacityReservations", {{"CapacityReservationId.1", id}}).text("//state"),
      "cancelled");
}

TEST(ApiCapacity, AReservationEndsWhenItSays) {
  ApiBench bench;
  bench.call("CreateCapacityReservation", reservation({{"EndDate", "2026-01-01T01:00:00Z"}}));
  bench.pass(std::chrono::minutes(61));
  EXPECT_EQ(bench.call("DescribeCapacityReservations").text("//state"), "expired");
}

TEST(ApiCapacity, WhatCannotBeReservedIsRefused) {
  ApiBench bench;
  const auto code = [&](const ApiParameters& more) {
    return bench.call("CreateCapacityReservation", reservation(more)).code();
  };
  EXPECT_EQ(code({{"EndDateType", "limited"}}), "InvalidParameterCombination");
  EXPECT_EQ(code({{"EndDate", "2020-01-01T00:00:00Z"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"EphemeralStorage", "true"}}), "InvalidParameterValue");
  EXPECT_EQ(bench.call("CreateCapacityReservation", {{"InstanceType", "t3.large"}}).code(),
            "MissingParameter");
}

TEST(ApiPlaces, EveryRegionHasADefaultVpcWithASubnetAZone) {
  ApiBench bench;
  const auto vpc =
      bench.call("DescribeVpcs", {{"Filter.1.Name", "is-default"}, {"Filter.1.Value.1", "true"}})
          .text("vpcSet/item/vpcId");
  EXPECT_TRUE(vpc.starts_with("vpc-0"));
  const auto subnets =
      bench.call("DescribeSubnets", {{"Filter.1.Name", "vpc-id"}, {"Filter.1.Value.1", vpc}});
  EXPECT_EQ(subnets.count("subnetSet/item"), 3U);
  EXPECT_EQ(bench.call("DescribeInstances").text("//instancesSet/item/vpcId"), vpc);
  EXPECT_EQ(bench.call("DescribeSecurityGroups", {{"GroupName.1", "default"}}).text("//groupId"),
            bench.server().settings.security_groups.front());
  EXPECT_NE(bench.call("DescribeVpcs", {}, "eu-west-1").text("//vpcId"), vpc);
  EXPECT_EQ(bench.call("DescribeVpcs", {{"VpcId.1", "vpc-00000000"}}).code(),
            "InvalidVpcID.NotFound");
  EXPECT_EQ(bench.call("DescribeSubnets", {{"SubnetId.1", "subnet-00000000"}}).code(),
            "InvalidSubnetID.NotFound");
}

TEST(ApiPlaces, ZonesAndRegionsAreDescribed) {
  ApiBench bench;
  EXPECT_THAT(bench.call("DescribeAvailabilityZones").texts("//zoneId"),
              ElementsAre("use1-az1", "use1-az2", "use1-az3"));
  EXPECT_EQ(
      bench.call("DescribeRegions", {{"RegionName.1", "eu-central-1"}}).text("//regionEndpoint"),
      "ec2.eu-central-1.amazonaws.com");
  EXPECT_EQ(bench.call("DescribeRegions", {{"RegionName.1", "moon"}}).code(),
            "InvalidParameterValue");
  EXPECT_EQ(sim::zone_id("ap-northeast-1a"), "apne1-az1");
  EXPECT_EQ(sim::zone_id("us-gov-west-1c"), "usgw1-az3");
  EXPECT_EQ(sim::zone_id("eu-central-1b"), "euc1-az2");
}

TEST(ApiPlaces, PlacementGroupsAreFoundByName) {
  ApiBench bench;
  bench.region().placement_groups = {{"near", "cluster"}, {"apart", "spread"}};
  const auto found = bench.call("DescribePlacementGroups",
                                {{"Filter.1.Name", "group-name"}, {"Filter.1.Value.1", "apart"}});
  EXPECT_EQ(found.count("placementGroupSet/item"), 1U);
  EXPECT_EQ(found.text("//strategy"), "spread");
  EXPECT_TRUE(found.text("//groupArn").ends_with(":placement-group/apart"));
  EXPECT_EQ(bench.call("DescribePlacementGroups", {{"GroupName.1", "none"}}).code(),
            "InvalidPlacementGroup.Unknown");
}

TEST(ApiPlaces, AServerHasNoMoreVolumesThanItsTypeTakes) {
  ApiBench bench;
  std::string last;
  for (int i = 0; i < 40 && last.empty(); ++i) {
    const auto volume =
        bench.call("CreateVolume", {{"AvailabilityZone", "us-east-1a"}, {"Size", "1"}})
            .text("volumeId");
    last = bench
               .call("AttachVolume", {{"VolumeId", volume},
                                      {"InstanceId", bench.id()},
                                      {"Device", "/dev/xvdb" + std::to_string(i)}})
               .code();
  }
  EXPECT_EQ(last, "AttachmentLimitExceeded");
  EXPECT_EQ(bench.server().attachments.size(), 27U) << "and a network interface";
}

TEST(ApiPlaces, TypesAreWhatAwsPublishes) {
  ApiBench bench;
  const auto reply = bench.call("DescribeInstanceTypes", {{"InstanceType.1", "m6g.2xlarge"}});
  EXPECT_EQ(reply.text("//defaultVCpus"), "8");
  EXPECT_EQ(reply.text("//sizeInMiB"), "32768");
  EXPECT_EQ(reply.text("//supportedArchitectures/item"), "arm64");
  EXPECT_EQ(reply.text("//burstablePerformanceSupported"), "false");
  EXPECT_EQ(bench.call("DescribeInstanceTypes", {{"InstanceType.1", "t3.enormous"}}).code(),
            "InvalidInstanceType");
  EXPECT_EQ(bench.call("DescribeInstanceCreditSpecifications", {{"InstanceId.1", bench.id()}})
                .text("//cpuCredits"),
            "unlimited");
  EXPECT_EQ(bench.call("DescribeKeyPairs").count("keySet/item"), 0U);
  EXPECT_EQ(bench.call("DescribeKeyPairs", {{"KeyName.1", "ops"}}).code(),
            "InvalidKeyPair.NotFound");
}

}  // namespace
}  // namespace pitstop::test
