// What the simulated services beside EC2 take and answer, held against AWS's own models of them.

#include <gtest/gtest.h>

#include <algorithm>

#include "service_bench.hpp"
#include "sim/autoscaling/actions.hpp"
#include "sim/elb/actions.hpp"
#include "support/botocore.hpp"

namespace pitstop::test {
namespace {

using nlohmann::json;
using BotocoreServices = Botocore;

/// Calls actions and keeps what was sent and answered.
class Recorder {
 public:
  void auto_scaling(const std::string& action, const ApiParameters& parameters = {}) {
    keep("autoscaling", action, parameters, bench.auto_scaling(action, parameters));
  }
  void load_balancing(const std::string& action, const ApiParameters& parameters = {}) {
    keep("elbv2", action, parameters, bench.load_balancing(action, parameters));
  }

  bool has(std::string_view action) const {
    return std::ranges::any_of(cases, [&](const json& each) { return each["action"] == action; });
  }

  ServiceBench bench;
  json cases = json::array();

 private:
  void keep(const char* service, const std::string& action, const ApiParameters& parameters,
            const ApiReply& reply) {
    auto form = json::object();
    for (const auto& [name, value] : parameters) {
      form[name] = value;
    }
    json made = {{"service", service}, {"action", action}, {"form", form}};
    if (reply.succeeded()) {
      made["body"] = reply.response.body;
    } else {
      made.erase("form");
      made["code"] = code_of(reply);
      made["status"] = reply.status();
    }
    cases.push_back(std::move(made));
  }
};

void record_auto_scaling(Recorder& recorder) {
  const auto id = recorder.bench.id_of("db-1");
  const ApiParameters move{{"AutoScalingGroupName", "web"}, {"InstanceIds.member.1", id}};
  auto enter = move;
  enter.emplace_back("ShouldDecrementDesiredCapacity", "true");
  recorder.auto_scaling("DescribeAutoScalingInstances",
                        {{"InstanceIds.member.1", id}, {"MaxRecords", "50"}, {"NextToken", ""}});
  recorder.auto_scaling("DescribeAutoScalingInstances", {{"MaxRecords", "1"}});
  recorder.auto_scaling("DescribeAutoScalingInstances", {{"NextToken", "x"}});
  recorder.auto_scaling("DescribeAutoScalingGroups",
                        {{"AutoScalingGroupNames.member.1", "web"}, {"IncludeInstances", "true"}});
  recorder.auto_scaling("EnterStandby", enter);
  recorder.auto_scaling("EnterStandby", enter);
  recorder.bench.pass(Seconds(60));
  recorder.auto_scaling("ExitStandby", move);
  recorder.auto_scaling("DescribeScalingActivities",
                        {{"AutoScalingGroupName", "web"}, {"MaxRecords", "10"}});
}

void record_load_balancing(Recorder& recorder) {
  const auto group = recorder.bench.targets();
  const ApiParameters target{{"TargetGroupArn", group},
                             {"Targets.member.1.Id", recorder.bench.id_of("db-2")},
                             {"Targets.member.1.Port", "8080"}};
  recorder.load_balancing("DescribeTargetGroups", {{"PageSize", "1"}, {"Marker", ""}});
  recorder.load_balancing("DescribeTargetGroups", {{"TargetGroupArns.member.1", group}});
  recorder.load_balancing("DescribeTargetGroups", {{"Names.member.1", "web"}});
  recorder.load_balancing("DescribeTargetGroups", {{"Names.member.1", "x"}});
  recorder.load_balancing("DescribeTargetGroups", {{"LoadBalancerArn", "x"}});
  recorder.load_balancing("DescribeTargetGroupAttributes", {{"TargetGroupArn", group}});
  recorder.load_balancing("RegisterTargets", target);
  recorder.load_balancing("RegisterTargets",
                          {{"TargetGroupArn", group}, {"Targets.member.1.Id", "i-x"}});
  recorder.load_balancing("DescribeTargetHealth", {{"TargetGroupArn", group}});
  recorder.load_balancing("DeregisterTargets", target);
  recorder.load_balancing("DescribeTargetHealth", target);
  recorder.load_balancing("DescribeTargetHealth", {{"TargetGroupArn", "x"}});
}

void record_ssm(Recorder& recorder) {
  const auto keep = [&](const char* action, const json& request) {
    const auto body = recorder.bench.ssm(request.dump(), action).body;
    recorder.cases.push_back(
        {{"service", "ssm"}, {"action", action}, {"request", request}, {"body", body}});
    return json::parse(body);
  };
  const auto instance = recorder.bench.id();
  const auto sent =
      keep("SendCommand", {{"DocumentName", "pitstop-freeze"},
                           {"InstanceIds", {instance}},
                           {"Parameters", {{"Action", {"thaw"}}, {"Backup", {"b-0123456789ab"}}}},
                           {"TimeoutSeconds", 30}});
  keep("GetCommandInvocation",
       {{"CommandId", sent["Command"]["CommandId"]}, {"InstanceId", instance}});
}

TEST_F(BotocoreServices, AreReadByBotocoreWithoutARest) {
  Recorder recorder;
  record_auto_scaling(recorder);
  record_load_balancing(recorder);
  for (const auto action : sim::auto_scaling_actions) {
    EXPECT_TRUE(recorder.has(action)) << action;
  }
  for (const auto action : sim::load_balancing_actions) {
    EXPECT_TRUE(recorder.has(action)) << action;
  }
  for (const auto* key : {"alias/backup", "alias/aws/ebs"}) {
    const json request{{"KeyId", key}};
    recorder.cases.push_back({{"service", "kms"},
                              {"action", "DescribeKey"},
                              {"request", request},
                              {"body", recorder.bench.kms(request.dump()).body}});
  }
  record_ssm(recorder);
  const auto findings = ask("sim/services_botocore.py", recorder.cases);
  ASSERT_EQ(findings.size(), recorder.cases.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    EXPECT_EQ(findings[i], json::array()) << recorder.cases[i];
  }
}

}  // namespace
}  // namespace pitstop::test
