#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/snapshot_description.hpp"
#include "ec2/model.hpp"

/// Which snapshots are a backup's, by what EC2 says of them. Tags only say which to look at.
namespace pitstop {

/// A snapshot of a backup.
struct SetMember {
  ec2::Snapshot snapshot;
  /// What it was made as, or its image; nothing: neither is known.
  std::optional<SnapshotDescription> made_as;
  bool is_of_image = false;
  bool is_copy = false;
  VolumeId volume;  ///< that it was taken of
};

/// A snapshot that carries the tags of a backup, and is none of its.
struct LeftOut {
  SnapshotId id;
  std::string why;
};

struct SetMembers {
  std::vector<SetMember> chosen;  ///< one of each volume
  std::vector<SetMember> doubles;
  std::vector<LeftOut> left_out;
  const ec2::Image* image = nullptr;
};

/// The volume that a snapshot was taken of, as its tags have it, else as EC2 does.
VolumeId volume_of(const ec2::Snapshot& snapshot);

/// What a snapshot's description says of the backup that it belongs to; nothing if it was not made
/// as one of a backup.
std::optional<SnapshotDescription> made_as_backup(const ec2::Snapshot& snapshot);
std::optional<SnapshotDescription> made_as_backup(const ec2::Image& image);

/// Sorts out the snapshots that carry the tags of one backup. `images` are those that do.
SetMembers members_of(const BackupId& backup, const InstanceId& instance,
                      const std::vector<ec2::Snapshot>& snapshots,
                      const std::vector<const ec2::Image*>& images);

/// What speaks against it that these are the snapshots of one backup with the tags that pitstop
/// gave them; empty: nothing does.
std::string contradiction_in(const BackupId& backup, const InstanceId& instance,
                             const SetMembers& members);

/// Whether the tags of all of them are proven.
bool has_proven_tags(const SetMembers& members);

}  // namespace pitstop
