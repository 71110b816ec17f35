#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/spread.hpp"

/// The things of EC2 Auto Scaling, as they truly are.
namespace pitstop::sim {

/// Only those that a member of this simulation can be in.
enum class Lifecycle { pending, in_service, entering_standby, standby, terminating };

/// "EnteringStandby", as AWS writes it.
std::string_view to_string(Lifecycle lifecycle);

struct Member {
  InstanceId instance;
  Lifecycle lifecycle = Lifecycle::in_service;
  bool healthy = true;
  /// Tells one change of its lifecycle from another.
  int changes = 0;
};

/// How long things take.
struct ScalingPace {
  /// From when a member in service does not run any more until it is found to be so, and replaced.
  Spread health_check{Seconds(15), Seconds(45), Seconds(120)};
  /// From EnterStandby until `Standby`; at least as long as its targets drain.
  Spread standby{Seconds(2), Seconds(5), Seconds(20)};
  /// From ExitStandby, or from when a new member runs, until `InService`.
  Spread in_service{Seconds(2), Seconds(5), Seconds(30)};
};

/// One line of what DescribeScalingActivities tells.
struct Activity {
  std::string id;
  std::string description;
  std::string cause;
  Instant start;
  Instant end;  ///< known before it has come
};

struct ScalingGroup {
  std::string name;
  int min = 0;
  int max = 0;
  int desired = 0;
  std::vector<std::string> target_groups;  ///< their ARNs
  ScalingPace pace;
  Launch launch;  ///< what new members are launched as
  std::vector<Member> members;
  Instant created;
  std::vector<Activity> activities;  ///< the oldest first
  SeededRandom random{0};

  Member* find(const InstanceId& instance);
};

/// A member that was in service and did not run: it was terminated, and another one launched.
struct Replacement {
  Instant at;
  std::string group;
  InstanceId instance;
  InstanceId successor;  ///< empty if there was no room for one
};

}  // namespace pitstop::sim
