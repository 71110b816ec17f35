#pragma once

#include "copy/copy_plan.hpp"
#include "copy/copy_tools.hpp"

namespace pitstop {

/// How far a copy has come that was begun, or could not be.
enum class CopyProgress {
  complete,
  begun,
  no_room,  ///< as many are under way as EC2 takes, and nobody wanted to wait
};

/// Copies one snapshot of a plan: begins the copy unless there is one, and waits until it is
/// complete if that is wanted; `snapshot` then knows it, and `seen`, which has what the observer
/// was shown of the whole backup, too. Of copies that were made twice, because an answer was lost,
/// one is left.
Task<Result<CopyProgress>> copy_one(CopyTools tools, const CopyPlan& plan, SnapshotToCopy& snapshot,
                                    CopyOptions options, std::vector<SnapshotOutcome>& seen);

}  // namespace pitstop
