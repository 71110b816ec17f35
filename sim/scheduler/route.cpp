#include "sim/scheduler/route.hpp"

#include <algorithm>

namespace pitstop::sim {
namespace {

constexpr std::string_view all_schedules = "/schedules";
constexpr std::string_view one_schedule = "/schedules/";

std::string action_of(std::string_view method, std::string_view path) {
  if (path == all_schedules) {
    return method == "GET" ? "ListSchedules" : "";
  }
  if (!path.starts_with(one_schedule) || path == one_schedule) {
    return "";
  }
  return method == "POST"     ? "CreateSchedule"
         : method == "GET"    ? "GetSchedule"
         : method == "DELETE" ? "DeleteSchedule"
                              : "";
}

}  // namespace

Route route_of(std::string_view method, std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  const auto query = target.substr(std::min(path.size() + 1, target.size()));
  return {action_of(method, path),
          std::string(path.starts_with(one_schedule) ? path.substr(one_schedule.size()) : ""),
          std::string(query)};
}

}  // namespace pitstop::sim
