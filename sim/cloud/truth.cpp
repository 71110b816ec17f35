#include "sim/cloud/truth.hpp"

#include <algorithm>

namespace pitstop::sim {
namespace {

/// Later is only known when both are.
void take_later(std::optional<Instant>& latest, std::optional<Instant> other) {
  latest = latest && other ? std::optional(std::max(*latest, *other)) : std::nullopt;
}

void add_snapshot(Outage& outage, const Snapshot& snapshot) {
  const auto complete = snapshot.failed ? std::nullopt : snapshot.ended;
  if (outage.snapshots.empty()) {
    outage.snapshots_made = snapshot.created;
    outage.past_zero = past_zero(snapshot);
    outage.completed = complete;
  } else {
    take_later(outage.snapshots_made, snapshot.created);
    take_later(outage.past_zero, past_zero(snapshot));
    take_later(outage.completed, complete);
  }
  outage.snapshots.push_back(snapshot.id);
}

/// Those of the volumes that are attached to the instance, made before it was started again.
void add_snapshots(const Region& region, const Instance& instance, Outage& outage) {
  if (!outage.stopped) {
    return;
  }
  for (const auto& attachment : instance.attachments) {
    for (const auto& id : region.volumes.at(attachment.volume).snapshots) {
      const auto& snapshot = region.snapshots.at(id);
      if (!snapshot.deleted && *outage.stopped <= snapshot.created &&
          (!outage.start_accepted || snapshot.created < *outage.start_accepted)) {
        add_snapshot(outage, snapshot);
      }
    }
  }
}

std::optional<Duration> sum(const Outage& outage, std::optional<Instant> gate) {
  if (!outage.stopped || !outage.snapshots_made || !gate || !outage.start_accepted ||
      !outage.running) {
    return std::nullopt;
  }
  return (*outage.stopped - outage.stop_accepted) + (*gate - *outage.snapshots_made) +
         (*outage.running - *outage.start_accepted);
}

}  // namespace

std::optional<Duration> Outage::downtime() const {
  return running ? std::optional(*running - stop_accepted) : std::nullopt;
}

std::optional<Duration> Outage::limit() const {
  return sum(*this, past_zero);
}

std::optional<Duration> Outage::limit_of_waiting() const {
  return sum(*this, completed);
}

std::vector<Outage> outages_of(const Region& region, const InstanceId& id) {
  const auto& instance = region.instances.at(id);
  std::vector<Outage> outages;
  const auto ongoing = [&] { return !outages.empty() && !outages.back().running; };
  for (const auto& change : instance.history) {
    switch (change.state) {
      case InstanceState::stopping:
        if (!ongoing()) {
          outages.emplace_back().instance = id;
          outages.back().stop_accepted = change.at;
        }
        break;
      case InstanceState::stopped:
        if (ongoing() && !outages.back().stopped) {
          outages.back().stopped = change.at;
        }
        break;
      case InstanceState::pending:
        if (ongoing()) {
          outages.back().start_accepted = change.at;
        }
        break;
      case InstanceState::running:
        if (ongoing()) {
          outages.back().running = change.at;
        }
        break;
      case InstanceState::shutting_down:
      case InstanceState::terminated:
        break;
    }
  }
  for (auto& outage : outages) {
    add_snapshots(region, instance, outage);
    outage.clean = !outage.snapshots.empty() &&
                   std::ranges::all_of(outage.snapshots, [&](const SnapshotId& snapshot) {
                     return caught_at_rest(region.snapshots.at(snapshot));
                   });
  }
  return outages;
}

bool caught_at_rest(const Snapshot& snapshot) {
  return snapshot.caught.file_system == FileSystem::clean;
}

std::optional<Instant> past_zero(const Snapshot& snapshot) {
  if (!snapshot.copying) {
    return std::nullopt;
  }
  if (snapshot.ended && *snapshot.ended < snapshot.copying->past_zero) {
    return std::nullopt;  // it failed before
  }
  return snapshot.copying->past_zero;
}

}  // namespace pitstop::sim
