#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "ec2/model.hpp"

/// What pitstop writes into the description of a snapshot or an image that it makes.
///
/// 1. A tag can be written by whoever may call CreateTags. The description of a snapshot is given
///    when it is made, and no call changes it: it proves that pitstop made the snapshot, and for
///    which backup.
/// 2. It carries a digest of the tags that were given with it: a tag that was changed, added or
///    removed since is noticed.
/// 3. Snapshots of earlier versions have no digest. What their tags say is a claim.
///
///     pitstop b-… of i-…, tags sha256:…
///     pitstop b-… of i-…, copied from REGION, tags sha256:…
///     pitstop r-… of i-…, pre-snapshot b-…, tags sha256:…
///
/// A pre-snapshot is no backup. It becomes the backup b-… when it gets that tag, and its digest is
/// of the tags that it has then.
namespace pitstop {

struct SnapshotDescription {
  enum class Kind { backup, copy, pre_snapshot };

  Kind kind = Kind::backup;
  BackupId backup;  ///< of a pre-snapshot: the one that it may become
  RunId run;        ///< of a pre-snapshot
  InstanceId instance;
  std::string copied_from;  ///< the region that a copy comes from
  std::string digest;       ///< empty: an earlier version wrote it
};

std::string describe_backup(const BackupId& backup, const InstanceId& instance,
                            const ec2::Tags& tags);
/// `tags` are those that it has as the backup that it may become.
std::string describe_pre_snapshot(const RunId& run, const InstanceId& instance,
                                  const BackupId& backup, const ec2::Tags& tags);
/// `tags` are those of the copy of one snapshot.
std::string describe_copy(const BackupId& backup, const InstanceId& instance,
                          std::string_view region, const ec2::Tags& tags);
/// The same of a copy of an image: what its tags say of a single snapshot comes later.
std::string describe_image_copy(const BackupId& backup, const InstanceId& instance,
                                std::string_view region, const ec2::Tags& tags);

/// Nothing if pitstop did not write it.
std::optional<SnapshotDescription> parse_snapshot_description(std::string_view text);

/// Whether the tags are those that were given together with a description that has a digest.
/// `of_image`: it is the description of the image that the snapshot belongs to. Two later changes
/// are pitstop's own and pass: a claim of `at-rest` that was taken back, and `frozen`, which is
/// known only afterwards.
bool has_tags_as_made(const SnapshotDescription& description, const ec2::Tags& tags,
                      bool of_image = false);

/// What of the tags all snapshots of a backup have in common for as long as they are there.
std::string common_text(const ec2::Tags& tags);

}  // namespace pitstop
