#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "sim/scheduler/event_scheduler.hpp"

namespace pitstop::sim {

/// "ENABLED" or "DISABLED".
std::string_view state_of(const EventSchedule& schedule);

/// What GetSchedule tells of it.
nlohmann::ordered_json schedule_json(const EventSchedule& schedule,
                                     const EventScheduler& scheduler);

/// What ListSchedules tells of it.
nlohmann::ordered_json schedule_summary_json(const EventSchedule& schedule,
                                             const EventScheduler& scheduler);

}  // namespace pitstop::sim
