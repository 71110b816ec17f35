// The simulated EC2 Auto Scaling: what its API tells and refuses, and what becomes of its members.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_bench.hpp"

namespace pitstop::test {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(AutoScaling, TellsWhoIsAMember) {
  ServiceBench bench;
  const auto members = bench.auto_scaling("DescribeAutoScalingInstances");
  EXPECT_EQ(members.count("//InstanceId"), 2U) << members;
  EXPECT_EQ(members.text("//AutoScalingGroupName"), "web");
  EXPECT_EQ(members.text("//LifecycleState"), "InService");
  EXPECT_EQ(members.text("//HealthStatus"), "HEALTHY");
  EXPECT_EQ(bench.server().tags.at("aws:autoscaling:groupName"), "web");

  const auto group =
      bench.auto_scaling("DescribeAutoScalingGroups", {{"AutoScalingGroupNames.member.1", "web"}});
  EXPECT_EQ(group.text("//MinSize"), "1") << group;
  EXPECT_EQ(group.text("//MaxSize"), "2");
  EXPECT_EQ(group.text("//DesiredCapacity"), "2");
  EXPECT_EQ(group.text("//TargetGroupARNs/member"), bench.targets());
  EXPECT_EQ(group.count("//Instances/member"), 2U);
}

TEST(AutoScaling, DoesNotTellOfWhatIsNotThere) {
  ServiceBench bench;
  const auto members = bench.auto_scaling("DescribeAutoScalingInstances",
                                          {{"InstanceIds.member.1", "i-0123456789abcdef0"}});
  EXPECT_TRUE(members.succeeded());
  EXPECT_EQ(members.count("//member"), 0U);
  const auto groups = bench.auto_scaling("DescribeAutoScalingGroups",
                                         {{"AutoScalingGroupNames.member.1", "other"}});
  EXPECT_TRUE(groups.succeeded());
  EXPECT_EQ(groups.count("//member"), 0U);
}

TEST(AutoScaling, ListsPageByPage) {
  ServiceBench bench;
  const auto first = bench.auto_scaling("DescribeAutoScalingInstances", {{"MaxRecords", "1"}});
  const auto second =
      bench.auto_scaling("DescribeAutoScalingInstances",
                         {{"MaxRecords", "1"}, {"NextToken", first.text("//NextToken")}});
  EXPECT_EQ(first.count("//InstanceId"), 1U);
  EXPECT_EQ(second.count("//InstanceId"), 1U);
  EXPECT_NE(first.text("//InstanceId"), second.text("//InstanceId"));
  EXPECT_EQ(second.count("//NextToken"), 0U);
  EXPECT_EQ(code_of(bench.auto_scaling("DescribeAutoScalingInstances", {{"NextToken", "x"}})),
            "InvalidNextToken");
  EXPECT_EQ(code_of(bench.auto_scaling("DescribeAutoScalingInstances", {{"MaxRecords", "51"}})),
            "ValidationError");
}

TEST(AutoScaling, StandbyComesWhenTheTargetsHaveDrained) {
  ServiceBench bench;
  const auto id = bench.id_of("db-1");
  EXPECT_EQ(bench.health(id), "healthy");
  const auto entered = bench.enter_standby(id);
  EXPECT_EQ(entered.text("//StatusCode"), "InProgress") << entered;
  EXPECT_EQ(bench.lifecycle(id), "EnteringStandby");
  EXPECT_EQ(bench.desired(), 1);
  EXPECT_EQ(bench.health(id), "draining/Target.DeregistrationInProgress");
  bench.pass(Seconds(59));
  EXPECT_EQ(bench.lifecycle(id), "EnteringStandby");
  bench.pass(Seconds(1));
  EXPECT_EQ(bench.lifecycle(id), "Standby");
  EXPECT_EQ(bench.health(id), "unused/Target.NotRegistered");
}

TEST(AutoScaling, LeavesAloneWhoIsInStandby) {
  ServiceBench bench;
  const auto id = bench.id_of("db-1");
  bench.enter_standby(id);
  bench.pass(minutes(1));
  bench.call("StopInstances", {{"InstanceId.1", id}});
  bench.pass(minutes(10));
  EXPECT_EQ(bench.lifecycle(id), "Standby");
  const auto too_early = bench.exit_standby(id);
  EXPECT_EQ(code_of(too_early), "ValidationError");
  EXPECT_THAT(message_of(too_early), HasSubstr("is not in a running state"));

  bench.call("StartInstances", {{"InstanceId.1", id}});
  bench.pass(Seconds(20));
  EXPECT_TRUE(bench.exit_standby(id).succeeded());
  EXPECT_EQ(bench.lifecycle(id), "Pending");
  EXPECT_EQ(bench.desired(), 2);
  bench.pass(Seconds(5));
  EXPECT_EQ(bench.lifecycle(id), "InService");
  EXPECT_EQ(bench.health(id), "initial/Elb.RegistrationInProgress");
  bench.pass(Seconds(10));
  EXPECT_EQ(bench.health(id), "healthy");
  EXPECT_THAT(bench.simulator.auto_scaling().replacements(), IsEmpty());
  EXPECT_THAT(bench.simulator.load_balancing().cut_targets(), IsEmpty());
}

TEST(AutoScaling, ReplacesAMemberThatStops) {
  ServiceBench bench;
  auto& server = bench.server_named("db-1");
  const auto id = server.id;
  const auto root = server.attachments[0].volume;
  const auto data = server.attachments[1].volume;
  bench.call("CreateTags",
             {{"ResourceId.1", id.str()}, {"Tag.1.Key", "made"}, {"Tag.1.Value", "by hand"}});
  bench.call("StopInstances", {{"InstanceId.1", id.str()}});
  bench.pass(Seconds(29));
  EXPECT_EQ(bench.lifecycle(id.str()), "InService");
  bench.pass(Seconds(1));
  EXPECT_EQ(bench.lifecycle(id.str()), "Terminating");
  bench.pass(minutes(1));
  EXPECT_EQ(server.state(), sim::InstanceState::terminated);
  EXPECT_TRUE(bench.region().volumes.at(root).deleted);
  EXPECT_FALSE(bench.region().volumes.at(data).deleted);
  EXPECT_EQ(bench.lifecycle(id.str()), "");

  const auto& replacements = bench.simulator.auto_scaling().replacements();
  ASSERT_THAT(replacements, SizeIs(1));
  EXPECT_EQ(replacements[0].group, "web");
  EXPECT_EQ(replacements[0].instance, id);
  const auto successor = replacements[0].successor.str();
  EXPECT_EQ(bench.lifecycle(successor), "InService");
  const auto& tags = bench.region().instances.at(replacements[0].successor).tags;
  EXPECT_EQ(tags.at("aws:autoscaling:groupName"), "web");
  EXPECT_EQ(tags.count("made"), 0U);
  EXPECT_EQ(bench.health(successor), "healthy");
  EXPECT_EQ(bench.desired(), 2);
  const auto& cut = bench.simulator.load_balancing().cut_targets();
  ASSERT_THAT(cut, SizeIs(1));
  EXPECT_EQ(cut[0].target.id, id.str());
  EXPECT_EQ(cut[0].state, "registered");
}

TEST(AutoScaling, DoesNotSeeWhoIsBackBeforeItLooks) {
  auto scenario = service_scenario();
  scenario.scaling_groups[0].pace.health_check = sim::always(minutes(5));
  ServiceBench bench(scenario);
  const auto id = bench.id_of("db-1");
  bench.call("StopInstances", {{"InstanceId.1", id}});
  bench.pass(minutes(1));
  bench.call("StartInstances", {{"InstanceId.1", id}});
  bench.pass(minutes(10));
  EXPECT_EQ(bench.lifecycle(id), "InService");
  EXPECT_THAT(bench.simulator.auto_scaling().replacements(), IsEmpty());
}

TEST(AutoScaling, KeepsItsLeastSize) {
  ServiceBench bench;
  bench.enter_standby(bench.id_of("db-1"));
  const auto refused = bench.enter_standby(bench.id_of("db-2"));
  EXPECT_EQ(code_of(refused), "ValidationError");
  EXPECT_EQ(message_of(refused),
            "AutoScalingGroup web has min-size=1, max-size=2, and desired-size=1. To place into "
            "standby 1 instance, please update the AutoScalingGroup sizes appropriately.");
  EXPECT_EQ(bench.lifecycle(bench.id_of("db-2")), "InService");
}

TEST(AutoScaling, LaunchesAnotherOneWhereAsManyAreDesired) {
  ServiceBench bench;
  const auto id = bench.id_of("db-1");
  EXPECT_TRUE(bench.enter_standby(id, "false").succeeded());
  bench.pass(minutes(2));
  EXPECT_EQ(bench.desired(), 2);
  EXPECT_THAT(bench.auto_scaling("DescribeAutoScalingGroups").texts("//LifecycleState"),
              UnorderedElementsAre("Standby", "InService", "InService"));
  const auto too_many = bench.exit_standby(id);
  EXPECT_THAT(message_of(too_many), HasSubstr("max-size=2, and desired-size=2"));
}

TEST(AutoScaling, RefusesWhatCannotBe) {
  ServiceBench bench;
  const auto id = bench.id_of("db-1");
  const auto refusal = [&](std::string_view action, ApiParameters parameters) {
    const auto reply = bench.auto_scaling(action, std::move(parameters));
    EXPECT_EQ(code_of(reply), "ValidationError") << reply;
    EXPECT_EQ(reply.status(), 400);
    return message_of(reply);
  };
  EXPECT_EQ(message_of(bench.exit_standby(id)), "The instance " + id + " is not in Standby.");
  bench.enter_standby(id);
  EXPECT_EQ(message_of(bench.enter_standby(id)), "The instance " + id + " is not in InService.");
  EXPECT_EQ(message_of(bench.enter_standby("i-0123456789abcdef0")),
            "The instance i-0123456789abcdef0 is not part of Auto Scaling group web.");
  EXPECT_THAT(refusal("ExitStandby", {{"AutoScalingGroupName", "x"}, {"InstanceIds.member.1", id}}),
              HasSubstr("AutoScalingGroup 'x' not found"));
  EXPECT_THAT(refusal("EnterStandby", {{"InstanceIds.member.1", id}}),
              HasSubstr("'autoScalingGroupName'"));
  EXPECT_THAT(
      refusal("EnterStandby", {{"AutoScalingGroupName", "web"}, {"InstanceIds.member.1", id}}),
      HasSubstr("'shouldDecrementDesiredCapacity'"));
  EXPECT_THAT(refusal("ExitStandby", {{"AutoScalingGroupName", "web"}}),
              HasSubstr("At least one instance"));
  EXPECT_THAT(refusal("ExitStandby", {{"AutoScalingGroupName", "web"}, {"Force", "true"}}),
              HasSubstr("At least one instance"));
  EXPECT_THAT(refusal("DescribeAutoScalingGroups", {{"GroupNames.member.1", "web"}}),
              HasSubstr("GroupNames.member.1 is not recognized"));
}

TEST(AutoScaling, TakesSoManyInstancesAtOnce) {
  ServiceBench bench;
  const auto numbered = [](int count) {
    ApiParameters parameters;
    for (int i = 1; i <= count; ++i) {
      parameters.emplace_back("InstanceIds.member." + std::to_string(i), "i-" + std::to_string(i));
    }
    return parameters;
  };
  EXPECT_TRUE(bench.auto_scaling("DescribeAutoScalingInstances", numbered(50)).succeeded());
  EXPECT_EQ(code_of(bench.auto_scaling("DescribeAutoScalingInstances", numbered(51))),
            "ValidationError");
  auto moved = numbered(21);
  moved.emplace_back("AutoScalingGroupName", "web");
  EXPECT_THAT(message_of(bench.auto_scaling("ExitStandby", moved)),
              HasSubstr("length less than or equal to 20"));
}

TEST(AutoScaling, TellsWhatItHasDone) {
  ServiceBench bench;
  bench.enter_standby(bench.id_of("db-1"));
  bench.pass(minutes(2));
  bench.exit_standby(bench.id_of("db-1"));
  const auto activities =
      bench.auto_scaling("DescribeScalingActivities", {{"AutoScalingGroupName", "web"}});
  EXPECT_THAT(activities.texts("//StatusCode"), ElementsAre("InProgress", "Successful"));
  EXPECT_THAT(activities.text("//Description"), HasSubstr("out of Standby"));
}

TEST(AutoScaling, WhatThePolicyDeniesIsRefused) {
  auto scenario = service_scenario();
  scenario.denied_actions = {"autoscaling:EnterStandby"};
  ServiceBench bench(scenario);
  const auto reply = bench.enter_standby(bench.id_of("db-1"));
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(code_of(reply), "AccessDenied");
  EXPECT_THAT(message_of(reply), HasSubstr("is not authorized to perform: autoscaling:EnterStandby "
                                           "on resource: arn:aws:autoscaling:us-east-1:"));
  EXPECT_EQ(bench.lifecycle(bench.id_of("db-1")), "InService");
}

TEST(AutoScaling, WhatItDoesNotKnowIsRefused) {
  ServiceBench bench;
  EXPECT_EQ(code_of(bench.auto_scaling("SuspendProcesses")), "InvalidAction");
  EXPECT_EQ(code_of(bench.load_balancing("DescribeAutoScalingGroups")), "InvalidAction");
  sim::ServiceRequest request;
  request.service = sim::Service::auto_scaling;
  for (const auto* body : {"", "Action=", "Action=EnterStandby", "Action=%zz&Version=2011-01-01",
                           "Action=<&Version=2011-01-01", "\xff=\xff", "&&&"}) {
    request.body = body;
    const ApiReply reply(bench.simulator.answer(request));
    EXPECT_FALSE(code_of(reply).empty()) << body << reply;
    EXPECT_LT(reply.status(), 500);
  }
}

TEST(AutoScaling, CountsItsCalls) {
  ServiceBench bench;
  bench.enter_standby(bench.id_of("db-1"));
  bench.auto_scaling("SuspendProcesses");
  EXPECT_EQ(bench.simulator.calls("EnterStandby"), 1);
  EXPECT_EQ(bench.simulator.calls("SuspendProcesses"), 0);
}

}  // namespace
}  // namespace pitstop::test
