#pragma once

#include "sim/api/inquiry.hpp"

namespace pitstop::sim {

/// A snapshot as a describing call sees it.
struct SeenSnapshot {
  const Region& region;
  const Snapshot& snapshot;
  Instant seen;

  const Tags& tags() const { return snapshot.tags; }
  SnapshotState state() const { return snapshot.state_at(seen); }
};

std::span<const FilterRow<SeenSnapshot>> snapshot_filters();

/// What CreateSnapshot answers: <status>, and all that is known of it.
void write_snapshot(xml::Element item, const SeenSnapshot& seen);

/// What CreateSnapshots answers for one: <state>, and less of it.
void write_snapshot_info(xml::Element item, const SeenSnapshot& seen);

}  // namespace pitstop::sim
