#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

/// The things of EventBridge Scheduler, as they truly are.
namespace pitstop::sim {

/// A schedule of EventBridge Scheduler: it calls EC2 every so often. (What happens in the cloud by
/// itself is on another one, sim/cloud/schedule.)
struct EventSchedule {
  std::string name;
  std::string description;
  std::string client_token;
  std::string expression;  ///< "rate(1 minutes)"
  Duration period{};       ///< the same
  std::string timezone = "UTC";
  std::optional<WallTime> start;
  std::optional<WallTime> end;
  bool enabled = true;
  bool delete_after_completion = false;

  std::string target_arn;
  std::string role_arn;
  std::string input;                  ///< {"InstanceIds":["i-…"]}, whatever it says
  std::vector<InstanceId> instances;  ///< the same; none if it makes no sense to EC2
  int retry_attempts = 185;           ///< kept and shown; what fails is not tried again
  int oldest_event_seconds = 86400;   ///< the same

  Instant created;
  SeededRandom random{0};
  /// Tells it from another one of its name.
  std::uint64_t serial = 0;

  /// Whether a CreateSchedule that asks for `other` asks for this one again.
  bool is_asked_for_by(const EventSchedule& other) const;
};

/// One call that a schedule made.
struct Invocation {
  Instant at;
  std::string schedule;
  std::vector<InstanceId> instances;
  /// EC2's error code; empty if the call was accepted.
  std::string error;
  /// Those that were stopped, and are no more.
  std::vector<InstanceId> started;
};

}  // namespace pitstop::sim
