#pragma once

#include <string>
#include <vector>

#include "journal/open_backup.hpp"
#include "prune/keep_rules.hpp"
#include "prune/leftovers.hpp"

/// What is kept of a server's backups and what goes, and why. Nothing in here asks EC2.
///
/// 1. The newest good backup of a server is kept, and so is all that is under way.
/// 2. Only what is complete counts as kept by a rule. What is not is the one thing left of a server
///    that has nothing complete, and is kept as long.
/// 3. A set goes as a whole, or not at all.
/// 4. What is suspect is kept, takes nobody's place, and is told: nothing goes that EC2's facts do
///    not show to be pitstop's, and nothing because of what only a tag says.
/// 5. A backup that a restore in place took before is no good one unless that is asked for: it is
///    the state that was to be replaced. It goes when the restore is finished.
/// 6. Fast snapshot restore that was lost is ended after a day, whatever the rules say: it costs by
///    the hour.
namespace pitstop {

/// The tag of a set whose removal was begun. The next prune finishes it if EC2 shows that something
/// of it is gone; on a set that is whole the tag has no effect.
inline constexpr auto pruning_tag_key = "pitstop:pruning";

struct PruneRules {
  KeepRules keep = {};
  /// What has failed or is incomplete, and leftovers, go when they are older than that.
  Duration keep_failed = std::chrono::days(7);
  /// Whether backups that restores in place took before are good ones like others.
  bool count_safety_backups = false;
};

/// What the rules are applied to, beside the backups.
struct PruneMoment {
  WallTime now;
  /// What the journal knows to be under way.
  std::vector<OpenBackup> open = {};
  /// Volumes that EC2 shows attached to nothing, of those that backups before restores are of: such
  /// a restore can still be taken back.
  std::vector<VolumeId> detached = {};
};

/// The volumes that the backups were taken of which restores in place took before.
std::vector<VolumeId> volumes_replaced_by_restores(const std::vector<BackupSet>& sets);

enum class Fate {
  keep,
  remove,
  pass_over,  ///< no rule keeps it, but it cannot go as a whole
};

std::string_view to_string(Fate fate);

template <class Thing>
struct Verdict {
  Thing thing;
  Fate fate = Fate::keep;
  std::vector<std::string> reasons = {};
};

/// What there is of one server: the sets that take part, and what was lost of it.
struct ServerRemains {
  InstanceId instance;
  std::string name;
  std::size_t site = 0;
  std::string site_name;  ///< the region, and the account if there are several
  std::vector<BackupSet> sets = {};
  std::vector<Leftover> leftovers = {};
};

/// What becomes of it; the newest first.
struct ServerPrune {
  InstanceId instance;
  std::string name;
  std::size_t site = 0;
  std::string site_name;
  std::vector<Verdict<BackupSet>> backups = {};
  std::vector<Verdict<Leftover>> leftovers = {};
};

/// Applies the rules.
ServerPrune plan_prune(ServerRemains remains, const PruneRules& rules, const PruneMoment& moment);

/// The images that stand on a set.
struct StandingImages {
  std::vector<ImageId> ours;  ///< the set's own, and those that restores have left
  std::string foreign;        ///< the first of others, and on what it stands; empty: there is none
};
StandingImages standing_on(const BackupSet& set, const std::vector<ec2::Image>& images);

/// What is in the way of removals.
struct Obstacles {
  std::vector<ec2::Image> images = {};  ///< on any of the snapshots
  std::vector<SnapshotId> locked = {};  ///< in the region, sorted
};

/// Passes over the sets that an image of somebody else stands on, or of which a snapshot is locked.
void pass_over_what_cannot_go(ServerPrune& plan, const Obstacles& obstacles);

/// What the removal may free, at most: the snapshots are incremental, and what others need stays.
/// EC2 tells only what is written of each snapshot, all told.
std::int64_t most_freed(const std::vector<SetSnapshot>& snapshots);

}  // namespace pitstop
