// What we send to the services beside EC2, and read of their answers, held against AWS's models.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aws/auto_scaling.hpp"
#include "aws/keys.hpp"
#include "aws/load_balancing.hpp"
#include "aws/remote_commands.hpp"
#include "base/text.hpp"
#include "service_world.hpp"
#include "support/botocore.hpp"

namespace pitstop {
namespace {

using nlohmann::json;
using BotocoreServices = test::Botocore;

template <class Client>
Task<void> record(VirtualTime& time, Task<void> (*call_all)(Client&),
                  std::vector<HttpRequest>& requests) {
  test::ScriptedService<Client> bench(time);
  co_await call_all(bench.client);
  std::ranges::move(bench.http.requests, std::back_inserter(requests));
}

Task<void> call_auto_scaling(AutoScaling& scaling) {
  const std::vector<InstanceId> ids{InstanceId("i-1"), InstanceId("i-2")};
  co_await scaling.describe_instances(ids);
  co_await scaling.describe_group("web");
  co_await scaling.enter_standby("web", ids.front(), true);
  co_await scaling.exit_standby("web", ids.front());
}

Task<void> call_load_balancing(LoadBalancing& balancing) {
  const std::vector<LoadBalancerTarget> targets{{"i-1", 8080, ""}, {"10.0.0.1", {}, "all"}};
  co_await balancing.describe_target_groups();
  co_await balancing.describe_target_health("arn:x", targets);
  co_await balancing.deregistration_delay("arn:x");
  co_await balancing.deregister("arn:x", targets);
  co_await balancing.register_targets("arn:x", targets);
}

Task<void> call_commands(RemoteCommands& commands) {
  RemoteCommand command{.document = "pitstop-freeze",
                        .instance = InstanceId("i-1"),
                        .parameters = {{"Action", "freeze"}},
                        .comment = "x"};
  co_await commands.send(std::move(command), Seconds(1));
  co_await commands.look("c-1", InstanceId("i-1"), Seconds(1));
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

json as_query_case(const std::string& service, const HttpRequest& request) {
  auto form = json::object();
  for (const auto parameter : split(request.body, '&')) {
    const auto equals = parameter.find('=');
    form[unescaped(parameter.substr(0, equals))] = unescaped(parameter.substr(equals + 1));
  }
  return {{"service", service}, {"action", form["Action"]}, {"form", form}};
}

/// The elements that we read of the answer to such a request.
json as_json_case(const std::string& service, const HttpRequest& request,
                  const std::vector<std::string>& elements) {
  const auto& target = request.headers.at(1).value;
  return {{"service", service},
          {"action", target.substr(target.find('.') + 1)},
          {"request", json::parse(request.body)},
          {"elements", elements}};
}

std::vector<std::string> below(const std::string& prefix, std::vector<std::string> paths) {
  for (auto& path : paths) {
    path = prefix + path;
  }
  paths.emplace_back(prefix.starts_with("TargetGroups") ? "NextMarker" : "NextToken");
  return paths;
}

/// What we read of the answers.
json elements_read() {
  auto health = below("TargetHealthDescriptions/member/",
                      {"Target/Id", "Target/Port", "Target/AvailabilityZone", "TargetHealth/State",
                       "TargetHealth/Reason"});
  health.pop_back();
  return {{{"service", "autoscaling"},
           {"action", "DescribeAutoScalingInstances"},
           {"elements", below("AutoScalingInstances/member/",
                              {"InstanceId", "AutoScalingGroupName", "LifecycleState"})}},
          {{"service", "autoscaling"},
           {"action", "DescribeAutoScalingGroups"},
           {"elements",
            below("AutoScalingGroups/member/", {"AutoScalingGroupName", "MinSize", "MaxSize",
                                                "DesiredCapacity", "TargetGroupARNs/member"})}},
          {{"service", "elbv2"},
           {"action", "DescribeTargetGroups"},
           {"elements",
            below("TargetGroups/member/", {"TargetGroupArn", "TargetGroupName", "TargetType",
                                           "VpcId", "Port", "LoadBalancerArns/member"})}},
          {{"service", "elbv2"}, {"action", "DescribeTargetHealth"}, {"elements", health}},
          {{"service", "elbv2"},
           {"action", "DescribeTargetGroupAttributes"},
           {"elements", {"Attributes/member/Key", "Attributes/member/Value"}}},
          {{"service", "kms"},
           {"action", "DescribeKey"},
           {"request", {{"KeyId", "x"}}},
           {"elements", {"KeyMetadata/Arn", "KeyMetadata/KeyState", "KeyMetadata/KeyManager"}}}};
}

TEST_F(BotocoreServices, SendAndReadTheSame) {
  std::vector<HttpRequest> scaling;
  std::vector<HttpRequest> balancing;
  test::run_in_virtual_time(
      [&](VirtualTime& time) { return record(time, call_auto_scaling, scaling); });
  test::run_in_virtual_time(
      [&](VirtualTime& time) { return record(time, call_load_balancing, balancing); });
  std::vector<HttpRequest> commands;
  test::run_in_virtual_time(
      [&](VirtualTime& time) { return record(time, call_commands, commands); });
  ASSERT_EQ(commands.size(), 2U);
  ASSERT_EQ(scaling.size(), 4U);
  ASSERT_EQ(balancing.size(), 5U);
  auto cases = elements_read();
  for (const auto& request : scaling) {
    cases.push_back(as_query_case("autoscaling", request));
  }
  for (const auto& request : balancing) {
    cases.push_back(as_query_case("elbv2", request));
  }
  cases.push_back({{"service", "kms"},
                   {"action", "CreateGrant"},
                   {"request",
                    {{"KeyId", "x"},
                     {"GranteePrincipal", "arn:aws:iam::123456789012:root"},
                     {"Operations", {"Decrypt"}},
                     {"DryRun", true}}},
                   {"elements", json::array()}});
  cases.push_back(as_json_case("ssm", commands[0], {"Command/CommandId"}));
  cases.push_back(
      as_json_case("ssm", commands[1],
                   {"Status", "ResponseCode", "StandardOutputContent", "StandardErrorContent"}));
  const auto findings = ask("sim/services_botocore.py", cases);
  ASSERT_EQ(findings.size(), cases.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    EXPECT_EQ(findings[i], json::array()) << cases[i];
  }
}

}  // namespace
}  // namespace pitstop
