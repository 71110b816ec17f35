// The simulated Elastic Load Balancing: target groups, and how their targets are over time.

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

/// The two servers are targets, without an Auto Scaling group.
sim::Scenario target_scenario() {
  auto scenario = service_scenario();
  scenario.scaling_groups.clear();
  scenario.target_groups[0].members = {"db-1", "db-2"};
  return scenario;
}

struct TargetBench : ServiceBench {
  TargetBench() : ServiceBench(target_scenario()) {}
  explicit TargetBench(sim::Scenario scenario) : ServiceBench(std::move(scenario)) {}

  ApiReply add(const std::string& id, const std::string& port = "") {
    return change_target("RegisterTargets", id, port);
  }
  ApiReply remove(const std::string& id, const std::string& port = "") {
    return change_target("DeregisterTargets", id, port);
  }
  std::vector<std::string> states() {
    return load_balancing("DescribeTargetHealth", {{"TargetGroupArn", targets()}}).texts("//State");
  }

  std::string db = id_of("db-1");
};

TEST(LoadBalancing, TellsOfItsGroups) {
  TargetBench bench;
  const auto reply = bench.load_balancing("DescribeTargetGroups");
  EXPECT_EQ(reply.text("//TargetGroupName"), "web") << reply;
  EXPECT_EQ(reply.text("//TargetGroupArn"), bench.targets());
  EXPECT_EQ(reply.text("//TargetType"), "instance");
  EXPECT_EQ(reply.text("//Port"), "80");
  EXPECT_EQ(reply.text("//VpcId"), bench.call("DescribeVpcs").text("//vpcId"));
  const auto balancer = reply.text("//LoadBalancerArns/member");
  EXPECT_THAT(balancer, HasSubstr(":loadbalancer/app/web/"));
  EXPECT_EQ(bench.load_balancing("DescribeTargetGroups", {{"LoadBalancerArn", balancer}})
                .count("//TargetGroupArn"),
            1U);
  EXPECT_EQ(
      bench.load_balancing("DescribeTargetGroupAttributes", {{"TargetGroupArn", bench.targets()}})
          .text("//member[Key='deregistration_delay.timeout_seconds']/Value"),
      "60");
}

TEST(LoadBalancing, ListsPageByPage) {
  auto scenario = target_scenario();
  for (const auto* name : {"a", "b"}) {
    scenario.target_groups.emplace_back().name = name;
  }
  TargetBench bench(scenario);
  const auto first = bench.load_balancing("DescribeTargetGroups", {{"PageSize", "2"}});
  EXPECT_THAT(first.texts("//TargetGroupName"), ElementsAre("a", "b"));
  const auto second = bench.load_balancing(
      "DescribeTargetGroups", {{"PageSize", "2"}, {"Marker", first.text("//NextMarker")}});
  EXPECT_THAT(second.texts("//TargetGroupName"), ElementsAre("web"));
  EXPECT_EQ(second.count("//NextMarker"), 0U);
  EXPECT_EQ(code_of(bench.load_balancing("DescribeTargetGroups", {{"Marker", "x"}})),
            "ValidationError");
  EXPECT_THAT(bench.load_balancing("DescribeTargetGroups", {{"Names.member.1", "b"}})
                  .texts("//TargetGroupName"),
              ElementsAre("b"));
}

TEST(LoadBalancing, ADeregisteredTargetDrainsAndIsGone) {
  TargetBench bench;
  EXPECT_THAT(bench.states(), ElementsAre("healthy", "healthy"));
  EXPECT_TRUE(bench.remove(bench.db).succeeded());
  EXPECT_EQ(bench.health(bench.db), "draining/Target.DeregistrationInProgress");
  EXPECT_THAT(bench.states(), SizeIs(2));
  bench.pass(Seconds(30));
  EXPECT_TRUE(bench.remove(bench.db).succeeded()) << "a second time changes nothing";
  bench.pass(Seconds(30));
  EXPECT_EQ(bench.health(bench.db), "unused/Target.NotRegistered");
  EXPECT_THAT(bench.states(), ElementsAre("healthy"));
  EXPECT_TRUE(bench.remove(bench.db).succeeded());
  bench.call("StopInstances", {{"InstanceId.1", bench.db}});
  EXPECT_THAT(bench.simulator.load_balancing().cut_targets(), IsEmpty());
}

TEST(LoadBalancing, ARegisteredTargetIsHealthyAfterAWhile) {
  TargetBench bench;
  bench.remove(bench.db);
  bench.pass(Seconds(10));
  EXPECT_TRUE(bench.add(bench.db).succeeded()) << "while it drains";
  EXPECT_EQ(bench.health(bench.db), "initial/Elb.RegistrationInProgress");
  bench.pass(Seconds(5));
  EXPECT_EQ(bench.health(bench.db), "initial/Elb.InitialHealthChecking");
  EXPECT_TRUE(bench.add(bench.db).succeeded()) << "once more changes nothing";
  bench.pass(Seconds(5));
  EXPECT_EQ(bench.health(bench.db), "healthy");
  bench.pass(minutes(5));
  EXPECT_EQ(bench.health(bench.db), "healthy");
}

TEST(LoadBalancing, ATargetThatStops) {
  TargetBench bench;
  bench.call("StopInstances", {{"InstanceId.1", bench.db}});
  bench.pass(minutes(1));
  EXPECT_EQ(bench.health(bench.db), "unused/Target.InvalidState");
  bench.call("StartInstances", {{"InstanceId.1", bench.db}});
  bench.pass(Seconds(20));
  EXPECT_EQ(bench.health(bench.db), "initial/Elb.RegistrationInProgress");
  bench.pass(Seconds(10));
  EXPECT_EQ(bench.health(bench.db), "healthy");
  EXPECT_THAT(bench.simulator.load_balancing().cut_targets(), SizeIs(1));
}

TEST(LoadBalancing, WhoDoesNotRunCannotBeRegistered) {
  TargetBench bench;
  bench.remove(bench.db);
  bench.pass(minutes(1));
  bench.call("StopInstances", {{"InstanceId.1", bench.db}});
  const auto reply = bench.add(bench.db);
  EXPECT_EQ(code_of(reply), "InvalidTarget");
  EXPECT_EQ(message_of(reply),
            "The following targets are not in a running state and cannot be registered: '" +
                bench.db + "'");
  EXPECT_EQ(code_of(bench.add("i-0123456789abcdef0")), "InvalidTarget");
}

TEST(LoadBalancing, APortOfItsOwnIsPartOfATarget) {
  TargetBench bench;
  EXPECT_TRUE(bench.add(bench.db, "8080").succeeded());
  EXPECT_THAT(bench.states(), SizeIs(3));
  bench.remove(bench.db);
  bench.pass(minutes(1));
  EXPECT_EQ(bench.health(bench.db), "unused/Target.NotRegistered");
  EXPECT_EQ(bench.health(bench.db, "8080"), "healthy");
  bench.remove(bench.db, "8080");
  EXPECT_EQ(bench.health(bench.db, "8080"), "draining/Target.DeregistrationInProgress");
  EXPECT_EQ(code_of(bench.add(bench.db, "65536")), "ValidationError");
  EXPECT_EQ(code_of(bench.add(bench.db, "http")), "ValidationError");
}

TEST(LoadBalancing, AnAddressIsATarget) {
  auto scenario = target_scenario();
  scenario.target_groups[0].target_type = "ip";
  scenario.target_groups[0].members = {"db-1:8080"};
  TargetBench bench(scenario);
  const auto address = bench.server_named("db-1").settings.private_ip;
  EXPECT_EQ(bench.health(address, "8080"), "healthy");
  bench.call("StopInstances", {{"InstanceId.1", bench.db}});
  EXPECT_EQ(bench.health(address, "8080"), "unhealthy/Target.Timeout");
  EXPECT_TRUE(bench.add(address, "9090").succeeded()) << "nobody asks whether it runs";
  EXPECT_EQ(message_of(bench.add(bench.db)), "The IP address '" + bench.db + "' is not valid");
  EXPECT_EQ(code_of(bench.change_target("DescribeTargetHealth", bench.db)), "ValidationError");
  EXPECT_TRUE(bench.add("192.0.2.7").succeeded());
  EXPECT_EQ(bench.load_balancing("DescribeTargetHealth", {{"TargetGroupArn", bench.targets()}})
                .texts("//AvailabilityZone"),
            (std::vector<std::string>{"us-east-1a", "us-east-1a", "all"}));
}

TEST(LoadBalancing, WithoutALoadBalancerNobodyAsksATarget) {
  auto scenario = target_scenario();
  scenario.target_groups[0].in_use = false;
  TargetBench bench(scenario);
  EXPECT_EQ(bench.health(bench.db), "unused/Target.NotInUse");
  bench.call("StopInstances", {{"InstanceId.1", bench.db}});
  EXPECT_THAT(bench.simulator.load_balancing().cut_targets(), IsEmpty());
}

TEST(LoadBalancing, RefusesWhatCannotBe) {
  TargetBench bench;
  const auto code = [&](std::string_view action, ApiParameters parameters) {
    return code_of(bench.load_balancing(action, std::move(parameters)));
  };
  for (const auto* action :
       {"DescribeTargetHealth", "DescribeTargetGroupAttributes", "DeregisterTargets"}) {
    EXPECT_EQ(code(action, {{"TargetGroupArn", "arn:x"}, {"Targets.member.1.Id", bench.db}}),
              action == std::string("DescribeTargetGroupAttributes") ? "ValidationError"
                                                                     : "TargetGroupNotFound");
    EXPECT_EQ(code(action, {}), "ValidationError");
  }
  EXPECT_EQ(code("RegisterTargets", {{"TargetGroupArn", bench.targets()}}), "ValidationError");
  EXPECT_EQ(code_of(bench.add("192.0.2.7")), "ValidationError");
  EXPECT_EQ(code("RegisterTargets", {{"TargetGroupArn", bench.targets()},
                                     {"Targets.member.1.Id", bench.db},
                                     {"Targets.member.1.AvailabilityZone", "us-east-1a"}}),
            "ValidationError");
  EXPECT_EQ(code("DescribeTargetGroups", {{"Names.member.1", "x"}}), "TargetGroupNotFound");
  EXPECT_EQ(code("DescribeTargetGroups", {{"TargetGroupArns.member.1", "x"}}),
            "TargetGroupNotFound");
  EXPECT_EQ(code("DescribeTargetGroups", {{"LoadBalancerArn", "x"}}), "LoadBalancerNotFound");
  EXPECT_EQ(code("DescribeLoadBalancers", {}), "InvalidAction");
}

TEST(LoadBalancing, WhatThePolicyDeniesIsRefused) {
  auto scenario = target_scenario();
  scenario.denied_actions = {"elasticloadbalancing:DeregisterTargets"};
  TargetBench bench(scenario);
  const auto reply = bench.remove(bench.db);
  EXPECT_EQ(reply.status(), 403);
  EXPECT_EQ(code_of(reply), "AccessDenied");
  EXPECT_THAT(message_of(reply), HasSubstr("on resource: " + bench.targets()));
  EXPECT_EQ(bench.health(bench.db), "healthy");
}

}  // namespace
}  // namespace pitstop::test
