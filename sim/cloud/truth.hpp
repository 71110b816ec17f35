#pragma once

#include <optional>
#include <vector>

#include "sim/cloud/region.hpp"

/// What really happened, for tests and for whoever wants to know how good a tool is.
namespace pitstop::sim {

/// One time that a server was not running, from the accepted stop to `running`, as it truly was.
struct Outage {
  InstanceId instance;
  Instant stop_accepted;
  std::optional<Instant> stopped;
  /// Whether every snapshot of it caught its volume at rest.
  bool clean = false;
  /// Made while it was stopped, of the volumes that it had.
  std::vector<SnapshotId> snapshots;
  std::optional<Instant> snapshots_made;
  /// When the last of them showed more than 0 %.
  std::optional<Instant> past_zero;
  /// When the last of them was complete.
  std::optional<Instant> completed;
  /// The start that led to `running`; the ones that fell back come before it.
  std::optional<Instant> start_accepted;
  std::optional<Instant> running;

  /// From the accepted stop to `running`; nothing while it is down.
  std::optional<Duration> downtime() const;
  /// What this outage had to take: the stop, the gate and the start as the cloud took them, one
  /// right after the other. Nothing where no snapshot was made.
  std::optional<Duration> limit() const;
  /// The same had the start waited until every snapshot was complete.
  std::optional<Duration> limit_of_waiting() const;
};

/// All outages of an instance, the oldest first; the last one may still go on.
std::vector<Outage> outages_of(const Region& region, const InstanceId& instance);

/// Whether the volume was at rest when the snapshot was made: cleanly unmounted.
bool caught_at_rest(const Snapshot& snapshot);

/// When the progress of a snapshot first showed more than 0 %; nothing if it is not known yet.
std::optional<Instant> past_zero(const Snapshot& snapshot);

}  // namespace pitstop::sim
