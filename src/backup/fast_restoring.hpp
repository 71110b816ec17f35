#pragma once

#include <vector>

#include "backup/fast_restore.hpp"
#include "backup/observer.hpp"
#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "ec2/caller.hpp"

namespace pitstop {

/// What it works with. All of it outlives the work.
struct FastRestoreTools {
  ec2::Caller& ec2;  ///< with retries
  Clock& clock;
  Interruption& interruption;
  Observer& observer;
  InstanceId instance;  ///< of whose restore is told

  void report(Step step, std::string detail, std::string hint = {}) const {
    observer.saw({instance, step, clock.wall(), std::move(detail), std::move(hint)});
  }
};

/// Those of any work on a server that has the same doors.
template <class Tools>
FastRestoreTools fast_restore_tools(const Tools& tools, const InstanceId& instance) {
  return {.ec2 = tools.ec2,
          .clock = tools.clock,
          .interruption = tools.interruption,
          .observer = tools.observer,
          .instance = instance};
}

/// Fast snapshot restore that is on for a restore, and what of it the restore has to end.
struct FastRestoreHold {
  FastRestorePlan plan;
  FastRestoreTag tag;
  /// Those of which it was not on before, or only for a restore that is lost.
  std::vector<SnapshotId> ours = {};
  /// Whether the tag was refused: nothing was enabled then, and only what shows it is ours.
  bool tag_was_refused = false;
};

/// Enables it for all snapshots of a plan, and waits until a volume can be made of each: for hours,
/// if need be. Where somebody else has enabled it, it is only waited for. On an error, or when the
/// user asks to end, nothing of it stays on that was not before.
Task<Result<FastRestoreHold>> begin_fast_restore(FastRestoreTools tools, FastRestorePlan plan);

/// Disables it again, and then warns of the volumes that were made without it all the same. What
/// cannot be disabled is told as a warning, and is the error.
Task<Status> end_fast_restore(FastRestoreTools tools, FastRestoreHold hold,
                              std::vector<VolumeId> made);

}  // namespace pitstop
