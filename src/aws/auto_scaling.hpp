#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/service_caller.hpp"
#include "base/ids.hpp"

namespace pitstop {

/// An instance that is a member of an Auto Scaling group.
struct GroupMember {
  InstanceId instance;
  std::string group;
  std::string lifecycle;  ///< "InService", "Standby", "Pending:Wait", …

  /// While it is, a member that does not run is terminated and replaced.
  bool in_service() const { return lifecycle == "InService"; }
  bool entering_standby() const { return lifecycle == "EnteringStandby"; }
  bool in_standby() const { return lifecycle == "Standby"; }
  /// On its way to be in service.
  bool pending() const { return lifecycle.starts_with("Pending"); }
};

struct AutoScalingGroup {
  std::string name;
  int min = 0;
  int max = 0;
  int desired = 0;
  std::vector<std::string> target_groups;  ///< their ARNs
};

/// EC2 Auto Scaling (version 2011-01-01), as far as pitstop needs it. Calls are made again as
/// ServiceCaller does, until `patience` ends (that of the call, or the usual one).
///
/// The error of a move that may have happened is `unknown_fate`, whatever the last attempt said,
/// unless a look tells that it has.
class AutoScaling {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  AutoScaling(Http& http, Identity& identity, Clock& clock, Random& random,
              Milliseconds attempt_timeout, Duration patience);

  /// Those of the instances that are members of a group, in any order.
  Task<Result<std::vector<GroupMember>>> describe_instances(std::vector<InstanceId> instances,
                                                            std::optional<Duration> patience = {});

  /// `not_found` if there is none of that name.
  Task<Result<AutoScalingGroup>> describe_group(std::string name,
                                                std::optional<Duration> patience = {});

  /// Begins to move a member that is in service into Standby: it is deregistered from the group's
  /// load balancers, and not replaced when it stops. With `decrement` so many fewer are desired,
  /// else another one is launched for it. `wrong_state` if it is not in service, `not_found` if it
  /// is not a member, `refused` if the group would become too small.
  Task<Status> enter_standby(std::string group, InstanceId instance, bool decrement,
                             std::optional<Duration> patience = {});

  /// Begins to move a member in Standby back into service; so many more are desired. `wrong_state`
  /// if it is not in Standby, or does not run.
  Task<Status> exit_standby(std::string group, InstanceId instance,
                            std::optional<Duration> patience = {});

 private:
  Task<Status> move(ServiceCall call, InstanceId instance, bool (*is_moved)(const GroupMember&));

  ServiceCaller caller_;
};

}  // namespace pitstop
