#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace pitstop {

/// A schedule of EventBridge Scheduler that starts one instance once a minute between two times,
/// and then goes away by itself. To start a server that runs already changes nothing.
struct StartSchedule {
  std::string name;  ///< 1 to 64 of 0-9 a-z A-Z - _ . (there is one of a name in a region)
  InstanceId instance;
  std::string role_arn;      ///< who starts it: a role that trusts scheduler.amazonaws.com
  WallTime begin;            ///< the first start; fractions of a second are cut off
  WallTime end;              ///< no start after that; the same
  std::string description;   ///< who made it, and nobody else writes the same; at most 512
  std::string client_token;  ///< 1 to 64 of 0-9 a-z A-Z - _; of this schedule alone
};

/// A schedule as AWS has it. What it does not have is empty, or 1970.
struct FoundSchedule {
  InstanceId instance;  ///< empty unless it is for exactly one
  std::string role_arn;
  WallTime begin;
  WallTime end;
  std::string description;
  std::string state;             ///< "ENABLED"
  std::string expression;        ///< "rate(1 minutes)"
  std::string target_arn;        ///< what it calls
  std::string flexible_window;   ///< "OFF"
  std::string after_completion;  ///< "DELETE"
  std::optional<int> retries;    ///< of a start that failed, before the next one is due
};

/// What such a schedule calls: EC2's StartInstances, in the partition of the region.
std::string start_instances_arn(std::string_view region);

/// Whether the schedule that was found will do what was wanted in that region: `refused`, with
/// what is different, if not.
Status check_schedule(const FoundSchedule& found, const StartSchedule& wanted,
                      std::string_view region);

/// The body of a CreateSchedule.
std::string to_json(const StartSchedule& schedule, std::string_view region);

/// Reads what GetSchedule answers; nothing if it is no schedule.
std::optional<FoundSchedule> parse_schedule(std::string_view json);

}  // namespace pitstop
