#include "sim/scheduler/schedule_json.hpp"

#include <nlohmann/json.hpp>

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

/// Seconds since 1970, with a fraction where there is one.
Json epoch(WallTime time) {
  const auto whole = std::chrono::floor<Seconds>(time);
  if (whole == time) {
    return whole.time_since_epoch().count();
  }
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

Json target_json(const EventSchedule& schedule) {
  return {{"Arn", schedule.target_arn},
          {"Input", schedule.input},
          {"RetryPolicy",
           {{"MaximumEventAgeInSeconds", schedule.oldest_event_seconds},
            {"MaximumRetryAttempts", schedule.retry_attempts}}},
          {"RoleArn", schedule.role_arn}};
}

}  // namespace

std::string_view state_of(const EventSchedule& schedule) {
  return schedule.enabled ? "ENABLED" : "DISABLED";
}

Json schedule_json(const EventSchedule& schedule, const EventScheduler& scheduler) {
  const auto created = epoch(scheduler.region().schedule.wall(schedule.created));
  Json all = {{"ActionAfterCompletion", schedule.delete_after_completion ? "DELETE" : "NONE"},
              {"Arn", scheduler.arn_of(schedule.name)},
              {"CreationDate", created},
              {"Description", schedule.description},
              {"FlexibleTimeWindow", {{"Mode", "OFF"}}},
              {"GroupName", "default"},
              {"LastModificationDate", created},
              {"Name", schedule.name},
              {"ScheduleExpression", schedule.expression},
              {"ScheduleExpressionTimezone", schedule.timezone},
              {"State", state_of(schedule)},
              {"Target", target_json(schedule)}};
  if (schedule.start) {
    all["StartDate"] = epoch(*schedule.start);
  }
  if (schedule.end) {
    all["EndDate"] = epoch(*schedule.end);
  }
  return all;
}

Json schedule_summary_json(const EventSchedule& schedule, const EventScheduler& scheduler) {
  auto whole = schedule_json(schedule, scheduler);
  return {{"Arn", whole["Arn"]},
          {"CreationDate", whole["CreationDate"]},
          {"GroupName", whole["GroupName"]},
          {"LastModificationDate", whole["LastModificationDate"]},
          {"Name", whole["Name"]},
          {"State", whole["State"]},
          {"Target", {{"Arn", schedule.target_arn}}}};
}

}  // namespace pitstop::sim
