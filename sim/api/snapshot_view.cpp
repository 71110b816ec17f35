#include "sim/api/snapshot_view.hpp"

#include <array>

namespace pitstop::sim {
namespace {

/// One that is back for a time stays in the archive tier.
constexpr const char* storage_tier(const Snapshot& snapshot) {
  return snapshot.archived ? "archive" : "standard";
}

constexpr auto filters_of_snapshots = std::to_array<FilterRow<SeenSnapshot>>({
    {"description", [](const auto& s, auto& m) { m.offer(s.snapshot.description); }},
    {"encrypted", [](const auto& s, auto& m) { m.offer_boolean(s.snapshot.encrypted); }},
    {"owner-alias", [](const auto&, auto&) {}},
    {"owner-id", [](const auto& s, auto& m) { m.offer(s.region.account); }},
    {"progress", [](const auto& s, auto& m) { m.offer(s.snapshot.progress_at(s.seen)); }},
    {"snapshot-id", [](const auto& s, auto& m) { m.offer(s.snapshot.id.str()); }},
    {"start-time",
     [](const auto& s, auto& m) { m.offer_time(s.region.schedule.wall(s.snapshot.created)); }},
    {"status", [](const auto& s, auto& m) { m.offer(to_string(s.state())); }},
    {"storage-tier", [](const auto& s, auto& m) { m.offer(storage_tier(s.snapshot)); }},
    {"volume-id", [](const auto& s, auto& m) { m.offer(s.snapshot.volume.str()); }},
    {"volume-size", [](const auto& s, auto& m) { m.offer_number(s.snapshot.size_gib); }},
});

/// What every call tells of a snapshot, the state under its name there.
void write_common(xml::Element item, const SeenSnapshot& seen, const char* state) {
  const auto& snapshot = seen.snapshot;
  xml::put(item, "snapshotId", snapshot.id.str());
  xml::put(item, "volumeId", snapshot.volume.str());
  xml::put(item, state, to_string(seen.state()));
  xml::put_time(item, "startTime", seen.region.schedule.wall(snapshot.created));
  xml::put(item, "progress", snapshot.progress_at(seen.seen));
  xml::put(item, "ownerId", seen.region.account);
  xml::put_number(item, "volumeSize", snapshot.size_gib);
  xml::put(item, "description", snapshot.description);
  xml::put_boolean(item, "encrypted", snapshot.encrypted);
  xml::put_unless_empty(item, "outpostArn", snapshot.outpost);
  xml::put_tags(item, snapshot.tags);
}

}  // namespace

std::span<const FilterRow<SeenSnapshot>> snapshot_filters() {
  return filters_of_snapshots;
}

void write_snapshot(xml::Element item, const SeenSnapshot& seen) {
  const auto& snapshot = seen.snapshot;
  write_common(item, seen, "status");
  xml::put_unless_empty(item, "kmsKeyId", snapshot.kms_key);
  xml::put(item, "storageTier", storage_tier(snapshot));
  if (snapshot.restored_until) {
    xml::put_time(item, "restoreExpiryTime", seen.region.schedule.wall(*snapshot.restored_until));
  }
  if (seen.state() == SnapshotState::completed) {
    xml::put_number(item, "fullSnapshotSizeInBytes",
                    static_cast<std::int64_t>(snapshot.full_bytes));
    xml::put_time(item, "completionTime", seen.region.schedule.wall(*snapshot.ended));
  }
  if (seen.state() == SnapshotState::error) {
    xml::put(item, "statusMessage", snapshot.failure);
  }
}

void write_snapshot_info(xml::Element item, const SeenSnapshot& seen) {
  write_common(item, seen, "state");
}

}  // namespace pitstop::sim
