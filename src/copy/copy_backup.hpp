#pragma once

#include "copy/copy_plan.hpp"
#include "copy/copy_tools.hpp"

namespace pitstop {

enum class CopyResult {
  copied,       ///< all of it is there, and complete
  was_there,    ///< and was before
  following,    ///< all of it was begun, and EC2 goes on by itself
  waits,        ///< there is no room for all of it yet: the next call goes on
  not_yet,      ///< the backup is not complete
  interrupted,  ///< what was begun goes on in EC2
  failed,
};

std::string_view to_string(CopyResult result);

struct CopyOutcome {
  BackupId backup;
  InstanceId instance;
  std::string name;
  CopyRoute route;
  CopyResult result = CopyResult::failed;
  /// Each with its copy, as far as there is one.
  std::vector<SnapshotToCopy> snapshots = {};
  std::optional<ImageId> image = {};
  Duration took{};
  std::optional<Error> error = {};
};

/// Copies a backup as its plan says, each volume by itself and all side by side as there is room,
/// and tells the observer. What has failed there before is removed first. A copy whose answer is
/// lost is looked for by its tags before it is asked for again. Servers have nothing to do with it.
Task<CopyOutcome> copy_backup(CopyTools tools, CopyPlan plan, CopyOptions options);

}  // namespace pitstop
