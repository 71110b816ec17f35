#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sim/cloud/spread.hpp"

/// The things of Elastic Load Balancing, as they truly are.
namespace pitstop::sim {

/// What a client names: an instance's id or an IP address, and a port.
struct Target {
  std::string id;
  int port = 0;

  bool operator==(const Target&) const = default;
};

/// A target that is registered, or is being deregistered.
struct Registration {
  Target target;
  /// From then on the load balancer asks whether it is healthy.
  Instant since;
  /// How long it takes until it is, counted from `since`, or from when its instance runs.
  Duration healthy_after{};
  /// When it was deregistered: it drains for the group's delay, then it is gone.
  std::optional<Instant> deregistered = {};
};

struct TargetGroup {
  std::string name;
  std::string arn;
  std::string target_type = "instance";  ///< or "ip"
  std::string protocol = "HTTP";
  int port = 80;
  std::vector<std::string> load_balancers;  ///< their ARNs; none: nobody asks its targets
  Duration deregistration_delay = Seconds(300);
  Spread healthy_after{Seconds(5), Seconds(15), Seconds(60)};
  std::vector<Registration> registrations;
  SeededRandom random{0};
};

/// How a target is: the words are AWS's.
struct TargetHealth {
  std::string state;        ///< "healthy", "draining", …
  std::string reason;       ///< "Target.DeregistrationInProgress"; empty where there is none
  std::string description;  ///< in words; the same
};

/// An instance was stopped that a load balancer still sent requests to.
struct CutTarget {
  Instant at;
  std::string group;
  Target target;
  std::string state;  ///< "registered", or "draining"
};

}  // namespace pitstop::sim
