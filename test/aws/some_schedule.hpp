#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "aws/start_schedule.hpp"

namespace pitstop::test {

inline StartSchedule some_schedule() {
  return {.name = "pitstop-i-0123456789abcdef0",
          .instance = InstanceId("i-0123456789abcdef0"),
          .role_arn = "arn:aws:iam::123456789012:role/pitstop-guard",
          .begin = *parse_rfc3339("2026-01-01T01:00:00Z"),
          .end = *parse_rfc3339("2026-01-01T03:00:00Z"),
          .description = "pitstop run r-1 on host a",
          .client_token = "r-1-i-0abc"};
}

/// The same as GetSchedule answers.
inline nlohmann::json as_found(const StartSchedule& schedule, std::string_view region) {
  auto found = nlohmann::json::parse(to_json(schedule, region));
  found.erase("ClientToken");
  found["Name"] = schedule.name;
  found["GroupName"] = "default";
  found["ScheduleExpressionTimezone"] = "UTC";
  found["CreationDate"] = 1767225600.123;
  found["LastModificationDate"] = 1767225600.123;
  return found;
}

}  // namespace pitstop::test
