#include "sim/request.hpp"

#include <algorithm>

#include "sim/autoscaling/actions.hpp"
#include "sim/elb/actions.hpp"
#include "sim/json/json_call.hpp"
#include "sim/kms/actions.hpp"
#include "sim/scheduler/route.hpp"
#include "sim/ssm/actions.hpp"

namespace pitstop::sim {
namespace {

std::string_view value_of(std::string_view form, std::string_view name) {
  for (std::size_t begin = 0; begin < form.size();) {
    const auto end = std::min(form.find('&', begin), form.size());
    const auto parameter = form.substr(begin, end - begin);
    if (parameter.starts_with(name) && parameter.substr(name.size()).starts_with('=')) {
      return parameter.substr(name.size() + 1);
    }
    begin = end + 1;
  }
  return {};
}

std::string action_of_form(std::string_view form) {
  const std::string action(value_of(form, "Action"));
  return value_of(form, "DryRun") == "true" ? "DryRun " + action : action;
}

}  // namespace

std::string_view to_string(Service service) {
  switch (service) {
    case Service::ec2:
      return "ec2";
    case Service::scheduler:
      return "scheduler";
    case Service::auto_scaling:
      return "autoscaling";
    case Service::load_balancing:
      return "elasticloadbalancing";
    case Service::kms:
      return "kms";
    case Service::ssm:
      return "ssm";
  }
  return "";
}

Service service_of(std::string_view path, std::string_view signed_name) {
  if (path == "/schedules" || path.starts_with("/schedules/")) {
    return Service::scheduler;
  }
  const auto* found = std::ranges::find_if(all_services, [&](Service service) {
    return service != Service::scheduler && to_string(service) == signed_name;
  });
  return found == all_services.end() ? Service::ec2 : *found;
}

std::span<const std::string_view> actions_of(Service service) {
  switch (service) {
    case Service::ec2:
      return {};
    case Service::scheduler:
      return scheduler_actions;
    case Service::auto_scaling:
      return auto_scaling_actions;
    case Service::load_balancing:
      return load_balancing_actions;
    case Service::kms:
      return kms_actions;
    case Service::ssm:
      return ssm_actions;
  }
  return {};
}

std::string call_name(const ServiceRequest& request) {
  switch (request.service) {
    case Service::ec2:
    case Service::auto_scaling:
    case Service::load_balancing:
      return action_of_form(request.body);
    case Service::scheduler:
      return route_of(request.method, request.target).action;
    case Service::kms:
      return json_action_of(request.operation, kms_target);
    case Service::ssm:
      return json_action_of(request.operation, ssm_target);
  }
  return "";
}

}  // namespace pitstop::sim
