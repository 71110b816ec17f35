#include "aws/start_schedule.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "aws/json_fields.hpp"
#include "aws/partition.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using nlohmann::json;

constexpr std::string_view every_minute = "rate(1 minutes)";
constexpr std::string_view no_window = "OFF";
constexpr std::string_view delete_afterwards = "DELETE";
constexpr std::string_view enabled = "ENABLED";

// The next start is a minute away: what AWS tries again in between, and up to a day later, might
// start a server that somebody has stopped since.
constexpr int no_retries = 0;
constexpr int shortest_event_age = 60;  // seconds

std::int64_t epoch_seconds(WallTime time) {
  return std::chrono::floor<Seconds>(time).time_since_epoch().count();
}

/// What is not UTF-8 is replaced, not thrown at.
std::string written(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

WallTime time(const json& object, const char* name) {
  constexpr double year_9999 = 253402300799;
  const auto& value = member(object, name);
  const double seconds = value.is_number() ? value.get<double>() : 0;
  if (!(seconds >= 0 && seconds <= year_9999)) {
    return {};
  }
  return WallTime(Milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

/// The one instance of {"InstanceIds":["i-…"]}.
InstanceId instance_in(const std::string& input) {
  const auto parsed = json::parse(input, nullptr, false);
  const auto& ids = member(parsed, "InstanceIds");
  if (parsed.size() != 1 || !ids.is_array() || ids.size() != 1 || !ids.front().is_string()) {
    return {};
  }
  return InstanceId(ids.front().get<std::string>());
}

std::unexpected<Error> differs(const StartSchedule& wanted, std::string_view what,
                               std::string_view found) {
  return fail(ErrorKind::refused, fmt::format("the schedule {} has another {}: {}", wanted.name,
                                              what, in_quotes(found)));
}

}  // namespace

std::string start_instances_arn(std::string_view region) {
  return fmt::format("arn:{}:scheduler:::aws-sdk:ec2:startInstances", partition_of(region).name);
}

Status check_schedule(const FoundSchedule& found, const StartSchedule& wanted,
                      std::string_view region) {
  struct Text {
    std::string_view what;
    std::string_view found;
    std::string_view wanted;
  };
  const auto target = start_instances_arn(region);
  for (const auto& each :
       {Text{"maker", found.description, wanted.description},
        Text{"instance", found.instance.str(), wanted.instance.str()},
        Text{"role", found.role_arn, wanted.role_arn}, Text{"target", found.target_arn, target},
        Text{"state", found.state, enabled}, Text{"expression", found.expression, every_minute},
        Text{"flexible window", found.flexible_window, no_window},
        Text{"end", found.after_completion, delete_afterwards}}) {
    if (each.found != each.wanted) {
      return differs(wanted, each.what, each.found);
    }
  }
  if (epoch_seconds(found.begin) != epoch_seconds(wanted.begin)) {
    return differs(wanted, "start time", rfc3339(found.begin));
  }
  if (epoch_seconds(found.end) != epoch_seconds(wanted.end)) {
    return differs(wanted, "end time", rfc3339(found.end));
  }
  if (found.retries != no_retries) {
    return differs(wanted, "retry policy", fmt::to_string(found.retries.value_or(-1)));
  }
  return {};
}

std::string to_json(const StartSchedule& schedule, std::string_view region) {
  const json input = {{"InstanceIds", {schedule.instance.str()}}};
  return written({{"ClientToken", schedule.client_token},
                  {"Description", schedule.description},
                  {"ScheduleExpression", every_minute},
                  {"StartDate", epoch_seconds(schedule.begin)},
                  {"EndDate", epoch_seconds(schedule.end)},
                  {"FlexibleTimeWindow", {{"Mode", no_window}}},
                  {"ActionAfterCompletion", delete_afterwards},
                  {"State", enabled},
                  {"Target",
                   {{"Arn", start_instances_arn(region)},
                    {"RoleArn", schedule.role_arn},
                    {"Input", written(input)},
                    {"RetryPolicy",
                     {{"MaximumRetryAttempts", no_retries},
                      {"MaximumEventAgeInSeconds", shortest_event_age}}}}}});
}

std::optional<FoundSchedule> parse_schedule(std::string_view body) {
  const auto schedule = json::parse(body, nullptr, false);
  if (!member(schedule, "Name").is_string()) {
    return std::nullopt;
  }
  const auto& target = member(schedule, "Target");
  FoundSchedule found;
  found.instance = instance_in(text_of(target, "Input"));
  found.role_arn = text_of(target, "RoleArn");
  found.begin = time(schedule, "StartDate");
  found.end = time(schedule, "EndDate");
  found.description = text_of(schedule, "Description");
  found.state = text_of(schedule, "State");
  found.expression = text_of(schedule, "ScheduleExpression");
  found.target_arn = text_of(target, "Arn");
  found.flexible_window = text_of(member(schedule, "FlexibleTimeWindow"), "Mode");
  found.after_completion = text_of(schedule, "ActionAfterCompletion");
  const auto& retries = member(member(target, "RetryPolicy"), "MaximumRetryAttempts");
  if (retries.is_number_integer()) {
    found.retries = retries.get<int>();
  }
  return found;
}

}  // namespace pitstop
