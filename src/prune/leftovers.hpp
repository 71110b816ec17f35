#pragma once

#include "backup/ending_fast_restore.hpp"
#include "backup/every_site.hpp"
#include "catalog/find_backups.hpp"

namespace pitstop {

/// What pitstop has made, and has lost before it could remove it: no backup, and no part of one.
struct Leftover {
  enum class Kind {
    prime,          ///< the first set of snapshots of `backup --prime`
    restore_image,  ///< what a restore has launched a server of
    fast_restore,   ///< fast snapshot restore that a restore has enabled: it costs by the hour
    doubles,        ///< snapshots of a backup that EC2 made twice
  };

  Kind kind = Kind::prime;
  InstanceId instance;                 ///< of whose backup it is
  std::string name;                    ///< that server's
  RunId run;                           ///< of a prime
  BackupId backup;                     ///< of all but a prime
  std::vector<SetSnapshot> snapshots;  ///< of a prime, and doubles
  std::optional<ImageId> image;
  /// Of what is restored fast.
  std::optional<LostFastRestore> fast_restore = {};
  /// When it was made, the last of it; nothing if EC2 does not say.
  std::optional<WallTime> made;
  std::size_t site = 0;
};

std::string_view to_string(Leftover::Kind kind);

/// What snapshots and images there are of that, however old. Tags say where to look; that pitstop
/// made it, what it was described as, or named, when it was made, or what it stands on: an image of
/// a restore, and what is restored fast, belong to one of these sets, and are passed over if there
/// is none. What is to be kept is none: a prime of `--keep-prime`, an image of `--keep-image`.
std::vector<Leftover> leftovers_of(const std::vector<ec2::Snapshot>& snapshots,
                                   const std::vector<ec2::Image>& images,
                                   const std::vector<BackupSet>& sets);

/// Whether pitstop made the image for a restore of the set, and nothing else stands behind it.
bool is_image_of_restore(const ec2::Image& image, const BackupSet& set);

/// Whether pitstop made the snapshot as a pre-snapshot that goes when it is not needed any more.
bool is_lost_prime(const ec2::Snapshot& snapshot);

/// The same, asked of all sites. `sets` are those that were found there by the same search.
Task<Result<FromSites<Leftover>>> find_leftovers(std::vector<ec2::Caller*> sites,
                                                 BackupSearch search, std::vector<BackupSet> sets);

/// The images of the account that stand on any of these snapshots.
Task<Result<std::vector<ec2::Image>>> images_on(ec2::Caller& caller,
                                                std::vector<SnapshotId> snapshots);

/// How a prime's snapshots are found, and those that are restored fast.
std::vector<ec2::Filter> prime_filters();
std::vector<ec2::Filter> fast_restore_filters();

}  // namespace pitstop
