#pragma once

#include <string>

#include "http/http.hpp"
#include "sim/request.hpp"
#include "sim/scheduler/event_scheduler.hpp"

/// EventBridge Scheduler's API, version 2021-06-30: JSON over REST.
namespace pitstop::sim {

/// Answers a request: CreateSchedule, GetSchedule, DeleteSchedule and ListSchedules. What is denied
/// ("scheduler:GetSchedule", "iam:PassRole") is refused with AccessDeniedException.
HttpResponse answer_scheduler_call(const ReceivedCall& received, EventScheduler& scheduler);

/// A refusal as this service writes it; those that EC2 has other codes for get this service's.
HttpResponse scheduler_refusal(ApiError error, const std::string& request_id);

}  // namespace pitstop::sim
