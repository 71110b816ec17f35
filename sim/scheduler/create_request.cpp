#include "sim/scheduler/create_request.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "base/result.hpp"
#include "base/text.hpp"
#include "sim/cloud/region.hpp"
#include "sim/scheduler/arns.hpp"

namespace pitstop::sim {

namespace {

/// Whole units, one at least: nothing if `text` is none of the form "5 minutes".
std::optional<Duration> parse_rate(std::string_view text) {
  const auto parts = split(text, ' ');
  if (parts.size() != 2) {
    return std::nullopt;
  }
  constexpr int most = 1'000'000;
  int count = 0;
  const auto* end = parts[0].data() + parts[0].size();
  const auto [after, mistake] = std::from_chars(parts[0].data(), end, count);
  if (mistake != std::errc() || after != end || count < 1 || count > most) {
    return std::nullopt;
  }
  auto unit = parts[1];
  unit.remove_suffix(unit.ends_with('s') ? 1 : 0);
  if (unit == "minute") {
    return std::chrono::minutes(count);
  }
  if (unit == "hour") {
    return std::chrono::hours(count);
  }
  return unit == "day" ? std::optional<Duration>(std::chrono::days(count)) : std::nullopt;
}

Answer<Duration> read_period(std::string_view expression) {
  if (expression.starts_with("at(") || expression.starts_with("cron(")) {
    return not_simulated(expression);
  }
  if (expression.starts_with("rate(") && expression.ends_with(')')) {
    if (const auto rate = parse_rate(expression.substr(5, expression.size() - 6))) {
      return *rate;
    }
  }
  return refuse("ValidationException",
                fmt::format("Invalid Schedule Expression {}.", printable(expression)));
}

Answer<void> check_times(const EventSchedule& schedule, WallTime now) {
  constexpr auto grace = std::chrono::minutes(5);
  if (schedule.start && *schedule.start < now - grace) {
    return refuse("ValidationException",
                  "The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (schedule.end && *schedule.end <= schedule.start.value_or(now)) {
    return refuse("ValidationException", "The EndDate you specify must come after the StartDate.");
  }
  if (schedule.end && *schedule.end <= now) {
    return refuse("ValidationException", "The EndDate you specify cannot be in the past.");
  }
  return {};
}

Answer<void> read_window(Members window) {
  TRY(const auto mode, window.required_text("Mode"));
  if (mode == "FLEXIBLE") {
    return not_simulated("FlexibleTimeWindow FLEXIBLE");
  }
  if (mode != "OFF") {
    return invalid("flexibleTimeWindow.mode", fmt::format("'{}'", printable(mode)),
                   "Member must satisfy enum value set: [OFF, FLEXIBLE]");
  }
  return window.refuse_others({"MaximumWindowInMinutes"});
}

/// The ids of {"InstanceIds": ["i-…"]}. AWS does not look at it before the schedule is due, and
/// then EC2 refuses what it cannot read.
std::vector<InstanceId> instances_in(const std::string& input) {
  const auto parsed = nlohmann::json::parse(input, nullptr, false);
  std::vector<InstanceId> ids;
  if (!parsed.is_object() || parsed.size() != 1 || !parsed.contains("InstanceIds") ||
      !parsed["InstanceIds"].is_array()) {
    return ids;
  }
  for (const auto& id : parsed["InstanceIds"]) {
    ids.emplace_back(id.is_string() ? id.get<std::string>() : "");
  }
  return ids;
}

Answer<void> read_retries(Members policy, EventSchedule& schedule) {
  TRY(const auto attempts, policy.whole("MaximumRetryAttempts", 0, 185));
  TRY(const auto age, policy.whole("MaximumEventAgeInSeconds", 60, 86400));
  schedule.retry_attempts = attempts.value_or(schedule.retry_attempts);
  schedule.oldest_event_seconds = age.value_or(schedule.oldest_event_seconds);
  return policy.refuse_others({});
}

Answer<void> read_target(Members target, const Region& region, EventSchedule& schedule) {
  TRY(schedule.target_arn, target.required_text("Arn"));
  TRY(schedule.role_arn, target.required_text("RoleArn"));
  if (!is_role_of(region.account, schedule.role_arn, region.name)) {
    return refuse("ValidationException",
                  fmt::format("Provide a valid role of account {}: {} is none.", region.account,
                              printable(schedule.role_arn)));
  }
  if (schedule.target_arn != start_instances_target(region.name)) {
    return not_simulated("The target " + schedule.target_arn);
  }
  constexpr std::size_t longest_input = 256 << 10;
  TRY(auto input, target.text("Input", {.most = longest_input}));
  schedule.input = std::move(input).value_or("{}");
  schedule.instances = instances_in(schedule.input);
  TRY(auto policy, target.object("RetryPolicy", false));
  TRY_STATUS(read_retries(std::move(policy), schedule));
  return target.refuse_others({"DeadLetterConfig", "EcsParameters", "EventBridgeParameters",
                               "KinesisParameters", "SageMakerPipelineParameters",
                               "SqsParameters"});
}

Answer<void> read_own_members(Members& members, EventSchedule& schedule) {
  TRY(auto description, members.text("Description", {.least = 0, .most = 512}));
  schedule.description = std::move(description).value_or("");
  TRY(auto token, members.text("ClientToken", token_rule));
  schedule.client_token = std::move(token).value_or("");
  TRY(schedule.expression, members.required_text("ScheduleExpression", {.most = 256}));
  TRY(schedule.period, read_period(schedule.expression));
  TRY(auto timezone, members.text("ScheduleExpressionTimezone", {.most = 50}));
  schedule.timezone = std::move(timezone).value_or(schedule.timezone);
  TRY(schedule.start, members.time("StartDate"));
  TRY(schedule.end, members.time("EndDate"));
  TRY(const auto state, members.choice("State", {"ENABLED", "DISABLED"}, "ENABLED"));
  schedule.enabled = state == "ENABLED";
  TRY(const auto then, members.choice("ActionAfterCompletion", {"NONE", "DELETE"}, "NONE"));
  schedule.delete_after_completion = then == "DELETE";
  return {};
}

}  // namespace

Answer<EventSchedule> read_create_request(const std::string& name, std::string_view body,
                                          const Region& region) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object()) {
    return refuse("SerializationException", "The body of the request is no JSON object.");
  }
  EventSchedule schedule;
  schedule.name = name;
  Members members(parsed, "");
  TRY_STATUS(read_own_members(members, schedule));
  TRY(const auto group, members.text("GroupName", name_rule));
  if (group.value_or("default") != "default") {
    return refuse("ResourceNotFoundException",
                  fmt::format("Schedule group {} does not exist.", *group), 404);
  }
  TRY(auto window, members.object("FlexibleTimeWindow", true));
  TRY_STATUS(read_window(std::move(window)));
  TRY(auto target, members.object("Target", true));
  TRY_STATUS(read_target(std::move(target), region, schedule));
  TRY_STATUS(members.refuse_others({"KmsKeyArn"}));
  TRY_STATUS(check_times(schedule, region.schedule.wall(region.now())));
  return schedule;
}

}  // namespace pitstop::sim
