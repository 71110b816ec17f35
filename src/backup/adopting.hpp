#pragma once

#include "backup/stranded.hpp"

namespace pitstop {

/// The snapshots that an interrupted run had asked for.
struct Adopted {
  /// Whether they are a backup; or why not.
  Status status;
  BackupId backup;
  std::vector<SnapshotOutcome> snapshots;
  /// The image that stands on them, if one was asked for.
  std::optional<ImageId> image;
  std::optional<Consistency> consistency;
  /// When the last of them was seen complete.
  std::optional<WallTime> completed;
  int polls = 0;
};

/// Looks for them by the tags that they carry, and follows them to their end if `wait`.
Task<Adopted> adopt_snapshots(Tools tools, const Stranded& stranded, bool wait);

}  // namespace pitstop
