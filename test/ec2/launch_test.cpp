#include "ec2/launch.hpp"

#include <gtest/gtest.h>

#include "ec2/capacity.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

VIRTUAL_TEST(RunInstance, LeavesToEc2WhatIsNotSaid) {
  test::ScriptedCaller caller(time);
  caller.on("RunInstances")
      .reply(
          "<reservationId>r-1</reservationId><instancesSet><item><instanceId>i-9</instanceId>"
          "<instanceState><code>0</code></instanceState></item></instancesSet>");
  LaunchRequest request;
  request.image = ImageId("ami-1");
  request.client_token = "t";
  const auto instance = co_await run_instance(caller, std::move(request));
  CO_ASSERT_TRUE(instance);
  EXPECT_EQ(instance->id, InstanceId("i-9"));
  EXPECT_EQ(caller.last_form(), "ImageId=ami-1&MinCount=1&MaxCount=1&ClientToken=t");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

VIRTUAL_TEST(RunInstance, SaysAllThatMakesAServerWhatItWas) {
  test::ScriptedCaller caller(time);
  caller.on("RunInstances")
      .reply("<instancesSet><item><instanceId>i-9</instanceId></item></instancesSet>");
  LaunchRequest request;
  request.image = ImageId("ami-1");
  request.type = "m7g.large";
  request.zone = "us-east-1a";
  request.subnet = "subnet-1";
  request.security_groups = {"sg-1", "sg-2"};
  request.metadata_http_tokens = "required";
  request.metadata_hop_limit = 2;
  request.cpu_cores = 1;
  request.stop_protection = true;
  request.client_token = "t";
  request.tags = {{"Name", "web"}};
  const auto instance = co_await run_instance(caller, std::move(request));
  EXPECT_TRUE(instance);
  EXPECT_EQ(caller.last_form(),
            "ImageId=ami-1&MinCount=1&MaxCount=1&InstanceType=m7g.large"
            "&Placement.AvailabilityZone=us-east-1a&SubnetId=subnet-1&SecurityGroupId.1=sg-1"
            "&SecurityGroupId.2=sg-2&CpuOptions.CoreCount=1&MetadataOptions.HttpTokens=required"
            "&MetadataOptions.HttpPutResponseHopLimit=2"
            "&DisableApiStop=true&ClientToken=t&TagSpecification.1.ResourceType=instance"
            "&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=web");
}

VIRTUAL_TEST(RunInstance, AnAnswerWithoutAnInstanceLeavesTheFateUnknown) {
  test::ScriptedCaller caller(time);
  caller.on("RunInstances").reply("<instancesSet/>");
  LaunchRequest request;
  request.client_token = "t";
  const auto instance = co_await run_instance(caller, std::move(request));
  EXPECT_EQ(instance.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(DescribeAddresses, AsksByInstances) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeAddresses")
      .reply(
          "<addressesSet><item><publicIp>198.51.100.1</publicIp>"
          "<allocationId>eipalloc-1</allocationId><instanceId>i-1</instanceId>"
          "<networkInterfaceId>eni-1</networkInterfaceId></item></addressesSet>");
  std::vector<InstanceId> instances{InstanceId("i-1"), InstanceId("i-2")};
  const auto addresses = co_await describe_addresses(caller, std::move(instances));
  CO_ASSERT_TRUE(addresses);
  CO_ASSERT_TRUE(addresses->size() == 1);
  EXPECT_EQ(addresses->front().allocation, "eipalloc-1");
  EXPECT_EQ(addresses->front().public_ip, "198.51.100.1");
  EXPECT_EQ(addresses->front().instance, InstanceId("i-1"));
  EXPECT_EQ(addresses->front().network_interface, "eni-1");
  EXPECT_EQ(caller.last_form(),
            "Filter.1.Name=instance-id&Filter.1.Value.1=i-1&Filter.1.Value.2=i-2");
}

VIRTUAL_TEST(AssociateAddress, TakesTheAddressFromWhoeverHasIt) {
  test::ScriptedCaller caller(time);
  caller.on("AssociateAddress").reply();
  const auto status = co_await associate_address(caller, "eipalloc-1", InstanceId("i-1"));
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(), "AllocationId=eipalloc-1&InstanceId=i-1&AllowReassociation=true");
}

CapacityRequest some_reservation(VirtualTime& time) {
  return {.instance_type = "m7g.large",
          .platform = "Linux/UNIX",
          .zone = "us-east-1a",
          .tenancy = "default",
          .ebs_optimized = true,
          .end = time.wall(),
          .tags = {{"a", "b"}},
          .client_token = "t"};
}

VIRTUAL_TEST(CapacityReservation, IsOpenAndEndsByItself) {
  test::ScriptedCaller caller(time);
  caller.on("CreateCapacityReservation")
      .reply(
          "<capacityReservation><capacityReservationId>cr-1</capacityReservationId>"
          "</capacityReservation>");
  EXPECT_EQ(co_await create_capacity_reservation(caller, some_reservation(time)), "cr-1");
  EXPECT_EQ(caller.last_form(),
            "InstanceType=m7g.large&InstancePlatform=Linux%2FUNIX&AvailabilityZone=us-east-1a"
            "&InstanceCount=1&InstanceMatchCriteria=open&Tenancy=default&EbsOptimized=true"
            "&EndDateType=limited&EndDate=2026-01-01T00%3A00%3A00.000Z&ClientToken=t"
            "&TagSpecifications.1.ResourceType=capacity-reservation"
            "&TagSpecifications.1.Tag.1.Key=a&TagSpecifications.1.Tag.1.Value=b");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

VIRTUAL_TEST(CapacityReservation, AnAnswerWithoutAnIdLeavesTheFateUnknown) {
  test::ScriptedCaller caller(time);
  caller.on("CreateCapacityReservation").reply("");
  const auto made = co_await create_capacity_reservation(caller, some_reservation(time));
  EXPECT_EQ(made.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(CapacityReservation, IsDescribedAndCancelled) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeCapacityReservations")
      .reply(
          "<capacityReservationSet><item><capacityReservationId>cr-1</capacityReservationId>"
          "<state>active</state><availableInstanceCount>1</availableInstanceCount>"
          "<tagSet><item><key>a</key><value>b</value></item></tagSet></item>"
          "</capacityReservationSet>");
  caller.on("CancelCapacityReservation").reply();
  std::vector<Filter> filters{{"state", {"active"}}};
  const auto reservations = co_await describe_capacity_reservations(caller, std::move(filters));
  CO_ASSERT_TRUE(reservations);
  CO_ASSERT_TRUE(reservations->size() == 1);
  EXPECT_EQ(reservations->front().id, "cr-1");
  EXPECT_EQ(reservations->front().state, "active");
  EXPECT_EQ(reservations->front().available, 1);
  EXPECT_EQ(reservations->front().tags, (Tags{{"a", "b"}}));
  EXPECT_EQ(caller.last_form(), "Filter.1.Name=state&Filter.1.Value.1=active&MaxResults=1000");
  const auto cancelled = co_await cancel_capacity_reservation(caller, "cr-1");
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(caller.last_form(), "CapacityReservationId=cr-1");
}

}  // namespace
}  // namespace pitstop::ec2
