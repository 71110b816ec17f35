#pragma once

#include <map>
#include <ranges>

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// When may the server start again? The gate opens when every snapshot of the set has come as far
/// as the user asked for; a snapshot that fails breaks it, so that nobody waits for what cannot
/// come.
namespace pitstop {

enum class GateState { shut, open, broken };

/// Whether one snapshot is far enough. `completed` is far enough for every gate, whatever the
/// percentage says: EC2's progress can be absent, empty, or jump from 0 to 100.
bool far_enough(StartWhen start_when, const ec2::Snapshot& snapshot);

/// The snapshots of one backup as EC2 has shown them last.
class SnapshotSet {
 public:
  explicit SnapshotSet(const std::vector<ec2::Snapshot>& snapshots);

  /// Takes a newer view of one of them. An older one (a reply that came late) does not undo what
  /// was seen.
  void see(const ec2::Snapshot& snapshot);

  GateState gate(StartWhen start_when) const;
  bool all_completed() const;
  bool all_ended() const;

  /// The first that is in error, or null.
  const ec2::Snapshot* failed() const;

  std::vector<SnapshotId> ids() const;
  /// In the order of their ids.
  auto snapshots() const { return std::views::values(latest_); }

 private:
  std::map<SnapshotId, ec2::Snapshot> latest_;
};

struct GateWait {
  /// What opened it; or why it will never open (the server is started all the same).
  Result<GateOpening> opening;
  int polls = 0;
};

/// Waits until the gate opens, breaks, or `deadline` comes. Keeps `set` up to date and the observer
/// informed.
Task<GateWait> wait_for_gate(Tools tools, const BackupPlan& plan, SnapshotSet& set,
                             Instant deadline);

/// The snapshots with the devices of their volumes, as the observer and the outcome have them.
std::vector<SnapshotOutcome> with_devices(const BackupPlan& plan, const SnapshotSet& set);

/// "snap-1 of vol-1 (/dev/sda1), snap-2 of …"
std::string names_of(const std::vector<SnapshotOutcome>& snapshots);

/// The error that a failed snapshot is.
Error snapshot_failure(const ec2::Snapshot& snapshot);

}  // namespace pitstop
