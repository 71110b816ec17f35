#include "sim/cloud/copies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"

namespace pitstop::sim {
namespace {

/// At most so many in progress in a region (EBS quotas, "Concurrent snapshot copies per destination
/// Region").
constexpr std::ptrdiff_t most_copies = 20;

/// EBS looks at keys when a copy has long been accepted.
constexpr Duration until_keys_are_tried = Seconds(10);

Answer<void> may_begin_another(const Region& region) {
  const auto in_progress = std::ranges::count_if(
      region.snapshots, [](const auto& each) { return each.second.is_copy && !each.second.ended; });
  if (in_progress >= most_copies) {
    return refuse("ResourceLimitExceeded",
                  fmt::format("Too many snapshot copies in progress. The limit is {} for this "
                              "destination region.",
                              most_copies));
  }
  return {};
}

/// A key that the region does not know is not one that is known to be closed.
bool can_be_read(const Region& there, const Snapshot& source) {
  const auto* key = source.encrypted ? find_key(there, source.kms_key) : nullptr;
  return key == nullptr || key->enabled();
}

/// Makes it `pending`, and lets it go on by itself.
SnapshotId begin_copy(Region& region, const Region& there, const Snapshot& source,
                      const SnapshotCopy& asked) {
  Snapshot copy;
  copy.id = SnapshotId(region.new_id("snap"));
  // EC2 names no volume for a copy.
  copy.volume = VolumeId("vol-ffffffff");
  copy.is_copy = true;
  copy.size_gib = source.size_gib;
  copy.description = asked.specification.description;
  copy.tags = asked.specification.tags;
  copy.encrypted = asked.encrypted || source.encrypted;
  copy.billing = source.billing;
  copy.created = region.now();
  copy.caught = source.caught;
  copy.bytes_to_copy = source.full_bytes;
  copy.full_bytes = source.full_bytes;
  copy.speaks_from = region.now();
  const auto length = copying_time(copy.bytes_to_copy, region.snapshot_pace.mib_per_second);
  copy.copying = {region.now(), region.now() + length / 100, region.now() + length};
  bool can_be_written = true;
  if (copy.encrypted) {
    const auto key = asked.kms_key.empty() ? std::optional(key_of_ebs(region))
                                           : find_any_key(region, asked.kms_key);
    copy.kms_key = key ? arn_of(region, *key) : key_arn(region, asked.kms_key);
    can_be_written = key && key->enabled();
  }
  const auto id = copy.id;
  region.snapshots.emplace(id, std::move(copy));
  if (can_be_written && can_be_read(there, source)) {
    region.schedule.after(length, [&region, id] { complete_snapshot(region, id); });
  } else {
    region.schedule.after(until_keys_are_tried, [&region, id] {
      fail_snapshot(region, id, "Given key ID is not accessible");
    });
  }
  return id;
}

}  // namespace

Answer<SnapshotId> copy_snapshot(Region& region, const Region& there, const Snapshot& source,
                                 const SnapshotCopy& copy) {
  if (source.state_at(region.now()) != SnapshotState::completed) {
    return refuse("IncorrectState",
                  fmt::format("The snapshot '{}' is not completed.", source.id.str()));
  }
  TRY_STATUS(may_begin_another(region));
  return begin_copy(region, there, source, copy);
}

}  // namespace pitstop::sim
