#include "service_bench.hpp"

#include <algorithm>

namespace pitstop::test {

sim::Scenario service_scenario() {
  auto scenario = api_scenario(2);
  sim::TargetGroupPlan targets;
  targets.name = "web";
  targets.deregistration_delay = Seconds(60);
  targets.healthy_after = sim::always(Seconds(10));
  sim::ScalingGroupPlan group;
  group.name = "web";
  group.min = 1;
  group.members = {"db"};
  group.target_groups = {"web"};
  group.pace = {sim::always(Seconds(30)), sim::always(Seconds(5)), sim::always(Seconds(5))};
  sim::KeyPlan key;
  key.name = "backup";
  sim::KeyPlan lost;
  lost.name = "lost";
  lost.id = "1234abcd-12ab-34cd-56ef-1234567890ab";
  lost.state = "Disabled";
  scenario.target_groups = {targets};
  scenario.scaling_groups = {group};
  scenario.keys = {key, lost};
  return scenario;
}

HttpResponse ServiceBench::ssm(const std::string& body, const std::string& action) {
  sim::ServiceRequest request;
  request.service = sim::Service::ssm;
  request.body = body;
  request.operation = "AmazonSSM." + action;
  return simulator.answer(request);
}

HttpResponse ServiceBench::kms(const std::string& body, const std::string& operation) {
  sim::ServiceRequest request;
  request.service = sim::Service::kms;
  request.body = body;
  request.operation = operation;
  return simulator.answer(request);
}

sim::Instance& ServiceBench::server_named(std::string_view name) {
  return std::ranges::find_if(
             region().instances,
             [name](const auto& each) { return each.second.tags.at("Name") == name; })
      ->second;
}

std::string ServiceBench::id_of(std::string_view name) {
  return server_named(name).id.str();
}

std::string ServiceBench::targets() {
  return simulator.load_balancing().groups().at("web").arn;
}

ApiReply ServiceBench::enter_standby(const std::string& id, const std::string& decrement) {
  return auto_scaling("EnterStandby", {{"AutoScalingGroupName", "web"},
                                       {"InstanceIds.member.1", id},
                                       {"ShouldDecrementDesiredCapacity", decrement}});
}

ApiReply ServiceBench::exit_standby(const std::string& id) {
  return auto_scaling("ExitStandby",
                      {{"AutoScalingGroupName", "web"}, {"InstanceIds.member.1", id}});
}

std::string ServiceBench::lifecycle(const std::string& id) {
  return auto_scaling("DescribeAutoScalingInstances", {{"InstanceIds.member.1", id}})
      .text("//LifecycleState");
}

int ServiceBench::desired() {
  return std::stoi(auto_scaling("DescribeAutoScalingGroups").text("//DesiredCapacity"));
}

std::string ServiceBench::health(const std::string& id, const std::string& port) {
  const auto reply = change_target("DescribeTargetHealth", id, port);
  const auto reason = reply.text("//Reason");
  return reply.text("//State") + (reason.empty() ? "" : "/" + reason);
}

ApiReply ServiceBench::change_target(std::string_view action, const std::string& id,
                                     const std::string& port) {
  ApiParameters parameters{{"TargetGroupArn", targets()}, {"Targets.member.1.Id", id}};
  if (!port.empty()) {
    parameters.emplace_back("Targets.member.1.Port", port);
  }
  return load_balancing(action, std::move(parameters));
}

ApiReply ServiceBench::query(sim::Service service, std::string_view version,
                             std::string_view action, ApiParameters parameters) {
  parameters.emplace_back("Action", action);
  parameters.emplace_back("Version", version);
  sim::ServiceRequest request;
  request.service = service;
  request.body = canonical_query(std::move(parameters));
  return ApiReply(simulator.answer(request));
}

std::string code_of(const ApiReply& reply) {
  return reply.text("/ErrorResponse/Error/Code");
}

std::string message_of(const ApiReply& reply) {
  return reply.text("/ErrorResponse/Error/Message");
}

}  // namespace pitstop::test
