#include "sim/request.hpp"

#include <algorithm>

#include "sim/scheduler/route.hpp"

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

Service service_of(std::string_view path) {
  return path == "/schedules" || path.starts_with("/schedules/") ? Service::scheduler
                                                                 : Service::ec2;
}

std::string_view to_string(Service service) {
  return service == Service::ec2 ? "ec2" : "scheduler";
}

std::string call_name(const ServiceRequest& request) {
  return request.service == Service::ec2 ? action_of_form(request.body)
                                         : route_of(request.method, request.target).action;
}

}  // namespace pitstop::sim
