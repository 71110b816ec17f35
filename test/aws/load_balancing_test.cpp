#include "aws/load_balancing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service_world.hpp"

namespace pitstop {
namespace {

using test::as_answer;
using test::as_error;
using testing::HasSubstr;
using testing::SizeIs;

using LoadBalancingBench = test::ScriptedService<LoadBalancing>;
using LoadBalancingWorld = test::SimulatedService<LoadBalancing>;

constexpr auto group_arn = "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1";

std::string group(const std::string& name, const std::string& vpc) {
  return "<member><TargetGroupArn>arn:" + name + "</TargetGroupArn><TargetGroupName>" + name +
         "</TargetGroupName><Port>80</Port><VpcId>" + vpc +
         "</VpcId><TargetType>instance</TargetType><LoadBalancerArns><member>arn:lb</member>"
         "</LoadBalancerArns></member>";
}

VIRTUAL_TEST(LoadBalancing, TellsOfTheGroupsOfAVpc) {
  LoadBalancingBench bench(time);
  bench.http.answer(200, as_answer("DescribeTargetGroups",
                                   "<TargetGroups>" + group("a", "vpc-1") + group("b", "vpc-2") +
                                       "</TargetGroups><NextMarker>m</NextMarker>"));
  bench.http.answer(200, as_answer("DescribeTargetGroups",
                                   "<TargetGroups>" + group("c", "vpc-1") + "</TargetGroups>"));
  const auto groups = co_await bench.client.describe_target_groups("vpc-1");
  CO_ASSERT_TRUE(groups && groups->size() == 2);
  EXPECT_EQ(groups->at(0).arn, "arn:a");
  EXPECT_EQ(groups->at(1).name, "c");
  EXPECT_EQ(groups->at(1).target_type, "instance");
  EXPECT_EQ(groups->at(1).port, 80);
  EXPECT_THAT(groups->at(1).load_balancers, SizeIs(1));
  EXPECT_EQ(bench.http.requests[1].body, "Action=DescribeTargetGroups&Marker=m&Version=2015-12-01");
  EXPECT_EQ(bench.http.requests[0].url, "https://elasticloadbalancing.eu-central-1.amazonaws.com/");
  EXPECT_EQ(bench.http.requests[0].signature->service, "elasticloadbalancing");
}

VIRTUAL_TEST(LoadBalancing, ReadsHealth) {
  LoadBalancingBench bench(time);
  bench.http.answer(
      200,
      as_answer(
          "DescribeTargetHealth",
          "<TargetHealthDescriptions><member><Target><Id>i-1</Id><Port>80</Port></Target>"
          "<TargetHealth><State>healthy</State></TargetHealth></member><member><Target><Id>10.0.0.1"
          "</Id><Port>8080</Port><AvailabilityZone>all</AvailabilityZone></Target><TargetHealth>"
          "<State>draining</State><Reason>Target.DeregistrationInProgress</Reason></TargetHealth>"
          "</member><member><Target><Id>i-2</Id></Target><TargetHealth><State>unused</"
          "State><Reason>"
          "Target.NotRegistered</Reason></TargetHealth></member></TargetHealthDescriptions>"));
  const auto all = co_await bench.client.describe_target_health(group_arn);
  CO_ASSERT_TRUE(all && all->size() == 3);
  EXPECT_TRUE(all->at(0).healthy() && all->at(0).registered());
  EXPECT_EQ(all->at(1).target, (LoadBalancerTarget{"10.0.0.1", 8080, "all"}));
  EXPECT_TRUE(all->at(1).draining());
  EXPECT_FALSE(all->at(1).registered());
  EXPECT_FALSE(all->at(2).registered() || all->at(2).draining());
}

VIRTUAL_TEST(LoadBalancing, RepeatsPortsAndTheZoneOfStrangers) {
  LoadBalancingBench bench(time);
  bench.http.answer(200, as_answer("DeregisterTargets")).answer(200, as_answer("RegisterTargets"));
  const std::vector<LoadBalancerTarget> targets{{"i-1", 8080, "eu-central-1a"},
                                                {"10.0.0.1", {}, "all"}};
  const auto removed = co_await bench.client.deregister(group_arn, targets);
  const auto added = co_await bench.client.register_targets(group_arn, targets);
  EXPECT_TRUE(removed && added);
  for (const auto& request : bench.http.requests) {
    EXPECT_THAT(request.body,
                HasSubstr("&Targets.member.1.Id=i-1&Targets.member.1.Port=8080&Targets.member.2."
                          "AvailabilityZone=all&Targets.member.2.Id=10.0.0.1&Version=2015-12-01"));
  }
}

VIRTUAL_TEST(LoadBalancing, ReadsTheDelay) {
  LoadBalancingBench bench(time);
  const auto attribute = [](const char* key, const char* value) {
    return std::string("<member><Key>") + key + "</Key><Value>" + value + "</Value></member>";
  };
  bench.http.answer(200, as_answer("DescribeTargetGroupAttributes",
                                   "<Attributes>" + attribute("stickiness.enabled", "false") +
                                       attribute("deregistration_delay.timeout_seconds", "120") +
                                       "</Attributes>"));
  bench.http.answer(200, as_answer("DescribeTargetGroupAttributes"));
  const auto delay = co_await bench.client.deregistration_delay(group_arn);
  CO_ASSERT_TRUE(delay);
  EXPECT_EQ(*delay, Seconds(120));
  const auto none = co_await bench.client.deregistration_delay(group_arn);
  CO_ASSERT_TRUE(!none);
  EXPECT_EQ(none.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(LoadBalancing, ErrorsAreOneKindPerReaction) {
  struct Case {
    std::string code;
    std::string message;
    ErrorKind kind;
  };
  for (const auto& each : std::vector<Case>{
           {"TargetGroupNotFound", "", ErrorKind::not_found},
           {"InvalidTarget", "The following targets are not in a running state",
            ErrorKind::wrong_state},
           {"InvalidTarget", "The following targets are not valid", ErrorKind::refused},
           {"TooManyTargets", "", ErrorKind::refused},
           {"ExpiredToken", "", ErrorKind::forbidden}}) {
    LoadBalancingBench bench(time);
    bench.http.answer(400, as_error(each.code, each.message));
    const std::vector<LoadBalancerTarget> targets{{"i-1", {}, ""}};
    const auto done = co_await bench.client.register_targets(group_arn, targets);
    CO_ASSERT_TRUE(!done);
    EXPECT_EQ(done.error().kind, each.kind) << each.code << each.message;
  }
}

VIRTUAL_TEST(LoadBalancing, TheLastErrorDoesNotMakeALostAttemptUndone) {
  LoadBalancingBench bench(time);
  bench.http.fail(ErrorKind::unknown_fate).answer(403, as_error("AccessDenied"));
  const std::vector<LoadBalancerTarget> targets{{"i-1", {}, ""}};
  const auto done = co_await bench.client.deregister(group_arn, targets);
  CO_ASSERT_TRUE(!done);
  EXPECT_EQ(done.error().kind, ErrorKind::unknown_fate);
  EXPECT_THAT(done.error().hint, HasSubstr("elasticloadbalancing:DeregisterTargets"));
}

sim::Scenario one_target(std::vector<sim::ScriptedFault> faults) {
  sim::Scenario scenario;
  scenario.servers.emplace_back().name = "web";
  auto& targets = scenario.target_groups.emplace_back();
  targets.name = "web";
  targets.members = {"web:8080"};
  targets.deregistration_delay = Seconds(60);
  scenario.faults.scripted = std::move(faults);
  return scenario;
}

VIRTUAL_TEST(LoadBalancingSimulated, WhateverBefallsACallOnce) {
  for (const auto kind : test::passing_faults()) {
    LoadBalancingWorld world(time,
                             one_target({{.action = "DescribeTargetGroups", .kind = kind},
                                         {.action = "DescribeTargetHealth", .kind = kind},
                                         {.action = "DescribeTargetGroupAttributes", .kind = kind},
                                         {.action = "DeregisterTargets", .kind = kind},
                                         {.action = "RegisterTargets", .kind = kind}}));
    const auto groups = co_await world.client.describe_target_groups();
    CO_ASSERT_TRUE(groups && groups->size() == 1);
    const auto arn = groups->front().arn;
    const auto delay = co_await world.client.deregistration_delay(arn);
    CO_ASSERT_TRUE(delay);
    const auto before = co_await world.client.describe_target_health(arn);
    CO_ASSERT_TRUE(before && before->size() == 1);
    EXPECT_TRUE(before->front().healthy()) << to_string(kind);
    const std::vector<LoadBalancerTarget> targets{before->front().target};
    const auto removed = co_await world.client.deregister(arn, targets);
    EXPECT_TRUE(removed) << to_string(kind);
    const auto draining = co_await world.client.describe_target_health(arn, targets);
    CO_ASSERT_TRUE(draining && draining->size() == 1);
    EXPECT_TRUE(draining->front().draining());
    co_await time.sleep(*delay);
    const auto gone = co_await world.client.describe_target_health(arn);
    EXPECT_TRUE(gone && gone->empty());
    const auto added = co_await world.client.register_targets(arn, targets);
    EXPECT_TRUE(added) << to_string(kind);
    co_await time.sleep(Seconds(60));
    const auto after = co_await world.client.describe_target_health(arn, targets);
    EXPECT_TRUE(after && after->front().healthy()) << to_string(kind);
    EXPECT_TRUE(world.faults.unused().empty()) << to_string(kind);
  }
}

}  // namespace
}  // namespace pitstop
