#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/autoscaling/model.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/elb/model.hpp"
#include "sim/faults/faults.hpp"
#include "sim/scheduler/event_scheduler.hpp"

/// What a simulated EC2 begins with. Scenarios are written in TOML, see doc/ec2sim.md; this is what
/// they say, and what a test fills in by hand.
namespace pitstop::sim {

struct VolumePlan {
  std::string device = "/dev/xvda";
  std::int64_t size_gib = 8;
  std::string type = "gp3";
  bool encrypted = false;
  /// The name of a KeyPlan, for an encrypted one; empty: the account's own key for EBS.
  std::string kms_key = {};
  /// How much of it was ever written; a first snapshot copies that. Absent: half.
  std::optional<double> used_gib = {};
  /// What its server writes while it runs, and so what the next snapshot copies.
  double writes_mib_per_second = 0.1;
  bool delete_on_termination = true;
  Tags tags = {};
  SnapshotPace snapshot_pace = {};
};

/// What AWS has planned for a server.
struct EventPlan {
  std::string code = "instance-stop";
  std::string description = "The instance is running on degraded hardware";
  Duration after{};  ///< the beginning
};

struct ServerPlan {
  /// Its tag "Name"; with a count above 1, "-1", "-2", … come after it.
  std::string name;
  int count = 1;
  /// Given or made by the seed; only with a count of 1.
  std::optional<InstanceId> id;
  std::string region;   ///< empty: the scenario's
  std::string zone;     ///< empty: the region's first
  std::string outpost;  ///< the ARN of the Outpost that it runs on; empty: on none
  std::string type = "t3.large";
  bool stopped = false;
  bool stop_protection = false;
  bool public_ip = false;
  bool elastic_ip = false;
  bool hibernation = false;
  /// What AWS bills for beside the machine: "Windows", "Red Hat Enterprise Linux", …; empty: Linux.
  std::string platform;
  /// Whether its volumes have lost what AWS bills for.
  bool forgets_billing = false;
  /// "legacy-bios", "uefi" or "uefi-preferred"; empty: as is usual for its type.
  std::string boot_mode;
  bool ssm_agent = true;  ///< whether that of Systems Manager runs
  /// "persistent" or "one-time", the request of a Spot Instance; empty: it is none.
  std::string spot;
  /// The service of AWS that runs it; empty: none does.
  std::string managed_by;
  std::vector<EventPlan> events;
  /// So many starts fall back to `stopped`, as when KMS refuses a grant.
  int starts_that_fall_back = 0;
  Tags tags;
  ServerPace pace;
  std::vector<VolumePlan> volumes = {VolumePlan{}};
};

/// The described things of a moment ago: EC2 is eventually consistent.
struct Consistency {
  /// The part of the describing calls that see the past.
  double late_looks = 0;
  /// How far back, at most.
  Duration most = Seconds(5);
};

struct Throttling {
  /// Whether calls need tokens from the buckets that AWS documents.
  bool on = true;
  /// The part of every bucket's refill that others of the same account use up.
  double neighbour = 0;
};

/// A key of KMS.
struct KeyPlan {
  std::string name;    ///< of its alias, "alias/NAME"
  std::string id;      ///< empty: made by the seed
  std::string region;  ///< empty: the scenario's
  std::string state = "Enabled";
};

/// Servers are named as in the scenario: by the `name` of a plan, which means all of a count, or
/// one of those, "web-2".
struct TargetGroupPlan {
  std::string name;
  std::string region;  ///< empty: the scenario's
  std::string target_type = "instance";
  std::string protocol = "HTTP";
  int port = 80;
  bool in_use = true;  ///< a load balancer of the same name sends it requests
  Duration deregistration_delay = Seconds(300);
  Spread healthy_after = TargetGroup().healthy_after;
  /// Servers that are registered; with ":8080" behind it at another port than the group's.
  std::vector<std::string> members;
};

/// So many are desired as are in service.
struct ScalingGroupPlan {
  std::string name;
  std::string region;  ///< empty: the scenario's
  int min = 0;
  std::optional<int> max;  ///< absent: the number of its members
  std::vector<std::string> target_groups;
  std::vector<std::string> members;
  std::vector<std::string> standby;  ///< those of them that are in Standby
  ScalingPace pace;
};

struct ShortagePlan {
  std::string instance_type;
  std::string zone;
  Duration from{};  ///< after the beginning
  Duration until{};
};

struct Scenario {
  std::uint64_t seed = 1;
  std::string account = "123456789012";
  /// Where servers are, and calls go, that name no region.
  std::string region = "us-east-1";
  Consistency consistency;
  Throttling throttling;
  /// Actions that the credentials may not do: "ec2:StartInstances" without the "ec2:"; those of
  /// other services whole, "autoscaling:EnterStandby" and "iam:PassRole".
  std::vector<std::string> denied_actions;
  SchedulerRole scheduler_role;
  /// For what is made later, by RunInstances or CreateVolume.
  ServerPace server_pace;
  SnapshotPace snapshot_pace;
  std::vector<ServerPlan> servers;
  std::vector<KeyPlan> keys;
  std::vector<TargetGroupPlan> target_groups;
  std::vector<ScalingGroupPlan> scaling_groups;
  std::vector<ShortagePlan> shortages;
  /// What goes wrong on the way between client and cloud.
  FaultPlan faults;
};

}  // namespace pitstop::sim
