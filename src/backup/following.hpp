#pragma once

#include "backup/gate.hpp"

/// Step 5: the server is up, and its snapshots finish.
namespace pitstop {

/// Gives each snapshot the tags that it alone has: its device, and its volume's own tags. What does
/// not work is reported and costs nothing else: the configuration in the common tags has the
/// devices too.
Task<void> add_individual_tags(Tools tools, const BackupPlan& plan, const SnapshotSet& set);

/// Gives them all the tag that says what they are worth, in the place of what they said before.
Task<Status> tag_consistency(Tools tools, std::vector<SnapshotId> snapshots,
                             Consistency consistency, std::optional<ImageId> image = {});

struct Following {
  /// A snapshot that failed, or what keeps them from being seen. That the user asked to end is no
  /// error: the snapshots finish by themselves.
  Status status;
  int polls = 0;
};

/// What came of a backup: its snapshots as they are now, and its outcome. `touched` says whether
/// anything was done, or may have been; without that there is no backup to name.
BackupOutcome concluded(BackupOutcome outcome, const BackupPlan& plan,
                        const std::optional<SnapshotSet>& set, bool touched);

/// Waits until every snapshot has ended one way or the other, for hours if need be.
Task<Following> follow(Tools tools, const BackupPlan& plan, SnapshotSet& set);

}  // namespace pitstop
