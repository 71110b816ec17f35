#pragma once

#include <array>
#include <string>
#include <string_view>

namespace pitstop::sim {

/// What a request to EventBridge Scheduler asks for, by its method and target.
struct Route {
  std::string action;  ///< empty: none that is known
  std::string name;    ///< of the schedule, where one is named
  std::string query;   ///< "a=b&c=d", percent-encoded
};

Route route_of(std::string_view method, std::string_view target);

inline constexpr std::array<std::string_view, 4> scheduler_actions{
    "CreateSchedule", "DeleteSchedule", "GetSchedule", "ListSchedules"};

}  // namespace pitstop::sim
