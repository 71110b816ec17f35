#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "api_bench.hpp"

namespace pitstop::test {

/// Two running servers, db-1 and db-2, in the Auto Scaling group "web" (at least one of them in
/// service) and in its target group "web" (which drains for a minute). The keys "backup" and
/// "lost" (disabled) are there. Of the group, a health check takes 30 s, all else 5 s; a target is
/// healthy after 10 s.
sim::Scenario service_scenario();

/// A simulator, of which the services beside EC2 are asked as their APIs are asked.
class ServiceBench : public ApiBench {
 public:
  ServiceBench() : ServiceBench(service_scenario()) {}
  explicit ServiceBench(sim::Scenario scenario) : ApiBench(std::move(scenario)) {}

  ApiReply auto_scaling(std::string_view action, ApiParameters parameters = {}) {
    return query(sim::Service::auto_scaling, "2011-01-01", action, std::move(parameters));
  }
  ApiReply load_balancing(std::string_view action, ApiParameters parameters = {}) {
    return query(sim::Service::load_balancing, "2015-12-01", action, std::move(parameters));
  }
  HttpResponse ssm(const std::string& body, const std::string& action);
  HttpResponse kms(const std::string& body,
                   const std::string& operation = "TrentService.DescribeKey");

  /// "db-1" or "db-2".
  std::string id_of(std::string_view name);
  sim::Instance& server_named(std::string_view name);
  /// The ARN of the target group "web".
  std::string targets();

  ApiReply enter_standby(const std::string& id, const std::string& decrement = "true");
  ApiReply exit_standby(const std::string& id);
  /// "InService"; empty for one that is no member.
  std::string lifecycle(const std::string& id);
  int desired();
  /// "healthy", "draining/Target.DeregistrationInProgress".
  std::string health(const std::string& id, const std::string& port = "");
  ApiReply change_target(std::string_view action, const std::string& id,
                         const std::string& port = "");

 private:
  ApiReply query(sim::Service service, std::string_view version, std::string_view action,
                 ApiParameters parameters);
};

/// Of an answer of these services; empty if it is no error.
std::string code_of(const ApiReply& reply);
std::string message_of(const ApiReply& reply);

}  // namespace pitstop::test
