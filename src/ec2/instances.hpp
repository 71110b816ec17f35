#pragma once

#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// DescribeInstances. `ids` and `filters` both narrow it down; at least one of them must be given,
/// for an empty question would list the whole account. EC2's order is not kept by EC2: do not rely
/// on it. An unknown id fails the whole call (`not_found`); 1,000 ids at most.
Task<Result<std::vector<Instance>>> describe_instances(Caller& caller, std::vector<InstanceId> ids,
                                                       std::vector<Filter> filters);

/// Those of these instances that there are, however many are asked for: by filter, in which an
/// unknown id fails nothing.
Task<Result<std::vector<Instance>>> find_instances(Caller& caller, std::vector<InstanceId> ids);

/// The same for whoever looks again and again how they are: nothing is read but the id, the state
/// with the reasons for it, and the tags.
Task<Result<std::vector<Instance>>> look_at_instances(Caller& caller, std::vector<InstanceId> ids,
                                                      std::vector<Filter> filters);

/// The state that an instance had when EC2 took a stop or start, and the one that it got.
struct StateChange {
  InstanceId instance;
  InstanceState previous = InstanceState::pending;
  InstanceState current = InstanceState::pending;
};

struct StateChanges {
  std::vector<StateChange> changes;
  /// Whether an earlier, lost attempt of ours may have made the change: then `previous` proves
  /// nothing.
  bool may_be_a_repetition = false;
};

/// StopInstances: an ordinary stop. EC2 presses the power button and cuts the power some minutes
/// later if the system has not shut down by then. Stopping a stopped instance is no error.
Task<Result<StateChanges>> stop_instances(Caller& caller, std::vector<InstanceId> ids);

/// StopInstances with Force: EC2 cuts the power, even of an instance that is stopping already. In
/// rare cases its volumes are still written to afterwards (EC2 User Guide, "Force stop").
Task<Result<StateChanges>> force_stop_instances(Caller& caller, std::vector<InstanceId> ids);

/// StartInstances, all or none: one id that cannot be started fails them all. Starting a running
/// instance is no error. An accepted start can still fall back to `stopped` (no KMS grant, no
/// capacity). `patience` limits the retries of this one call.
Task<Result<StateChanges>> start_instances(Caller& caller, std::vector<InstanceId> ids,
                                           std::optional<Duration> patience = std::nullopt);

/// Whether these credentials may do it, without doing it (DryRun): an error of kind `forbidden` if
/// not.
Task<Status> may_stop_instances(Caller& caller, std::vector<InstanceId> ids);
Task<Status> may_start_instances(Caller& caller, std::vector<InstanceId> ids);

/// What DescribeInstances does not tell; absent where EC2 left it out.
struct LaunchSettings {
  /// "stop" or "terminate": what happens when the system shuts itself down.
  std::optional<std::string> shutdown_behavior;
  std::optional<bool> termination_protection;
  std::optional<bool> stop_protection;
  /// Of a burstable type: "standard" or "unlimited".
  std::optional<std::string> cpu_credits = {};
};

/// GetLaunchTemplateData: what a launch template after this instance would say, in one call. The
/// caller needs the rights of the describing calls that EC2 makes for it (API reference).
Task<Result<LaunchSettings>> describe_launch_settings(Caller& caller, InstanceId instance);

/// DescribeInstanceCreditSpecifications: "standard" or "unlimited". An error for an instance of a
/// type that is not burstable.
Task<Result<std::string>> describe_cpu_credits(Caller& caller, InstanceId instance);

/// DescribeInstanceAttribute: the same one by one.
Task<Result<bool>> is_stop_protected(Caller& caller, InstanceId instance);
Task<Result<bool>> is_termination_protected(Caller& caller, InstanceId instance);
Task<Result<std::string>> describe_shutdown_behavior(Caller& caller, InstanceId instance);
/// Base64, as EC2 keeps it; empty if there is none.
Task<Result<std::string>> describe_user_data(Caller& caller, InstanceId instance);

/// An event that AWS has planned for an instance ("instance-stop", "system-reboot", …).
struct ScheduledEvent {
  InstanceId instance;
  std::string code;
  std::string description;
  std::optional<WallTime> not_before;
};

/// DescribeInstanceStatus, for the scheduled events that are not over yet. 100 ids at most.
Task<Result<std::vector<ScheduledEvent>>> describe_scheduled_events(Caller& caller,
                                                                    std::vector<InstanceId> ids);

/// What EC2's own checks say of an instance; "ok", "initializing", "impaired", "not-applicable", ….
struct StatusChecks {
  std::string system;    ///< of what it stands on
  std::string instance;  ///< whether its system answers
};

/// DescribeInstanceStatus of one instance, whatever its state.
Task<Result<StatusChecks>> describe_status_checks(Caller& caller, InstanceId instance);

/// GetInstanceUefiData: its non-volatile UEFI variables, in the form that RegisterImage takes. EC2
/// refuses it for an instance that does not boot by UEFI.
Task<Result<std::string>> describe_uefi_data(Caller& caller, InstanceId instance);

/// ModifyInstanceAttribute: whether it may send and receive only what is addressed to itself.
Task<Status> set_source_dest_check(Caller& caller, InstanceId instance, bool value);

/// ModifyInstanceAttribute: whether the volume at `device` goes when the instance is terminated.
Task<Status> set_delete_on_termination(Caller& caller, InstanceId instance, std::string device,
                                       bool value);

}  // namespace pitstop::ec2
