#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "ec2/model.hpp"

/// Fast snapshot restore, as a restore has it: enabled for the snapshots before volumes are made of
/// them, and disabled when they are there. While it is on, the snapshots carry a tag, so that it
/// can be found, and ended, when the restore is lost: AWS charges for it by the minute.
namespace pitstop {

/// A snapshot, with the size of the volume that it was taken of: what counts for AWS.
struct FastRestoreSource {
  SnapshotId snapshot;
  ec2::Gibibytes size{};
};

struct FastRestorePlan {
  RestoreId restore;
  std::string zone;  ///< where the volumes will be
  std::vector<FastRestoreSource> sources;

  std::vector<SnapshotId> snapshots() const;

  /// How long it takes until a volume can be made of each, by AWS's figures.
  Duration expected() const;
};

/// As the journal keeps it: the restore, and the snapshots.
std::string to_text(const FastRestorePlan& plan);

/// How long it takes by AWS's figures until a volume can be made of one.
Duration expected_of(const FastRestoreSource& source);

/// Of larger volumes EC2 does not enable it (EBS User Guide, "Amazon EBS fast snapshot restore").
inline constexpr ec2::Gibibytes largest_fast_restore{std::int64_t{16} << 10};

/// Of so many snapshots of a region, unless AWS has raised the quota (EBS quotas).
inline constexpr std::size_t usual_fast_restores = 5;

/// The tag of a snapshot for which a restore has it enabled: "rs-… us-east-1a 2026-11-23T…Z".
inline constexpr auto fast_restore_tag_key = "pitstop:fast-restore";

struct FastRestoreTag {
  RestoreId restore;
  std::string zone;
  WallTime since;

  bool operator==(const FastRestoreTag&) const = default;
};

std::string to_string(const FastRestoreTag& tag);

/// What a snapshot's tags say of that; nothing if they have none, or one that is none of ours.
std::optional<FastRestoreTag> fast_restore_in(const ec2::Tags& tags);

/// The command of the `aws` program by which a person disables it.
std::string disabling_by_hand(const SnapshotId& snapshot, const std::string& zone);

/// A tag that is older belongs to a restore that is lost: the largest snapshots take 16 hours.
inline constexpr Duration fast_restore_is_lost_after = std::chrono::days(1);

}  // namespace pitstop
