#include <gtest/gtest.h>

#include "cloud_bench.hpp"
#include "sim/cloud/addresses.hpp"
#include "sim/cloud/reservations.hpp"

namespace pitstop::test {
namespace {

using enum sim::InstanceState;
using sim::FileSystem;
using sim::StopManner;

TEST(CloudInstances, AStopTakesItsTimeAndLeavesTheFileSystemsClean) {
  CloudBench bench;
  ASSERT_EQ(bench.state(), running);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::mounted);
  const auto answer = bench.stop();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->front().before, running);
  EXPECT_EQ(answer->front().after, stopping);
  bench.pass(Milliseconds(10'999));
  EXPECT_EQ(bench.state(), stopping);
  bench.pass(Milliseconds(1));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::clean);
  EXPECT_EQ(bench.server().history.back().reason_code, "Client.UserInitiatedShutdown");
  EXPECT_EQ(bench.server().history.back().transition_reason,
            "User initiated (2024-10-04 00:01:00 GMT)");
}

TEST(CloudInstances, AGuestThatHangsIsCutOffAfterMinutesAndItsFileSystemsShowIt) {
  CloudBench bench;
  bench.server().pace.hung_shutdowns = 1;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(240));
  EXPECT_EQ(bench.state(), stopping);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::cut_off);
  bench.pass(Seconds(1));
  EXPECT_EQ(bench.state(), stopped);
}

TEST(CloudInstances, AForcedStopEndsAHangingOne) {
  CloudBench bench;
  bench.server().pace.hung_shutdowns = 1;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(60));
  ASSERT_TRUE(bench.stop(StopManner::forced));
  bench.pass(Seconds(31));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::cut_off);
}

TEST(CloudInstances, AForcedStopIsTheSameStop) {
  CloudBench bench;
  bench.server().pace.hung_shutdowns = 1;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(60));
  bench.server().pace.hung_shutdowns = 0;
  const auto answer = bench.stop(StopManner::forced);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->front().before, stopping);
  EXPECT_EQ(answer->front().after, stopping);
  bench.pass(Seconds(31));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::cut_off) << "it hangs as it did";
  EXPECT_EQ(bench.server().history.size(), 4U) << "one stopping, one stopped, after its launch";
  const auto snapshot = bench.snapshot();
  ASSERT_TRUE(snapshot);
  EXPECT_FALSE(caught_at_rest(bench.region.snapshots.at(*snapshot)));
}

TEST(CloudInstances, AGuestThatComesToRestBeforeItsPowerIsCutIsClean) {
  CloudBench bench;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(5));
  ASSERT_TRUE(bench.stop(StopManner::forced));
  bench.pass(Seconds(6));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::clean);
}

TEST(CloudInstances, AStopThatIsOnItsWayCanSkipTheShutdown) {
  CloudBench bench;
  bench.server().pace.hung_shutdowns = 1;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(60));
  ASSERT_TRUE(bench.stop(StopManner::abrupt));
  bench.pass(Seconds(1));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::cut_off);
}

TEST(CloudInstances, ASkippedShutdownCutsThePowerAtOnce) {
  CloudBench bench;
  ASSERT_TRUE(bench.stop(StopManner::abrupt));
  bench.pass(Seconds(1));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::cut_off);
}

TEST(CloudInstances, AStartTakesItsTimeAndMountsAtOnce) {
  CloudBench bench;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto answer = bench.start();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->front().before, stopped);
  EXPECT_EQ(answer->front().after, pending);
  EXPECT_EQ(bench.volume().contents.file_system, FileSystem::mounted);
  bench.pass(Seconds(20));
  EXPECT_EQ(bench.state(), running);
}

TEST(CloudInstances, ASecondStopOrStartChangesNothing) {
  CloudBench bench;
  ASSERT_TRUE(bench.start());
  EXPECT_EQ(bench.server().history.size(), 2U) << "pending and running, from its launch";
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(5));
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(6));
  EXPECT_EQ(bench.state(), stopped);
  ASSERT_TRUE(bench.stop());
  EXPECT_EQ(bench.server().history.size(), 4U);
}

TEST(CloudInstances, WhatIsInTheWrongStateIsRefused) {
  CloudBench bench;
  ASSERT_TRUE(bench.stop());
  EXPECT_EQ(bench.start().error().code, "IncorrectInstanceState");
  bench.pass(Seconds(30));
  ASSERT_TRUE(bench.start());
  EXPECT_EQ(bench.stop().error().code, "IncorrectInstanceState");
  ASSERT_TRUE(terminate_instances(bench.region, {bench.id}));
  EXPECT_EQ(bench.start().error().code, "IncorrectInstanceState");
  EXPECT_EQ(bench.stop().error().code, "IncorrectInstanceState");
}

TEST(CloudInstances, OneBadIdFailsTheWholeCall) {
  CloudBench bench;
  const InstanceId unknown("i-0aaaaaaaaaaaaaaaa");
  const auto answer = stop_instances(bench.region, {bench.id, unknown}, StopManner::orderly);
  EXPECT_EQ(answer.error().code, "InvalidInstanceID.NotFound");
  EXPECT_EQ(bench.state(), running);
}

TEST(CloudInstances, AStartThatFallsBackIsStoppedAgainWithANewReason) {
  CloudBench bench;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto before = bench.volume().contents;
  bench.server().starts_that_fall_back = 1;
  ASSERT_TRUE(bench.start());
  EXPECT_EQ(bench.state(), pending);
  bench.pass(Seconds(3));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.server().history.back().reason_code, "Client.InternalError");
  EXPECT_EQ(bench.volume().contents, before) << "the guest never ran";
  ASSERT_TRUE(bench.start());
  bench.pass(Seconds(20));
  EXPECT_EQ(bench.state(), running);
}

TEST(CloudInstances, ProtectionAndAMissingRootAreRefused) {
  CloudBench bench;
  bench.server().settings.stop_protection = true;
  EXPECT_EQ(bench.stop().error().code, "OperationNotPermitted");
  bench.server().settings.stop_protection = false;
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  ASSERT_TRUE(detach_volume(bench.region, bench.volume().id, std::nullopt));
  EXPECT_EQ(bench.start().error().code, "InvalidParameterValue");
}

TEST(CloudInstances, InAShortageOnlyAReservedPlaceIsLeft) {
  CloudBench bench;
  bench.region.shortages.push_back(
      {.instance_type = "", .zone = "", .from = bench.region.now(), .until = Instant::max()});
  sim::CapacityReservation reservation;
  reservation.instance_type = "t3.large";
  reservation.platform = "Linux/UNIX";
  reservation.zone = "us-east-1a";
  const auto place = create_reservation(bench.region, reservation);
  ASSERT_TRUE(place) << "the running instance brings its own place along";
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto& made = bench.region.reservations.at(*place);
  EXPECT_EQ(available_places(bench.region, made), 1);
  ASSERT_TRUE(bench.start());
  EXPECT_EQ(available_places(bench.region, made), 0);
  ASSERT_TRUE(cancel_reservation(bench.region, *place));
  bench.pass(Seconds(30));
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  const auto refused = bench.start();
  EXPECT_EQ(refused.error().code, "InsufficientInstanceCapacity");
  EXPECT_EQ(refused.error().status, 500);
}

TEST(CloudInstances, APassingPublicAddressIsAnotherOneAfterTheStart) {
  CloudBench bench;
  bench.server().settings.public_ip_on_start = true;
  bench.server().public_ip = "198.18.0.1";
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  EXPECT_EQ(bench.server().public_ip, "");
  ASSERT_TRUE(bench.start());
  EXPECT_NE(bench.server().public_ip, "");
  EXPECT_NE(bench.server().public_ip, "198.18.0.1");
}

TEST(CloudInstances, AnElasticAddressStays) {
  CloudBench bench;
  const auto allocation = sim::allocate_address(bench.region, {});
  ASSERT_TRUE(associate_address(bench.region, allocation, bench.id));
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(30));
  ASSERT_TRUE(bench.start());
  ASSERT_NE(address_of(bench.region, bench.id), nullptr);
  EXPECT_EQ(address_of(bench.region, bench.id)->allocation, allocation);
}

TEST(CloudInstances, AGuestThatSwitchesItselfOffSaysSo) {
  CloudBench bench;
  shut_down_guest(bench.region, bench.id);
  bench.pass(Seconds(11));
  EXPECT_EQ(bench.state(), stopped);
  EXPECT_EQ(bench.server().history.back().reason_code, "Client.InstanceInitiatedShutdown");
}

TEST(CloudInstances, AGuestThatIsSetToTerminateIsGone) {
  CloudBench bench;
  bench.server().settings.shutdown_behavior = "terminate";
  shut_down_guest(bench.region, bench.id);
  bench.pass(Seconds(30));
  EXPECT_EQ(bench.state(), terminated);
}

TEST(CloudInstances, TheSameClientTokenLaunchesOnce) {
  CloudBench bench;
  sim::Launch launch;
  launch.settings.zone = "us-east-1a";
  launch.settings.client_token = "once";
  const auto first = launch_instance(bench.region, launch);
  const auto second = launch_instance(bench.region, launch);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
}

TEST(CloudInstances, ThePastIsRemembered) {
  CloudBench bench;
  const Instant before = bench.region.now();
  bench.pass(Seconds(1));
  ASSERT_TRUE(bench.stop());
  bench.pass(Seconds(60));
  EXPECT_EQ(bench.server().at(before).state, running);
  EXPECT_EQ(bench.server().at(before + Seconds(2)).state, stopping);
  EXPECT_EQ(bench.server().at(bench.region.now()).state, stopped);
}

}  // namespace
}  // namespace pitstop::test
