#include <algorithm>
#include <functional>
#include <map>

#include "base/contains.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/snapshot_view.hpp"
#include "sim/api/visible.hpp"

namespace pitstop::sim::actions {
namespace {

/// Whether one of "self", an account or an alias stands for this account. All snapshots that are
/// shown belong to it; of what it may copy of others it has to know the ids.
bool means(const std::vector<std::string>& accounts, const std::string& account) {
  return accounts.empty() || contains(accounts, "self") || contains(accounts, account);
}

using SomeSnapshots = std::map<SnapshotId, std::reference_wrapper<const Snapshot>>;

/// All snapshots that these volumes can have; nothing where one of them is no plain id of a volume,
/// and may have others. It costs no more than finding them.
std::optional<SomeSnapshots> snapshots_of(const Region& region,
                                          const std::vector<std::string>& volumes) {
  SomeSnapshots some;
  for (const auto& id : volumes) {
    const auto volume = region.volumes.find(VolumeId(id));
    if (volume == region.volumes.end()) {
      return std::nullopt;
    }
    for (const auto& snapshot : volume->second.snapshots) {
      some.emplace(snapshot, region.snapshots.at(snapshot));
    }
  }
  return some;
}

constexpr auto filters_of_locks = std::to_array<FilterRow<SeenSnapshot>>(
    {{"lock-state", [](const auto& s, auto& m) { m.offer(s.snapshot.lock); }}});

void write_lock(xml::Element item, const SeenSnapshot& seen) {
  xml::put(item, "ownerId", seen.region.account);
  xml::put(item, "snapshotId", seen.snapshot.id.str());
  xml::put(item, "lockState", seen.snapshot.lock);
}

}  // namespace

Answer<void> describe_locked_snapshots(ActionCall& call) {
  const Catalogue<SeenSnapshot> catalogue{"SnapshotId", snapshot_ids, filters_of_locks,
                                          "snapshotSet", write_lock};
  return describe(call, catalogue, call.region.snapshots,
                  [&](const Snapshot& snapshot) -> std::optional<SeenSnapshot> {
                    const bool shown = is_there(snapshot, call.seen) && !snapshot.lock.empty();
                    return shown ? std::optional<SeenSnapshot>({call.region, snapshot, call.seen})
                                 : std::nullopt;
                  });
}

Answer<void> describe_snapshots(ActionCall& call) {
  const Catalogue<SeenSnapshot> catalogue{"SnapshotId", snapshot_ids, snapshot_filters(),
                                          "snapshotSet", write_snapshot};
  const auto owners = call.form.list("Owner");
  const auto restorable_by = call.form.list("RestorableBy");
  const bool shown =
      means(owners, call.region.account) && means(restorable_by, call.region.account);
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  auto set = call.answer.append_child(catalogue.set);
  const auto look = [&](const Snapshot& snapshot) -> std::optional<SeenSnapshot> {
    const bool there = is_there(snapshot, call.seen) && (shown || !inquiry.ids.empty());
    return there ? std::optional<SeenSnapshot>({call.region, snapshot, call.seen}) : std::nullopt;
  };
  const auto take = [&](const SeenSnapshot& seen) {
    if (shown) {
      write_snapshot(set.append_child("item"), seen);
    }
  };
  const auto* volumes = inquiry.filters.values_of("volume-id");
  if (const auto some = volumes ? snapshots_of(call.region, *volumes) : std::nullopt) {
    return for_each_asked(call, catalogue, inquiry, *some, look, take);
  }
  return for_each_asked(call, catalogue, inquiry, call.region.snapshots, look, take);
}

}  // namespace pitstop::sim::actions
