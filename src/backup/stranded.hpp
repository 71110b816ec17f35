#pragma once

#include <optional>
#include <vector>

#include "backup/fleet.hpp"
#include "backup/hold.hpp"

/// What interrupted runs have left: found in the journal, where this host's process is gone, and by
/// the tag `pitstop:down`, whoever gave it. What is believed of such a tag: stranded.cpp.
namespace pitstop {

struct RecoveryOptions {
  /// Only these servers; empty: all. A person who names a server answers for its tags: it is
  /// started, and brought back into its rotation, although nothing but the tag asks for it.
  std::vector<InstanceId> only = {};
  /// The restore that a person has named: its exchange of volumes is finished, or taken back, where
  /// EC2's facts support what tags say of it.
  std::optional<RestoreId> restore = {};
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
  /// Whether its stop may have been asked for although nothing says so: a look at its state tells.
  bool may_have_been_stopped = false;
  /// Whether a first set of snapshots may have been asked for.
  bool was_primed = false;
  /// Whether its run was just about that, with the server running.
  bool was_priming = false;
  /// Whether its snapshots may have been asked for.
  bool may_have_snapshots = false;
  /// The restore that may have fast snapshot restore on, if its run was one; and for which
  /// snapshots, as the journal names them.
  std::optional<RestoreId> fast_restore = {};
  std::vector<SnapshotId> fast_snapshots = {};
  /// The exchange of volumes that is to be finished: as the journal names them, or as EC2's facts
  /// support the tags of a restore that a person has named.
  std::optional<Swap> swap = {};
  /// The restore that its tag names, if nothing else does: its volumes are left as they are.
  std::optional<RestoreId> unnamed_restore = {};
  /// What had opened the gate, if it was started.
  std::optional<GateOpening> gate;
  Hold hold;
  /// When its run last wrote something down.
  std::optional<WallTime> last_sign = {};
  std::string left_by;  ///< for people: "process 4711 on host-1"
  bool in_journal = false;
  /// Whether a person has named the server, or its restore.
  bool is_named = false;

  /// Whether anything but its tags says what is to be done with it.
  bool is_vouched_for() const { return in_journal || is_named; }
};

/// A server that is left as it is.
struct PassedOver {
  ec2::Instance instance;
  Error why;  ///< `held`: its run may be alive; `not_found`: EC2 does not show it
  /// Whether its run has stopped it, as far as can be told.
  bool is_down = false;
};

struct StrandedServers {
  std::vector<Stranded> servers;
  /// Servers that are not ours to take, and those that cannot be found, each with the reason.
  std::vector<PassedOver> passed_over;
};

/// Looks for them in one account and region. Takes the locks of the runs whose process is gone;
/// those that another process is recovering at the moment are left to it.
Task<Result<StrandedServers>> find_stranded(FleetTools tools, RecoveryOptions options);

}  // namespace pitstop
