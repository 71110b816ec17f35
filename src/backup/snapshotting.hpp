#pragma once

#include <functional>

#include "backup/creating.hpp"
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

/// Makes the set with one CreateSnapshots, by the rule of backup/creating: what an unclear answer
/// may have made is looked for by its tags.
///
/// It ends at `deadline`; there is time for one request and one look even when that is past.
Task<Created<std::vector<ec2::Snapshot>>> take_set(Tools tools, const BackupPlan& plan,
                                                   SetToTake set, Instant deadline);

/// The same for the backup itself, and each detached volume with a request of its own, after the
/// set. One of those that fails leaves the others to be taken in; the observer is told why.
Task<Created<std::vector<ec2::Snapshot>>> take_snapshots(Tools tools, const BackupPlan& plan,
                                                         Consistency consistency, Instant deadline);

/// What one backup has of snapshots after requests that EC2 may have carried out more than once.
struct OneSet {
  std::vector<ec2::Snapshot> kept;
  std::vector<ec2::Snapshot> surplus;
};

/// Sorts out which of the found snapshots of one backup count: of the `attached` volumes the oldest
/// set that is whole and has not failed, of each other volume the oldest snapshot. Nothing is
/// surplus without a whole set that is kept.
OneSet one_set_of(std::vector<ec2::Snapshot> found, const std::vector<VolumeId>& attached);

/// Whether all of it can have been requested by one run, whose requests took so long, by EC2's
/// times. A tag alone is no reason to delete anything.
bool are_of_one_run(const OneSet& one, Duration requests_took);

/// How far apart the requests of one run for one volume are at most.
inline constexpr Duration requests_take_at_most = std::chrono::minutes(2);

/// Deletes them; the error says what is still there.
Task<Status> remove_surplus(Tools tools, InstanceId instance, std::vector<ec2::Snapshot> surplus);

/// When the first request was made, and when the last one had ended.
struct Requested {
  Instant first;
  Instant last;
};

/// When the server is up: clears up what `doubt` left open. Looks until everything shows that was
/// requested: a second set is removed, the older one counts; and where the requests
/// failed, snapshots that appear all the same become the set, labelled `crash`.
Task<Status> settle_doubt(Tools tools, const BackupPlan& plan, Doubt doubt, Requested requested,
                          std::optional<SnapshotSet>& set);

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
