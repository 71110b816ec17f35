#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/backup_set.hpp"

/// Which backups are copied to another place, and what of each is there already. Nothing in here
/// asks EC2.
///
/// 1. Only what is complete is copied.
/// 2. What is there is not copied a second time: a copy is known by its backup and its volume, so a
///    copy that was interrupted goes on.
/// 3. What a copy's tags say is what the original's say: where it is, it is found, restored and
///    pruned like any other backup.
namespace pitstop {

/// Where copies come from and where they go.
struct CopyRoute {
  std::string from_region;
  std::string to_region;
  /// The account that they go to; empty: they stay in that of the originals.
  std::string to_account = {};

  bool operator==(const CopyRoute&) const = default;
};

/// Which backups of a server are copied; if nothing is said, its newest complete one.
struct CopyWishes {
  std::vector<BackupId> backups = {};  ///< these
  std::optional<WallTime> since = {};  ///< all complete ones that were taken then or later
  /// Whether backups that restores in place took before are copied like others.
  bool counts_safety_backups = false;
  /// A copy that has failed is made again when that time has passed since it was begun: a timer
  /// must not make one after the other.
  Duration retry_failed_after{};
};

/// Those of one server that are to be looked at; they come the newest first. What is newer than the
/// one that would be copied and not complete yet is among them.
std::vector<BackupSet> chosen_for_copy(const std::vector<BackupSet>& sets,
                                       const CopyWishes& wishes);

enum class CopyState {
  to_copy,    ///< of some of its snapshots there is no copy
  under_way,  ///< of each there is one, and some are not complete yet
  is_there,
  not_yet,    ///< the backup is not complete yet
  pass_over,  ///< it cannot be copied
};

std::string_view to_string(CopyState state);

struct SnapshotToCopy {
  SnapshotId source;
  VolumeId volume;  ///< as it was when it was backed up
  std::string device;
  ec2::Gibibytes size{};
  ec2::Tags tags = {};  ///< of the copy
  /// What there is of it.
  std::optional<SnapshotId> copy = {};
  bool is_complete = false;
};

/// What is to be done about one backup.
struct CopyPlan {
  BackupSet set;
  CopyRoute route;
  CopyState state = CopyState::to_copy;
  /// Why it is passed over, or not copied yet.
  std::string reason = {};
  std::vector<SnapshotToCopy> snapshots = {};
  /// Copies that have failed, and those that were made twice.
  std::vector<SnapshotId> to_remove = {};
  /// Whether its image is copied, and its snapshots with it: so what AWS bills for beside the
  /// machine goes along. Not to another account, which EC2 hands no licences.
  bool by_image = false;
  std::optional<ec2::Image> image_there = {};
  /// A copy of the image that has failed, and goes before its snapshots.
  std::optional<ImageId> failed_image = {};
  /// What will not be there as it was, in words.
  std::vector<std::string> losses = {};

  ec2::Gibibytes size() const { return set.size(); }
};

/// What is at the destination of the backups that may be copied.
struct CopiesThere {
  std::vector<ec2::Snapshot> snapshots = {};
  std::vector<ec2::Image> images = {};
};

CopyPlan plan_copy(BackupSet set, const CopyRoute& route, const CopiesThere& there,
                   const CopyWishes& wishes, WallTime now);

/// The snapshot of an image that stands for a device.
std::optional<SnapshotId> snapshot_at(const ec2::Image& image, std::string_view device);

/// What the copy of a snapshot is described as: whatever its tags become, it proves what it is of.
std::string description_of_copy(const CopyPlan& plan, const SnapshotToCopy& snapshot);

/// The tags of a copy. An error, of kind `refused`, if there is no room for them.
Result<ec2::Tags> tags_of_copy(const BackupSet& set, const SetSnapshot& snapshot,
                               const CopyRoute& route);

/// The tag of an original that is open to another account while it is copied: the account.
inline constexpr auto shared_with_tag_key = "pitstop:shared-with";

}  // namespace pitstop
