#include "aws/auto_scaling.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_world.hpp"

namespace pitstop {
namespace {

using test::as_answer;
using test::as_error;
using testing::HasSubstr;
using testing::SizeIs;

using AutoScalingBench = test::ScriptedService<AutoScaling>;
using AutoScalingWorld = test::SimulatedService<AutoScaling>;

const InstanceId server("i-0123456789abcdef0");

std::string member(const std::string& id, const std::string& state) {
  return "<member><InstanceId>" + id +
         "</InstanceId><AutoScalingGroupName>web</AutoScalingGroupName><LifecycleState>" + state +
         "</LifecycleState></member>";
}

std::string members(const std::string& list, const std::string& next = "") {
  return as_answer("DescribeAutoScalingInstances", "<AutoScalingInstances>" + list +
                                                       "</AutoScalingInstances><NextToken>" + next +
                                                       "</NextToken>");
}

VIRTUAL_TEST(AutoScaling, AsksForMembersWithASignedForm) {
  AutoScalingBench bench(time);
  bench.http.answer(200, members(member("i-1", "InService")));
  const std::vector<InstanceId> ids{InstanceId("i-1"), InstanceId("i-2")};
  const auto found = co_await bench.client.describe_instances(ids);
  CO_ASSERT_TRUE(found && found->size() == 1);
  EXPECT_EQ(found->front().instance, InstanceId("i-1"));
  EXPECT_EQ(found->front().group, "web");
  EXPECT_TRUE(found->front().in_service());
  const auto& request = bench.http.requests.front();
  EXPECT_EQ(request.url, "https://autoscaling.eu-central-1.amazonaws.com/");
  EXPECT_EQ(request.body,
            "Action=DescribeAutoScalingInstances&InstanceIds.member.1=i-1&InstanceIds.member.2=i-2&"
            "Version=2011-01-01");
  CO_ASSERT_TRUE(request.signature);
  EXPECT_EQ(request.signature->service, "autoscaling");
}

VIRTUAL_TEST(AutoScaling, AsksForFiftyAtATimeAndForNoneNotAtAll) {
  AutoScalingBench bench(time);
  const auto none = co_await bench.client.describe_instances({});
  EXPECT_TRUE(none && none->empty());
  EXPECT_THAT(bench.http.requests, SizeIs(0)) << "a form without ids asks for all";
  bench.http.answer(200, members("")).answer(200, members(""));
  const std::vector<InstanceId> ids(51, server);
  const auto found = co_await bench.client.describe_instances(ids);
  EXPECT_TRUE(found);
  EXPECT_THAT(bench.http.requests, SizeIs(2));
}

VIRTUAL_TEST(AutoScaling, FollowsThePages) {
  AutoScalingBench bench(time);
  bench.http.answer(200, members(member("i-1", "Standby"), "more&amp;more"));
  bench.http.answer(200, members(member("i-2", "Pending:Wait")));
  const std::vector<InstanceId> ids{InstanceId("i-1"), InstanceId("i-2")};
  const auto found = co_await bench.client.describe_instances(ids);
  CO_ASSERT_TRUE(found && found->size() == 2);
  EXPECT_TRUE(found->at(0).in_standby());
  EXPECT_TRUE(found->at(1).pending());
  EXPECT_THAT(bench.http.requests[1].body, HasSubstr("&NextToken=more%26more&"));
}

VIRTUAL_TEST(AutoScaling, APageThatComesTwiceIsNoLoop) {
  AutoScalingBench bench(time);
  bench.http.answer(200, members("", "x")).answer(200, members("", "x"));
  const std::vector<InstanceId> ids{server};
  const auto found = co_await bench.client.describe_instances(ids);
  CO_ASSERT_TRUE(!found);
  EXPECT_EQ(found.error().kind, ErrorKind::refused);
}

VIRTUAL_TEST(AutoScaling, ReadsAGroup) {
  AutoScalingBench bench(time);
  bench.http.answer(
      200, as_answer("DescribeAutoScalingGroups",
                     "<AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName>"
                     "<MinSize>1</MinSize><MaxSize>4</MaxSize><DesiredCapacity>2</DesiredCapacity>"
                     "<TargetGroupARNs><member>arn:1</member><member>arn:2</member>"
                     "</TargetGroupARNs></member></AutoScalingGroups>"));
  bench.http.answer(200, as_answer("DescribeAutoScalingGroups"));
  const auto group = co_await bench.client.describe_group("web");
  CO_ASSERT_TRUE(group);
  EXPECT_EQ(group->min, 1);
  EXPECT_EQ(group->max, 4);
  EXPECT_EQ(group->desired, 2);
  EXPECT_EQ(group->target_groups, (std::vector<std::string>{"arn:1", "arn:2"}));
  const auto none = co_await bench.client.describe_group("web");
  CO_ASSERT_TRUE(!none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
}

VIRTUAL_TEST(AutoScaling, MovesIntoStandbyAndOutOfIt) {
  AutoScalingBench bench(time);
  bench.http.answer(200, as_answer("EnterStandby")).answer(200, as_answer("ExitStandby"));
  const auto entered = co_await bench.client.enter_standby("web", server, true);
  const auto left = co_await bench.client.exit_standby("web", server);
  EXPECT_TRUE(entered && left);
  EXPECT_EQ(bench.http.requests[0].body,
            "Action=EnterStandby&AutoScalingGroupName=web&InstanceIds.member.1=i-0123456789abcdef0&"
            "ShouldDecrementDesiredCapacity=true&Version=2011-01-01");
  EXPECT_EQ(bench.http.requests[1].body,
            "Action=ExitStandby&AutoScalingGroupName=web&InstanceIds.member.1=i-0123456789abcdef0&"
            "Version=2011-01-01");
}

VIRTUAL_TEST(AutoScaling, TellsRefusalsApartByTheirText) {
  const std::vector<std::pair<std::string, ErrorKind>> refusals{
      {"The instance i-1 is not in InService.", ErrorKind::wrong_state},
      {"The instance i-1 is not part of Auto Scaling group web.", ErrorKind::not_found},
      {"AutoScalingGroup name not found - AutoScalingGroup 'web' not found", ErrorKind::not_found},
      {"AutoScalingGroup web has min-size=1, max-size=2, and desired-size=1.", ErrorKind::refused},
      {"something new", ErrorKind::refused}};
  for (const auto& [message, kind] : refusals) {
    AutoScalingBench bench(time);
    bench.http.answer(400, as_error("ValidationError", message));
    const auto done = co_await bench.client.enter_standby("web", server, true);
    CO_ASSERT_TRUE(!done);
    EXPECT_EQ(done.error().kind, kind) << message;
    EXPECT_EQ(done.error().message, "EnterStandby: ValidationError: " + message);
  }
}

VIRTUAL_TEST(AutoScaling, ALostAttemptIsLookedFor) {
  const auto refusal = as_error("ValidationError", "The instance i-1 is not in InService.");
  for (const auto& [state, is_done] : std::vector<std::pair<std::string, bool>>{
           {"EnteringStandby", true}, {"Standby", true}, {"Terminating", false}}) {
    AutoScalingBench bench(time);
    bench.http.fail(ErrorKind::unknown_fate).answer(400, refusal);
    bench.http.answer(200, members(member("i-1", state)));
    const auto done = co_await bench.client.enter_standby("web", InstanceId("i-1"), true);
    EXPECT_EQ(done.has_value(), is_done) << state;
    if (!done) {
      EXPECT_EQ(done.error().kind, ErrorKind::unknown_fate);
    }
  }
}

VIRTUAL_TEST(AutoScaling, WhatSomebodyElseHasDoneIsNotOurs) {
  AutoScalingBench bench(time);
  bench.http.answer(400, as_error("ValidationError", "The instance i-1 is not in InService."));
  const auto done = co_await bench.client.enter_standby("web", InstanceId("i-1"), true);
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::wrong_state);
  EXPECT_TRUE(bench.http.used_up());
}

VIRTUAL_TEST(AutoScaling, AsksAgainWhenItMay) {
  AutoScalingBench bench(time);
  bench.http.answer(500, as_error("ResourceContention")).answer(400, as_error("Throttling"));
  bench.http.answer(200, "<html><body>log in</body></html>").answer(200, "<EnterStandbyRes");
  bench.http.answer(200, "\xff\xfe garbage").answer(502, "").answer(200, as_answer("EnterStandby"));
  const auto done = co_await bench.client.enter_standby("web", server, true);
  EXPECT_TRUE(done);
  EXPECT_THAT(bench.http.requests, SizeIs(7));
}

VIRTUAL_TEST(AutoScaling, AnAnswerWithoutWhatWasAskedForIsNone) {
  AutoScalingBench bench(time);
  bench.http.answer(200, members("<member><InstanceId>i-1</InstanceId></member>"));
  const std::vector<InstanceId> ids{server};
  const auto found = co_await bench.client.describe_instances(ids);
  CO_ASSERT_TRUE(!found);
  EXPECT_EQ(found.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(AutoScaling, NamesTheRightThatIsMissing) {
  AutoScalingBench bench(time);
  bench.http.answer(403, as_error("AccessDenied", "not you"));
  const auto done = co_await bench.client.exit_standby("web", server);
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::forbidden);
  EXPECT_EQ(done.error().hint,
            "allow autoscaling:ExitStandby in the IAM policy of these credentials");
}

sim::Scenario one_group(std::vector<sim::ScriptedFault> faults = {}) {
  sim::Scenario scenario;
  auto& plan = scenario.servers.emplace_back();
  plan.name = "web";
  plan.id = server;
  auto& group = scenario.scaling_groups.emplace_back();
  group.name = "web";
  group.members = {"web"};
  scenario.faults.scripted = std::move(faults);
  return scenario;
}

VIRTUAL_TEST(AutoScalingSimulated, WhateverBefallsACallOnce) {
  for (const auto kind : test::passing_faults()) {
    AutoScalingWorld world(time,
                           one_group({{.action = "EnterStandby", .kind = kind},
                                      {.action = "ExitStandby", .kind = kind},
                                      {.action = "DescribeAutoScalingInstances", .kind = kind},
                                      {.action = "DescribeAutoScalingGroups", .kind = kind}}));
    const auto entered = co_await world.client.enter_standby("web", server, true);
    EXPECT_TRUE(entered) << to_string(kind);
    co_await time.sleep(Seconds(60));
    const std::vector<InstanceId> ids{server};
    const auto there = co_await world.client.describe_instances(ids);
    CO_ASSERT_TRUE(there && there->size() == 1);
    EXPECT_TRUE(there->front().in_standby()) << to_string(kind);
    const auto left = co_await world.client.exit_standby("web", server);
    EXPECT_TRUE(left) << to_string(kind);
    const auto group = co_await world.client.describe_group("web");
    CO_ASSERT_TRUE(group);
    EXPECT_EQ(group->desired, 1) << to_string(kind);
    EXPECT_TRUE(world.faults.unused().empty()) << to_string(kind);
  }
}

}  // namespace
}  // namespace pitstop
