#pragma once

#include <functional>

#include "backup/gate.hpp"
#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// Step 2 of the pit stop: one call that snapshots every attached volume.
namespace pitstop {

/// What is asked for, and the tags by which it is found again.
struct SetToTake {
  ec2::SnapshotSetRequest request;
  std::vector<ec2::Filter> found_by;
};

/// Makes the set with one CreateSnapshots. When its reply is lost, the set is looked for by its tag
/// and adopted; the call is never made a second time, for it may have worked and be seen late.
///
/// Retries and the search end at `deadline`; there is time for one call and one look even when that
/// is past.
Task<Result<std::vector<ec2::Snapshot>>> take_set(Tools tools, const BackupPlan& plan,
                                                  SetToTake set, Instant deadline);

/// The same for the backup itself, and each detached volume with a call of its own, after the set.
/// One of those that fails leaves the others to be taken in; the observer is told why.
Task<Result<std::vector<ec2::Snapshot>>> take_snapshots(Tools tools, const BackupPlan& plan,
                                                        Consistency consistency, Instant deadline);

/// Takes what EC2 has made as the backup's set, and tells the observer; an error says what is
/// missing.
Status take_in(Tools tools, const BackupPlan& plan, const std::vector<ec2::Snapshot>& made,
               std::optional<SnapshotSet>& set);

/// Looks for snapshots that may not be visible yet, until there are `enough` of them or `end` is
/// there: a new one can be missing from filtered lists for a while. The most that were seen, or
/// what kept all of them from being seen.
Task<Result<std::vector<ec2::Snapshot>>> search_snapshots(
    Tools tools, std::vector<ec2::Filter> filters, Instant end,
    std::function<bool(const std::vector<ec2::Snapshot>&)> enough);

/// How long that takes at most (seen: 15 s and more).
inline constexpr Duration snapshots_are_visible_after = Seconds(60);

/// Nothing if every volume of the plan is in the set; else what is missing.
Status covers_every_volume(const BackupPlan& plan, const std::vector<ec2::Snapshot>& snapshots);

}  // namespace pitstop
