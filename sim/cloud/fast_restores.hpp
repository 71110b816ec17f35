#pragma once

#include <vector>

#include "sim/cloud/region.hpp"

/// Fast snapshot restore: a volume that is made of a snapshot, in a zone where that is enabled for
/// it, has all of its blocks at once (EBS User Guide, "Amazon EBS fast snapshot restore").
namespace pitstop::sim {

/// Where the region has that of a snapshot in a zone.
std::string key_of_fast_restore(const SnapshotId& snapshot, const std::string& zone);

/// Enables it, as far as that is not done yet; the refusal is the one of this snapshot in this
/// zone. It takes an hour for each TiB.
Answer<const FastRestore*> enable_fast_restore(Region& region, const SnapshotId& snapshot,
                                               const std::string& zone);

/// Disables it; once more while it is being disabled changes nothing.
Answer<const FastRestore*> disable_fast_restore(Region& region, const SnapshotId& snapshot,
                                                const std::string& zone);

/// The snapshot is deleted: it is over at once, in all zones.
void end_fast_restores(Region& region, const SnapshotId& snapshot);

/// Whether a volume of the snapshot that is made in the zone now is fast restored; takes the credit
/// for it.
bool take_credit(Region& region, const SnapshotId& snapshot, const std::string& zone);

/// How long it has been on up to now, as AWS charges for it: by the minute, each time an hour at
/// least.
Duration charged(const FastRestore& fast, Instant now);

}  // namespace pitstop::sim
