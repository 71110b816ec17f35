#pragma once

#include <optional>
#include <vector>

#include "backup/fleet.hpp"
#include "backup/hold.hpp"

/// What interrupted runs have left: found in the journal, where this host's process is gone, and by
/// the tag `pitstop:down`, whoever gave it.
namespace pitstop {

struct RecoveryOptions {
  /// Only these servers; empty: all.
  std::vector<InstanceId> only = {};
  /// Take also what runs of other hosts hold and should still be alive.
  bool take_over = false;
  /// Whether to follow the snapshots to their end.
  bool wait = true;
};

/// A server that an interrupted run has not finished with.
struct Stranded {
  ec2::Instance instance;
  RunId run;
  BackupId backup;  ///< empty if only the tag is known
  std::string name;
  StartWhen start_when = StartWhen::progress;
  std::string policy;  ///< that asked for the backup; empty if only the tag is known
  WallTime begun;
  /// Whether it is to be started, if it is not running: it was not found stopped, and its stop may
  /// have been asked for.
  bool may_be_down = false;
  /// Whether its run was just about a first set of snapshots, with the server running.
  bool was_priming = false;
  /// Whether its snapshots may have been asked for.
  bool may_have_snapshots = false;
  /// The restore that may have fast snapshot restore on, if its run was one.
  std::optional<RestoreId> fast_restore = {};
  /// When its start was first asked for, by whoever did.
  std::optional<WallTime> started;
  /// What had opened the gate, if it was started.
  std::optional<GateOpening> gate;
  Hold hold;
  /// When its run last wrote something down.
  std::optional<WallTime> last_sign = {};
  std::string left_by;  ///< for people: "process 4711 on host-1"
  bool in_journal = false;
};

struct StrandedServers {
  std::vector<Stranded> servers;
  /// Servers that are not ours to take, and those that cannot be found, each with the reason.
  std::vector<std::pair<InstanceId, Error>> passed_over;
};

/// Looks for them in one account and region. Takes the locks of the runs whose process is gone;
/// those that another process is recovering at the moment are left to it.
Task<Result<StrandedServers>> find_stranded(FleetTools tools, RecoveryOptions options);

}  // namespace pitstop
