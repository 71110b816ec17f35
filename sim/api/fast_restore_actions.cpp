#include "sim/cloud/fast_restores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/contains.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/network.hpp"
#include "sim/api/visible.hpp"

namespace pitstop::sim::actions {
namespace {

/// As seen in pingcap/tidb#48505.
constexpr std::size_t most_source_snapshots = 10;

/// Fast snapshot restore of a snapshot as a call sees it.
struct SeenFastRestore {
  const Region& region;
  const FastRestore& fast;
  Instant seen;

  std::string_view state() const { return to_string(fast.state_at(seen)); }
};

constexpr auto fast_restore_filters = std::to_array<FilterRow<SeenFastRestore>>({
    {"availability-zone", [](const auto& f, auto& m) { m.offer(f.fast.zone); }},
    {"availability-zone-id", [](const auto& f, auto& m) { m.offer(zone_id(f.fast.zone)); }},
    {"owner-id", [](const auto& f, auto& m) { m.offer(f.region.account); }},
    {"snapshot-id", [](const auto& f, auto& m) { m.offer(f.fast.snapshot.str()); }},
    {"state", [](const auto& f, auto& m) { m.offer(f.state()); }},
});

/// When it entered a state, if it has come so far, and had before that other time.
void put_entry(xml::Element item, std::string_view name, const SeenFastRestore& seen,
               std::optional<Instant> when, std::optional<Instant> before = {}) {
  if (when && *when <= seen.seen && (!before || *when < *before)) {
    xml::put_time(item, name, seen.region.schedule.wall(*when));
  }
}

void write_fast_restore(xml::Element item, const SeenFastRestore& seen) {
  const auto& fast = seen.fast;
  const auto state = fast.state_at(seen.seen);
  const bool asked = state == FastRestoreState::enabling || state == FastRestoreState::disabling;
  xml::put(item, "snapshotId", fast.snapshot.str());
  xml::put(item, "availabilityZone", fast.zone);
  xml::put(item, "availabilityZoneId", zone_id(fast.zone));
  xml::put(item, "state", to_string(state));
  xml::put(item, "stateTransitionReason",
           asked ? "Client.UserInitiated" : "Client.UserInitiated - Lifecycle state transition");
  xml::put(item, "ownerId", seen.region.account);
  put_entry(item, "enablingTime", seen, fast.enabling);
  put_entry(item, "optimizingTime", seen, fast.optimizing, fast.disabling);
  put_entry(item, "enabledTime", seen, fast.enabled, fast.disabling);
  put_entry(item, "disablingTime", seen, fast.disabling);
  put_entry(item, "disabledTime", seen, fast.disabled);
}

struct FastRestoreRequest {
  std::vector<SnapshotId> snapshots;
  std::vector<std::string> zones;
};

/// By their names or by their ids, not by both.
Answer<std::vector<std::string>> read_zones(ActionCall& call) {
  const auto all = call.region.zones();
  auto names = call.form.list("AvailabilityZone");
  const auto ids = call.form.list("AvailabilityZoneId");
  if (names.empty() == ids.empty()) {
    return refuse(names.empty() ? "MissingParameter" : "InvalidParameterCombination",
                  "Either AvailabilityZone or AvailabilityZoneId must be specified.");
  }
  for (const auto& id : ids) {
    const auto named = std::ranges::find(all, id, zone_id);
    names.push_back(named == all.end() ? id : *named);
  }
  for (const auto& name : names) {
    if (!contains(all, name)) {
      return not_found(zone_names, {name});
    }
  }
  return names;
}

Answer<FastRestoreRequest> read_fast_restore(ActionCall& call) {
  FastRestoreRequest request;
  TRY(request.snapshots, read_ids<SnapshotId>(call.form, "SourceSnapshotId"));
  if (request.snapshots.size() > most_source_snapshots) {
    return refuse("InvalidRequest",
                  fmt::format("Number of values of parameter SourceSnapshotIds must be less than "
                              "or equal to {}.",
                              most_source_snapshots));
  }
  TRY(request.zones, read_zones(call));
  return request;
}

using Verb = Answer<const FastRestore*> (*)(Region&, const SnapshotId&, const std::string&);

struct Refused {
  SnapshotId snapshot;
  std::string zone;
  ApiError error;
};

void write_refused(xml::Element set, const std::vector<Refused>& all) {
  for (auto each = all.begin(); each != all.end();) {
    auto item = set.append_child("item");
    xml::put(item, "snapshotId", each->snapshot.str());
    auto errors = item.append_child("fastSnapshotRestoreStateErrorSet");
    const auto snapshot = each->snapshot;
    for (; each != all.end() && each->snapshot == snapshot; ++each) {
      auto in_zone = errors.append_child("item");
      xml::put(in_zone, "availabilityZone", each->zone);
      xml::put(in_zone, "availabilityZoneId", zone_id(each->zone));
      auto error = in_zone.append_child("error");
      xml::put(error, "code", each->error.code);
      xml::put(error, "message", each->error.message);
    }
  }
}

/// Each snapshot in each zone for itself: some may succeed where others do not.
Answer<void> change_fast_restores(ActionCall& call, Verb verb) {
  TRY(const auto request, read_fast_restore(call));
  TRY_STATUS(call.admit());
  std::vector<const FastRestore*> done;
  std::vector<Refused> refused;
  for (const auto& snapshot : request.snapshots) {
    for (const auto& zone : request.zones) {
      auto changed = verb(call.region, snapshot, zone);
      if (changed) {
        done.push_back(*changed);
      } else {
        refused.push_back({snapshot, zone, std::move(changed).error()});
      }
    }
  }
  auto successful = call.answer.append_child("successful");
  for (const auto* fast : done) {
    write_fast_restore(successful.append_child("item"), {call.region, *fast, call.region.now()});
  }
  write_refused(call.answer.append_child("unsuccessful"), refused);
  return {};
}

}  // namespace

Answer<void> enable_fast_snapshot_restores(ActionCall& call) {
  return change_fast_restores(call, enable_fast_restore);
}

Answer<void> disable_fast_snapshot_restores(ActionCall& call) {
  return change_fast_restores(call, disable_fast_restore);
}

Answer<void> describe_fast_snapshot_restores(ActionCall& call) {
  constexpr PageLimits page{.least = 0, .most = 200};
  const Catalogue<SeenFastRestore> catalogue{
      "", snapshot_ids, fast_restore_filters, "fastSnapshotRestoreSet", write_fast_restore, page};
  return describe(call, catalogue, call.region.fast_restores,
                  [&](const FastRestore& fast) -> std::optional<SeenFastRestore> {
                    const auto& snapshot = call.region.snapshots.at(fast.snapshot);
                    const bool there = fast.enabling <= call.seen && is_there(snapshot, call.seen);
                    return there ? std::optional<SeenFastRestore>({call.region, fast, call.seen})
                                 : std::nullopt;
                  });
}

}  // namespace pitstop::sim::actions
