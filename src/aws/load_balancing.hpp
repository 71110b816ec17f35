#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/service_caller.hpp"

namespace pitstop {

struct TargetGroup {
  std::string arn;
  std::string name;
  std::string target_type;  ///< "instance", "ip", "lambda" or "alb"
  std::string vpc;
  int port = 0;
  std::vector<std::string> load_balancers;  ///< their ARNs; none: it is not in use
};

struct LoadBalancerTarget {
  std::string id;  ///< of an instance, or an IP address
  /// The same target can be there several times at different ports, and each is to be named with
  /// its own; absent: the group's.
  std::optional<int> port;
  /// "all" for an IP address outside of the VPC.
  std::string zone;

  bool operator==(const LoadBalancerTarget&) const = default;
};

struct TargetHealth {
  LoadBalancerTarget target;
  std::string state;   ///< "healthy", "initial", "draining", "unused", "unhealthy", …
  std::string reason;  ///< "Target.DeregistrationInProgress"; empty where there is none

  bool healthy() const { return state == "healthy"; }
  /// Requests on their way may still be answered.
  bool draining() const { return state == "draining" || state == "unhealthy.draining"; }
  bool registered() const { return !draining() && reason != "Target.NotRegistered"; }
};

/// Elastic Load Balancing (version 2015-12-01), as far as pitstop needs it: the targets of
/// Application, Network and Gateway Load Balancers. Calls are made again as ServiceCaller does,
/// until `patience` ends (that of the call, or the usual one); none of them does harm when it is
/// made twice. The error of a change that may have happened is `unknown_fate`. A group that is not
/// there is `not_found`.
class LoadBalancing {
 public:
  /// `attempt_timeout` is how long one attempt of a call may take.
  LoadBalancing(Http& http, Identity& identity, Clock& clock, Random& random,
                Milliseconds attempt_timeout, Duration patience);

  /// All of the region, or those of a VPC.
  Task<Result<std::vector<TargetGroup>>> describe_target_groups(
      std::optional<std::string> vpc = {}, std::optional<Duration> patience = {});

  /// Of all targets of the group, or of those that are named: one of these that is not registered
  /// is "unused" because of "Target.NotRegistered".
  Task<Result<std::vector<TargetHealth>>> describe_target_health(
      std::string group_arn, std::vector<LoadBalancerTarget> targets = {},
      std::optional<Duration> patience = {});

  /// How long its targets drain.
  Task<Result<Seconds>> deregistration_delay(std::string group_arn,
                                             std::optional<Duration> patience = {});

  /// They begin to drain. One that is not registered is no error.
  Task<Status> deregister(std::string group_arn, std::vector<LoadBalancerTarget> targets,
                          std::optional<Duration> patience = {});

  /// `wrong_state` if one of them is an instance that does not run.
  Task<Status> register_targets(std::string group_arn, std::vector<LoadBalancerTarget> targets,
                                std::optional<Duration> patience = {});

 private:
  Task<Status> change(std::string action, std::string group_arn,
                      std::vector<LoadBalancerTarget> targets, std::optional<Duration> patience);

  ServiceCaller caller_;
};

}  // namespace pitstop
