#include "ec2/instances.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

using testing::IsEmpty;

const InstanceId web("i-0a1");
const InstanceId db("i-0b2");

VIRTUAL_TEST(DescribeInstances, AsksByIdsAndFilters) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeInstances").reply("<reservationSet/>");
  std::vector<InstanceId> ids{web, db};
  std::vector<Filter> filters{{"instance-state-name", {"running", "stopped"}}};
  const auto instances = co_await describe_instances(caller, std::move(ids), std::move(filters));
  CO_ASSERT_TRUE(instances);
  EXPECT_THAT(*instances, IsEmpty());
  EXPECT_EQ(caller.last_form(),
            "InstanceId.1=i-0a1&InstanceId.2=i-0b2&Filter.1.Name=instance-state-name"
            "&Filter.1.Value.1=running&Filter.1.Value.2=stopped");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::asks);
}

VIRTUAL_TEST(DescribeInstances, ReadsTheInstancesOfAllReservationsAndPages) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeInstances")
      .reply(
          "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId></item>"
          "<item><instanceId>i-2</instanceId></item></instancesSet></item>"
          "<item><instancesSet/></item></reservationSet><nextToken>more</nextToken>");
  caller.on("DescribeInstances")
      .reply(
          "<reservationSet><item><instancesSet><item><instanceId>i-3</instanceId></item>"
          "</instancesSet></item></reservationSet>");
  std::vector<Filter> filters{{"tag:backup", {"weekly"}}};
  const auto instances = co_await describe_instances(caller, {}, std::move(filters));
  CO_ASSERT_TRUE(instances);
  CO_ASSERT_TRUE(instances->size() == 3);
  EXPECT_EQ((*instances)[2].id, InstanceId("i-3"));
}

VIRTUAL_TEST(StopInstances, AsksForAnOrdinaryStop) {
  test::ScriptedCaller caller(time);
  caller.on("StopInstances")
      .reply(
          "<instancesSet><item><instanceId>i-0a1</instanceId>"
          "<currentState><code>64</code><name>stopping</name></currentState>"
          "<previousState><code>16</code><name>running</name></previousState></item>"
          "<item><instanceId>i-0b2</instanceId>"
          "<currentState><code>80</code><name>stopped</name></currentState>"
          "<previousState><code>80</code><name>stopped</name></previousState></item>"
          "</instancesSet>");
  std::vector<InstanceId> ids{web, db};
  const auto answer = co_await stop_instances(caller, std::move(ids));
  CO_ASSERT_TRUE(answer);
  EXPECT_EQ(caller.last_form(), "InstanceId.1=i-0a1&InstanceId.2=i-0b2");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
  EXPECT_FALSE(caller.calls().back().call.may_repeat_unseen) << "who stopped it must be known";
  EXPECT_FALSE(answer->may_be_a_repetition);
  CO_ASSERT_TRUE(answer->changes.size() == 2);
  EXPECT_EQ(answer->changes[0].instance, web);
  EXPECT_EQ(answer->changes[0].previous, InstanceState::running);
  EXPECT_EQ(answer->changes[0].current, InstanceState::stopping);
  EXPECT_EQ(answer->changes[1].previous, InstanceState::stopped);
}

VIRTUAL_TEST(StartInstances, HandsOnItsPatienceAndWhetherItIsARepetition) {
  test::ScriptedCaller caller(time);
  caller.on("StartInstances").answer([](const Call& call) {
    auto reply = test::reply_of(call.action,
                                "<instancesSet><item><instanceId>i-0a1</instanceId>"
                                "<currentState><code>0</code></currentState>"
                                "<previousState><code>80</code></previousState></item>"
                                "</instancesSet>");
    reply->may_be_a_repetition = true;
    return reply;
  });
  std::vector<InstanceId> ids{web};
  const auto answer = co_await start_instances(caller, std::move(ids), Seconds(20));
  CO_ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->may_be_a_repetition);
  EXPECT_EQ(answer->changes.at(0).current, InstanceState::pending);
  EXPECT_EQ(caller.last_form(), "InstanceId.1=i-0a1");
  EXPECT_TRUE(caller.calls().back().call.may_repeat_unseen);
  EXPECT_EQ(caller.calls().back().call.patience, Duration(Seconds(20)));
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

VIRTUAL_TEST(MayStopAndStart, AreDryRuns) {
  test::ScriptedCaller caller(time);
  caller.on("StopInstances").fail_with_code("DryRunOperation", 412);
  caller.on("StartInstances").fail_with_code("UnauthorizedOperation", 403);
  std::vector<InstanceId> ids{web};
  const auto may_stop = co_await may_stop_instances(caller, ids);
  EXPECT_TRUE(may_stop);
  EXPECT_EQ(caller.last_form(), "InstanceId.1=i-0a1&DryRun=true");
  const auto may_start = co_await may_start_instances(caller, ids);
  CO_ASSERT_TRUE(!may_start);
  EXPECT_EQ(may_start.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(caller.last_form(), "InstanceId.1=i-0a1&DryRun=true");
}

VIRTUAL_TEST(LaunchSettings, AreReadAndWhatEc2LeavesOutIsAbsent) {
  test::ScriptedCaller caller(time);
  caller.on("GetLaunchTemplateData")
      .reply(
          "<launchTemplateData><disableApiStop>true</disableApiStop>"
          "<disableApiTermination>false</disableApiTermination>"
          "<instanceInitiatedShutdownBehavior>terminate</instanceInitiatedShutdownBehavior>"
          "</launchTemplateData>");
  const auto all = co_await describe_launch_settings(caller, web);
  CO_ASSERT_TRUE(all);
  EXPECT_EQ(all->stop_protection, true);
  EXPECT_EQ(all->termination_protection, false);
  EXPECT_EQ(all->shutdown_behavior, "terminate");
  EXPECT_EQ(caller.last_form(), "InstanceId=i-0a1");
  caller.on("GetLaunchTemplateData").reply("<launchTemplateData/>");
  const auto nothing = co_await describe_launch_settings(caller, web);
  CO_ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->stop_protection, std::nullopt);
  EXPECT_EQ(nothing->termination_protection, std::nullopt);
  EXPECT_EQ(nothing->shutdown_behavior, std::nullopt);
}

VIRTUAL_TEST(DescribeInstanceAttribute, AsksForOneAttributeAndReadsItsValue) {
  test::ScriptedCaller caller(time);
  const auto line = [&] { return caller.on("DescribeInstanceAttribute"); };
  line().reply(
      "<instanceId>i-0a1</instanceId><disableApiStop><value>true</value></disableApiStop>");
  line().reply("<disableApiTermination><value>false</value></disableApiTermination>");
  line().reply(
      "<instanceInitiatedShutdownBehavior><value>terminate</value>"
      "</instanceInitiatedShutdownBehavior>");
  line().reply("<userData><value>IyEvYmluL3NoCg==</value></userData>");
  line().reply("<userData/>");

  EXPECT_EQ(co_await is_stop_protected(caller, web), true);
  EXPECT_EQ(caller.last_form(), "InstanceId=i-0a1&Attribute=disableApiStop");
  EXPECT_EQ(co_await is_termination_protected(caller, web), false);
  EXPECT_EQ(caller.last_form(), "InstanceId=i-0a1&Attribute=disableApiTermination");
  EXPECT_EQ(co_await describe_shutdown_behavior(caller, web), "terminate");
  EXPECT_EQ(caller.last_form(), "InstanceId=i-0a1&Attribute=instanceInitiatedShutdownBehavior");
  EXPECT_EQ(co_await describe_user_data(caller, web), "IyEvYmluL3NoCg==");
  EXPECT_EQ(caller.last_form(), "InstanceId=i-0a1&Attribute=userData");
  EXPECT_EQ(co_await describe_user_data(caller, web), "");
}

VIRTUAL_TEST(DescribeScheduledEvents, LeavesOutWhatIsOver) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeInstanceStatus")
      .reply(
          "<instanceStatusSet><item><instanceId>i-0a1</instanceId><eventsSet>"
          "<item><code>instance-stop</code><description>The instance is running on degraded "
          "hardware</description><notBefore>2026-11-23T00:16:00.000+0000</notBefore></item>"
          "<item><code>system-reboot</code><description>[Completed] scheduled reboot"
          "</description></item>"
          "<item><code>system-reboot</code><description>[Canceled] scheduled reboot"
          "</description></item></eventsSet></item>"
          "<item><instanceId>i-0b2</instanceId><eventsSet/></item></instanceStatusSet>");
  std::vector<InstanceId> ids{web, db};
  const auto events = co_await describe_scheduled_events(caller, std::move(ids));
  CO_ASSERT_TRUE(events);
  CO_ASSERT_TRUE(events->size() == 1);
  EXPECT_EQ(events->front().instance, web);
  EXPECT_EQ(events->front().code, "instance-stop");
  EXPECT_EQ(rfc3339(events->front().not_before.value()), "2026-11-23T00:16:00.000Z");
  EXPECT_EQ(caller.last_form(), "InstanceId.1=i-0a1&InstanceId.2=i-0b2&IncludeAllInstances=true");
}

VIRTUAL_TEST(SetDeleteOnTermination, NamesTheDevice) {
  test::ScriptedCaller caller(time);
  caller.on("ModifyInstanceAttribute").reply();
  const auto status = co_await set_delete_on_termination(caller, web, "/dev/sdf", true);
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(),
            "InstanceId=i-0a1&BlockDeviceMapping.1.DeviceName=%2Fdev%2Fsdf"
            "&BlockDeviceMapping.1.Ebs.DeleteOnTermination=true");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

VIRTUAL_TEST(Instances, ErrorsComeThrough) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeInstances").fail_with_code("InvalidInstanceID.NotFound", 400);
  caller.on("StartInstances").fail_with_code("InsufficientInstanceCapacity", 500);
  std::vector<InstanceId> ids{web};
  const auto seen = co_await describe_instances(caller, ids, {});
  EXPECT_EQ(seen.error().kind, ErrorKind::not_found);
  const auto started = co_await start_instances(caller, ids);
  EXPECT_EQ(started.error().kind, ErrorKind::no_capacity);
}

}  // namespace
}  // namespace pitstop::ec2
