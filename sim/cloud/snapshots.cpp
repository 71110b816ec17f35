#include "sim/cloud/snapshots.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "sim/cloud/fast_restores.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim {
namespace {

/// At most so many of one volume may be unfinished (EBS quotas, "Concurrent snapshots per volume").
std::size_t most_unfinished(const Volume& volume) {
  return volume.type == "st1" || volume.type == "sc1" ? 1 : 5;
}

constexpr Duration between_two_of_one_volume = Seconds(15);

/// Failed ones count, too, until they are deleted (AWS re:Post, "EBS snapshot stuck").
std::size_t unfinished(const Region& region, const Volume& volume) {
  const auto failed = std::ranges::count_if(volume.snapshots, [&](const SnapshotId& id) {
    const auto& snapshot = region.snapshots.at(id);
    return snapshot.failed && !snapshot.deleted;
  });
  return volume.pending.size() + static_cast<std::size_t>(failed);
}

Answer<void> may_snapshot(Region& region, const VolumeId& id,
                          const SnapshotSpecification& specification) {
  TRY(const auto* const volume, find_volume(region, id));
  if (!specification.outpost.empty() && specification.outpost != volume->outpost) {
    return refuse("InvalidParameterValue",
                  fmt::format("The volume '{}' is not on the Outpost '{}'.", id.str(),
                              specification.outpost));
  }
  if (volume->last_snapshot && region.now() - *volume->last_snapshot < between_two_of_one_volume) {
    return refuse("SnapshotCreationPerVolumeRateExceeded",
                  "The maximum per volume CreateSnapshot request rate has been exceeded. Use an "
                  "increasing or variable sleep interval between requests.");
  }
  if (unfinished(region, *volume) >= most_unfinished(*volume)) {
    return refuse("ConcurrentSnapshotLimitExceeded",
                  fmt::format("Maximum allowed in-progress snapshots for a single volume exceeded. "
                              "({})",
                              id.str()));
  }
  return {};
}

void next_turn(Region& region, Volume& volume);

void end_snapshot(Region& region, Snapshot& snapshot, bool failed, const std::string& why) {
  if (snapshot.ended && snapshot.failed) {
    return;
  }
  snapshot.ended = region.now();
  snapshot.failed = failed;
  snapshot.failure = why;
  if (snapshot.delete_when_ended) {
    snapshot.deleted = region.now();
  }
  if (snapshot.is_copy) {
    return;
  }
  auto& volume = region.volumes.at(snapshot.volume);
  const bool was_copied = !volume.pending.empty() && volume.pending.front() == snapshot.id;
  std::erase(volume.pending, snapshot.id);
  if (was_copied) {
    next_turn(region, volume);
  }
}

/// Copies the oldest pending snapshot of the volume; the newer ones wait for it.
void next_turn(Region& region, Volume& volume) {
  if (volume.pending.empty()) {
    return;
  }
  auto& snapshot = region.snapshots.at(volume.pending.front());
  const auto& pace = volume.snapshot_pace;
  // Somebody else's copying is in the way, more or less.
  const double speed = pace.mib_per_second * (0.75 + volume.random.unit() / 2);
  Snapshot::Copying copying;
  copying.begins = region.now() + pace.lag.draw(volume.random);
  const Duration length = copying_time(snapshot.bytes_to_copy, speed);
  copying.ends = copying.begins + length;
  const bool jumps = volume.random.unit() < pace.jumping;
  const Instant first_step = copying.begins + length * snapshot.step / 100;
  copying.past_zero =
      jumps ? copying.ends : std::min(std::max(first_step, snapshot.speaks_from), copying.ends);
  snapshot.copying = copying;
  const Duration taken =
      snapshot.fails ? (copying.ends - region.now()) / 2 : copying.ends - region.now();
  region.schedule.after(taken, [&region, id = snapshot.id] {
    const auto& ending = region.snapshots.at(id);
    if (ending.fails && !ending.ended) {
      fail_snapshot(region, id, "An internal error has occurred");
    } else {
      complete_snapshot(region, id);
    }
  });
}

std::uint64_t changed_bytes(const Volume& volume) {
  if (!volume.last_snapshot) {
    return volume.used_bytes;
  }
  const auto blocks = volume.contents.writes - volume.writes_at_last_snapshot;
  return std::min(blocks * block_bytes, volume.used_bytes);
}

SnapshotId take(Region& region, Volume& volume, const SnapshotSpecification& specification) {
  settle(region, volume);
  Snapshot snapshot;
  snapshot.id = SnapshotId(region.new_id("snap"));
  snapshot.volume = volume.id;
  snapshot.size_gib = volume.size_gib;
  snapshot.description = specification.description;
  snapshot.outpost = specification.outpost;
  snapshot.encrypted = volume.encrypted;
  snapshot.kms_key = volume.kms_key;
  snapshot.billing = volume.billing;
  snapshot.tags = specification.tags;
  snapshot.created = region.now();
  snapshot.caught = volume.contents;
  snapshot.bytes_to_copy = changed_bytes(volume);
  snapshot.full_bytes = volume.used_bytes;
  snapshot.speaks_from = region.now() + volume.snapshot_pace.silence.draw(volume.random);
  snapshot.step = std::clamp(volume.snapshot_pace.step, 1, 99);
  snapshot.fails = volume.random.unit() < volume.snapshot_pace.failing;
  volume.last_snapshot = region.now();
  volume.writes_at_last_snapshot = volume.contents.writes;
  volume.snapshots.push_back(snapshot.id);
  volume.pending.push_back(snapshot.id);
  const auto id = snapshot.id;
  region.snapshots.emplace(id, std::move(snapshot));
  if (volume.pending.size() == 1) {
    next_turn(region, volume);
  }
  return id;
}

}  // namespace

Duration copying_time(std::uint64_t bytes, double mib_per_second) {
  const double mib = static_cast<double>(bytes) / (1 << 20);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(mib / mib_per_second));
}

Answer<SnapshotId> create_snapshot(Region& region, const VolumeId& volume,
                                   const SnapshotSpecification& specification) {
  TRY_STATUS(may_snapshot(region, volume, specification));
  return take(region, region.volumes.at(volume), specification);
}

Answer<std::vector<SnapshotId>> create_snapshots(Region& region,
                                                 const std::vector<VolumeId>& volumes,
                                                 const std::vector<SnapshotSpecification>& each) {
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    TRY_STATUS(may_snapshot(region, volumes[i], each[i]));
  }
  std::vector<SnapshotId> set;
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    set.push_back(take(region, region.volumes.at(volumes[i]), each[i]));
  }
  for (const auto& id : set) {
    region.snapshots.at(id).set = set;
  }
  return set;
}

Answer<void> delete_snapshot(Region& region, const SnapshotId& id) {
  TRY(auto* const snapshot, find_snapshot(region, id));
  if (!snapshot->lock.empty()) {
    return refuse("SnapshotLocked", fmt::format("The snapshot {} is locked.", id.str()));
  }
  for (const auto& [image_id, image] : region.images) {
    if (!image.deregistered && contains(image.volumes, id, &MappedVolume::snapshot)) {
      return refuse(
          "InvalidSnapshot.InUse",
          fmt::format("The snapshot {} is currently in use by {}", id.str(), image_id.str()));
    }
  }
  if (snapshot->ended) {
    snapshot->deleted = region.now();
    end_fast_restores(region, id);
  } else {
    snapshot->delete_when_ended = true;
  }
  return {};
}

Answer<Snapshot*> find_snapshot(Region& region, const SnapshotId& id) {
  const auto found = region.snapshots.find(id);
  if (found == region.snapshots.end() || found->second.deleted) {
    return refuse("InvalidSnapshot.NotFound",
                  fmt::format("The snapshot '{}' does not exist.", id.str()));
  }
  return &found->second;
}

Answer<void> change_sharing(Region& region, const SnapshotId& id, const SharingChange& change) {
  TRY(auto* const snapshot, find_snapshot(region, id));
  if (change.ends) {
    for (const auto& account : change.accounts) {
      snapshot->shared_with.erase(account);
    }
    return {};
  }
  const auto key =
      snapshot->encrypted ? find_any_key(region, snapshot->kms_key) : std::optional<Key>();
  if (key && key->alias == alias_of_ebs) {
    return refuse("OperationNotPermitted",
                  "Encrypted snapshots with EBS default key cannot be shared");
  }
  snapshot->shared_with.insert(change.accounts.begin(), change.accounts.end());
  return {};
}

void complete_snapshot(Region& region, const SnapshotId& id) {
  auto& snapshot = region.snapshots.at(id);
  if (!snapshot.ended) {
    end_snapshot(region, snapshot, false, "");
  }
}

void fail_snapshot(Region& region, const SnapshotId& id, const std::string& why) {
  const auto set = region.snapshots.at(id).set;
  end_snapshot(region, region.snapshots.at(id), true, why);
  for (const auto& other : set) {
    end_snapshot(region, region.snapshots.at(other), true, why);
  }
}

}  // namespace pitstop::sim
