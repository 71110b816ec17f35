#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"
#include "sim/cloud/addresses.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;

TEST(ApiInstances, AnInstanceIsDescribed) {
  ApiBench bench;
  const auto reply = bench.call("DescribeInstances", {{"InstanceId.1", bench.id()}});
  ASSERT_TRUE(reply.succeeded()) << reply;
  const std::string item = "reservationSet/item/instancesSet/item/";
  EXPECT_EQ(reply.text("reservationSet/item/ownerId"), "123456789012");
  EXPECT_EQ(reply.text("reservationSet/item/reservationId"), "r" + bench.id().substr(1));
  EXPECT_EQ(reply.text(item + "instanceId"), bench.id());
  EXPECT_EQ(reply.text(item + "instanceState/code"), "16");
  EXPECT_EQ(reply.text(item + "instanceState/name"), "running");
  EXPECT_EQ(reply.text(item + "launchTime"), "2025-12-31T00:00:00.000Z");
  EXPECT_EQ(reply.text(item + "placement/availabilityZone"), "us-east-1a");
  EXPECT_EQ(reply.text(item + "privateIpAddress"), "172.31.0.4");
  EXPECT_EQ(reply.text(item + "privateDnsName"), "ip-172-31-0-4.ec2.internal");
  EXPECT_EQ(reply.text(item + "hypervisor"), "xen");
  EXPECT_EQ(reply.text(item + "cpuOptions/coreCount"), "1");
  EXPECT_EQ(reply.text(item + "cpuOptions/threadsPerCore"), "2");
  EXPECT_THAT(reply.texts(item + "blockDeviceMapping/item/deviceName"),
              ElementsAre("/dev/xvda", "/dev/xvdf"));
  EXPECT_THAT(reply.texts(item + "blockDeviceMapping/item/ebs/volumeId"),
              ElementsAre(bench.volume(0), bench.volume(1)));
  EXPECT_EQ(reply.text(item + "tagSet/item[key='Name']/value"), "db");
  EXPECT_EQ(reply.count(item + "stateReason"), 0U);
}

TEST(ApiInstances, AStoppedOneSaysWhy) {
  ApiBench bench;
  bench.stop();
  const auto reply = bench.call("DescribeInstances");
  EXPECT_EQ(reply.text("//instanceState/code"), "80");
  EXPECT_EQ(reply.text("//stateReason/code"), "Client.UserInitiatedShutdown");
  EXPECT_EQ(reply.text("//instancesSet/item/reason"), "User initiated (2026-01-01 00:00:00 GMT)");
}

TEST(ApiInstances, AnIdThatNobodyHasIsNotFoundAndAnIdThatIsNoneIsMalformed) {
  ApiBench bench;
  auto reply = bench.call("DescribeInstances", {{"InstanceId.1", "i-0000000000000000f"}});
  EXPECT_EQ(reply.code(), "InvalidInstanceID.NotFound");
  EXPECT_EQ(reply.message(), "The instance ID 'i-0000000000000000f' does not exist");
  reply = bench.call("DescribeInstances", {{"InstanceId.1", "i-0000000f"},
                                           {"InstanceId.2", bench.id()},
                                           {"InstanceId.3", "i-0000000e"}});
  EXPECT_EQ(reply.message(), "The instance IDs 'i-0000000e, i-0000000f' do not exist");
  for (const auto* wrong :
       {"x", "i-", "i-00000000g", "i-0000000000", "vol-00000000", "I-00000000"}) {
    reply = bench.call("DescribeInstances", {{"InstanceId.1", wrong}});
    EXPECT_EQ(reply.code(), "InvalidInstanceID.Malformed") << wrong;
    EXPECT_EQ(reply.message(), std::string("Invalid id: \"") + wrong + "\"");
  }
}

TEST(ApiInstances, AnIdGivenTwiceIsDescribedOnce) {
  ApiBench bench;
  const auto reply =
      bench.call("DescribeInstances", {{"InstanceId.1", bench.id()}, {"InstanceId.2", bench.id()}});
  EXPECT_EQ(reply.count("//instanceId"), 1U);
}

TEST(ApiInstances, StopAndStartAnswerBothStates) {
  ApiBench bench;
  auto reply = bench.call("StopInstances", {{"InstanceId.1", bench.id()}});
  EXPECT_EQ(reply.text("instancesSet/item/previousState/name"), "running");
  EXPECT_EQ(reply.text("instancesSet/item/currentState/name"), "stopping");
  EXPECT_EQ(bench.call("StartInstances", {{"InstanceId.1", bench.id()}}).code(),
            "IncorrectInstanceState");
  bench.pass(Seconds(11));
  reply = bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  EXPECT_EQ(reply.text("instancesSet/item/previousState/name"), "stopped");
  EXPECT_EQ(reply.text("instancesSet/item/currentState/code"), "0");
  bench.pass(Seconds(20));
  reply = bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  EXPECT_EQ(reply.text("instancesSet/item/previousState/name"), "running");
  EXPECT_EQ(reply.text("instancesSet/item/currentState/name"), "running");
}

TEST(ApiInstances, OneWrongIdKeepsAllFromStopping) {
  ApiBench bench;
  const auto reply =
      bench.call("StopInstances", {{"InstanceId.1", bench.id()}, {"InstanceId.2", "i-0000000f"}});
  EXPECT_EQ(reply.code(), "InvalidInstanceID.NotFound");
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
  EXPECT_EQ(bench.call("StopInstances").code(), "MissingParameter");
}

TEST(ApiInstances, AProtectedOneMayNotBeStopped) {
  ApiBench bench;
  bench.server().settings.stop_protection = true;
  const auto reply = bench.call("StopInstances", {{"InstanceId.1", bench.id()}});
  EXPECT_EQ(reply.code(), "OperationNotPermitted");
  EXPECT_EQ(reply.message(), "The instance '" + bench.id() +
                                 "' may not be stopped. Modify its 'disableApiStop' instance "
                                 "attribute and try again.");
}

TEST(ApiInstances, OneThatIsNotConfiguredForItDoesNotHibernate) {
  ApiBench bench;
  const ApiParameters hibernate{{"InstanceId.1", bench.id()}, {"Hibernate", "true"}};
  EXPECT_EQ(bench.call("StopInstances", hibernate).code(), "UnsupportedHibernationConfiguration");
  bench.server().settings.hibernation = true;
  EXPECT_TRUE(bench.call("StopInstances", hibernate).succeeded());
}

TEST(ApiInstances, ASkippedShutdownStopsAtOnce) {
  ApiBench bench;
  bench.call("StopInstances", {{"InstanceId.1", bench.id()}, {"SkipOsShutdown", "true"}});
  bench.pass(Seconds(2));
  EXPECT_EQ(bench.server().state(), sim::InstanceState::stopped);
  EXPECT_EQ(bench.region().volumes.at(VolumeId(bench.volume())).contents.file_system,
            sim::FileSystem::cut_off);
}

TEST(ApiInstances, OnlyARunningOneReboots) {
  ApiBench bench;
  const auto writes = bench.region().volumes.at(VolumeId(bench.volume())).contents.writes;
  EXPECT_EQ(bench.call("RebootInstances", {{"InstanceId.1", bench.id()}}).text("return"), "true");
  EXPECT_EQ(bench.server().state(), sim::InstanceState::running);
  EXPECT_GT(bench.region().volumes.at(VolumeId(bench.volume())).contents.writes, writes);
  bench.stop();
  EXPECT_EQ(bench.call("RebootInstances", {{"InstanceId.1", bench.id()}}).code(),
            "IncorrectInstanceState");
}

TEST(ApiInstances, ATerminatedOneLosesItsConnectionsAndIsGoneAfterAnHour) {
  ApiBench bench;
  const auto id = bench.id();
  const auto reply = bench.call("TerminateInstances", {{"InstanceId.1", id}});
  EXPECT_EQ(reply.text("instancesSet/item/currentState/name"), "shutting-down");
  bench.pass(std::chrono::minutes(1));
  const auto described = bench.call("DescribeInstances", {{"InstanceId.1", id}});
  EXPECT_EQ(described.text("//instanceState/name"), "terminated");
  EXPECT_EQ(described.text("//instancesSet/item/privateDnsName"), "");
  EXPECT_EQ(described.count("//networkInterfaceSet/item"), 0U);
  EXPECT_EQ(described.count("//blockDeviceMapping/item"), 0U);
  bench.pass(std::chrono::hours(1));
  EXPECT_EQ(bench.call("DescribeInstances", {{"InstanceId.1", id}}).code(),
            "InvalidInstanceID.NotFound");
  EXPECT_EQ(bench.call("DescribeInstances").count("//instanceId"), 0U);
}

TEST(ApiInstances, APassingAddressIsAmazonsAndAnElasticOneTheAccounts) {
  auto scenario = api_scenario();
  scenario.servers.front().public_ip = true;
  scenario.servers.push_back(scenario.servers.front());
  scenario.servers.back().elastic_ip = true;
  ApiBench bench(scenario);
  const auto reply = bench.call("DescribeInstances");
  EXPECT_EQ(reply.count("//instancesSet/item[ipAddress]"), 2U);
  EXPECT_EQ(reply.count("//instancesSet/item/networkInterfaceSet/item/association[ipOwnerId="
                        "'amazon']"),
            1U);
  EXPECT_EQ(reply.count("//instancesSet/item/networkInterfaceSet/item/association[ipOwnerId="
                        "'123456789012']"),
            1U);
}

TEST(ApiInstanceStatus, OnlyRunningOnesAreShownUnlessAllAreAskedFor) {
  ApiBench bench;
  auto reply = bench.call("DescribeInstanceStatus");
  EXPECT_EQ(reply.text("instanceStatusSet/item/instanceStatus/status"), "ok");
  EXPECT_EQ(reply.text("instanceStatusSet/item/systemStatus/details/item/status"), "passed");
  bench.stop();
  EXPECT_EQ(bench.call("DescribeInstanceStatus").count("instanceStatusSet/item"), 0U);
  const ApiParameters by_id{{"InstanceId.1", bench.id()}};
  reply = bench.call("DescribeInstanceStatus", by_id);
  EXPECT_TRUE(reply.succeeded()) << reply;
  EXPECT_EQ(reply.count("instanceStatusSet/item"), 0U);
  reply = bench.call("DescribeInstanceStatus",
                     {{"InstanceId.1", bench.id()}, {"IncludeAllInstances", "true"}});
  EXPECT_EQ(reply.text("instanceStatusSet/item/instanceState/name"), "stopped");
  EXPECT_EQ(reply.text("instanceStatusSet/item/instanceStatus/status"), "not-applicable");
}

TEST(ApiInstanceStatus, TheChecksTakeMinutesAfterAStart) {
  ApiBench bench;
  bench.stop();
  bench.call("StartInstances", {{"InstanceId.1", bench.id()}});
  bench.pass(Seconds(30));
  EXPECT_EQ(bench.call("DescribeInstanceStatus").text("//instanceStatus/status"), "initializing");
  bench.pass(std::chrono::minutes(2));
  EXPECT_EQ(bench.call("DescribeInstanceStatus").text("//instanceStatus/status"), "ok");
}

TEST(ApiInstanceStatus, AtMostAHundredIdsAreTaken) {
  ApiBench bench(api_scenario(101));
  ApiParameters parameters;
  for (const auto& [id, instance] : bench.region().instances) {
    parameters.emplace_back("InstanceId." + std::to_string(parameters.size() + 1), id.str());
  }
  EXPECT_EQ(bench.call("DescribeInstanceStatus", parameters).code(), "InvalidParameterValue");
  parameters.pop_back();
  EXPECT_EQ(bench.call("DescribeInstanceStatus", parameters).count("instanceStatusSet/item"), 100U);
}

}  // namespace
}  // namespace pitstop::test
