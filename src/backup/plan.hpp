#pragma once

#include <expected>
#include <string>
#include <vector>

#include "backup/captured_configuration.hpp"
#include "backup/finding.hpp"
#include "backup/options.hpp"
#include "backup/outcome.hpp"
#include "backup/rotation.hpp"
#include "backup/tag_keys.hpp"
#include "ec2/images.hpp"
#include "ec2/model.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {

/// How a server was when its run selected it, perhaps hours before its turn.
struct AsSelected {
  WallTime run_begun = {};
  std::optional<WallTime> launched = {};
  ec2::InstanceState state = ec2::InstanceState::running;
  /// Since when another run had it, as its tag said; nothing: none had.
  std::optional<WallTime> held_since = {};

  /// Whether somebody was stopping it, starting it or holding it.
  bool is_busy() const;
};
AsSelected as_selected(const ec2::Instance& instance, WallTime run_begun);

/// Everything that is decided before the first call that changes something: what will be done to
/// one server, and every tag that it will leave.
struct BackupPlan {
  RunId run;
  BackupId backup;
  ec2::Instance instance;
  /// Those that are backed up; their own tags go onto their snapshots.
  std::vector<ec2::Volume> volumes = {};
  std::vector<ec2::AttachedVolume> excluded = {};
  BackupOptions options;
  /// For every snapshot of the set, in the call that makes them; consistency and time come on top.
  ec2::Tags common_tags = {};
  /// What the server is taken out of before its stop.
  Rotation rotation = {};
  /// The cluster placement group in which a place is reserved for it; empty: in none.
  std::string placement_group_arn = {};
  /// How its run found it in the beginning.
  AsSelected selected = {};
  /// What a person should know of the plan itself.
  std::vector<Finding> findings = {};

  bool found_stopped() const { return instance.state == ec2::InstanceState::stopped; }

  /// Whether it is to be stopped, and so to be started again.
  bool stops() const { return options.approach == Approach::stop && !found_stopped(); }

  /// Whether snapshots are taken; a restore in place need not.
  bool is_backup() const { return !options.swap || options.swap->safety_backup; }

  /// Whether it runs all the time.
  bool goes_on() const { return options.approach != Approach::stop && !found_stopped(); }

  /// One that is not stopped has no downtime to be spared.
  bool is_primed() const { return options.prime && stops(); }

  /// Where the instance has the volume; empty if nowhere.
  std::string device_of(const VolumeId& volume) const;

  /// Those that EC2 takes into one set.
  std::vector<VolumeId> attached_volumes() const;

  /// Those that have to be asked for one by one.
  std::vector<VolumeId> detached_volumes() const;
};

/// Whether a volume's tag of that name does not go onto its snapshot: "Name" is the server's there.
bool is_reserved_tag(std::string_view key);

/// A plan, or the one finding for which there cannot be any.
using Planned = std::expected<BackupPlan, Finding>;

/// Plans the backup of an instance with these volumes: those attached to it, and those that the
/// options name as detached. It cannot be backed up for its state, or with nothing to back up, too
/// many exclusions or tags, or a detached volume that is attached.
Planned make_plan(const ec2::Instance& instance, const ec2::LaunchSettings& attributes,
                  const std::vector<ec2::Volume>& volumes, const BackupOptions& options,
                  const RunId& run, const BackupId& backup);

/// The request for all attached volumes, in one call.
ec2::SnapshotSetRequest snapshot_request(const BackupPlan& plan, Consistency consistency,
                                         WallTime now);

/// The request for a volume that is detached.
ec2::SnapshotRequest snapshot_request_for(const BackupPlan& plan, const VolumeId& volume,
                                          Consistency consistency, WallTime now);

/// The tags that a snapshot should have beyond those of the whole set: its device, if it is
/// attached, and its volume's own. EC2 puts the same tags on every snapshot of a set, so these come
/// afterwards, when the server is up.
ec2::Tags individual_tags(const BackupPlan& plan, const VolumeId& volume);

}  // namespace pitstop
