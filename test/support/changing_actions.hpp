#pragma once

#include <array>
#include <string_view>

namespace pitstop::test {

/// Where it is tried what becomes of a call that is carried out and answered with an error.
enum class TriedIn {
  pit_stop,  ///< test/simulation/false_refusals_test.cpp, in runs of every kind
  restore,   ///< test/cli/restore_command_test.cpp
  copy,      ///< test/cli/copy_command_test.cpp
};

struct ChangingAction {
  std::string_view action;
  TriedIn tried_in = TriedIn::pit_stop;
};

/// Every action by which pitstop changes something, of all services. Tests of the callers see to it
/// that none is missing (test/ec2/changing_actions_test.cpp,
/// test/simulation/false_refusals_test.cpp).
inline constexpr std::array changing_actions = std::to_array<ChangingAction>({
    // EC2
    {"AssociateAddress", TriedIn::restore},
    {"AttachVolume"},
    {"CancelCapacityReservation"},
    {"CopyImage", TriedIn::copy},
    {"CopySnapshot", TriedIn::copy},
    {"CreateCapacityReservation"},
    {"CreateImage"},
    {"CreateSnapshot"},
    {"CreateSnapshots"},
    {"CreateTags"},
    {"CreateVolume"},
    {"DeleteSnapshot"},
    {"DeleteTags"},
    {"DeleteVolume"},
    {"DeregisterImage", TriedIn::restore},
    {"DetachVolume"},
    {"DisableFastSnapshotRestores"},
    {"EnableFastSnapshotRestores"},
    {"ModifyInstanceAttribute"},
    {"ModifySnapshotAttribute", TriedIn::copy},
    {"RegisterImage", TriedIn::restore},
    {"RunInstances", TriedIn::restore},
    {"StartInstances"},
    {"StopInstances"},
    // EventBridge Scheduler
    {"CreateSchedule"},
    {"DeleteSchedule"},
    // Auto Scaling, Elastic Load Balancing
    {"DeregisterTargets"},
    {"EnterStandby"},
    {"ExitStandby"},
    {"RegisterTargets"},
    // Systems Manager
    {"SendCommand"},
});

}  // namespace pitstop::test
