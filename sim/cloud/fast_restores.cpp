#include "sim/cloud/fast_restores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/result.hpp"
#include "sim/cloud/snapshots.hpp"

namespace pitstop::sim {
namespace {

/// EBS quotas, "Fast snapshot restore": snapshots of a region, in however many zones.
constexpr std::size_t most_fast_restores = 5;

constexpr std::int64_t most_gib = std::int64_t{16} << 10;

/// AWS says nothing of these; a poll sees them.
constexpr Duration enabling_takes = Seconds(15);
constexpr Duration disabling_takes = Seconds(15);
/// "60 minutes per TiB" (EBS User Guide); a small snapshot is not there in a moment, either.
constexpr Duration optimizing_takes_a_tib = std::chrono::hours(1);
constexpr Duration optimizing_takes_at_least = std::chrono::minutes(3);

double tib(const Snapshot& snapshot) {
  return static_cast<double>(snapshot.size_gib) / 1024;
}

Duration part_of(Duration length, double part) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(length) * part);
}

/// EBS User Guide, "Volume creation credits".
double credits_an_hour(const Snapshot& snapshot) {
  return std::min(10.0, 1 / tib(snapshot));
}

double most_credits(const Snapshot& snapshot) {
  return std::max(1.0, credits_an_hour(snapshot));
}

/// The bucket begins empty, and fills from when the snapshot is optimized.
void fill_credits(FastRestore& fast, const Snapshot& snapshot, Instant now) {
  if (now > fast.credits_at) {
    const auto hours = std::chrono::duration<double, std::ratio<3600>>(now - fast.credits_at);
    fast.credits =
        std::min(most_credits(snapshot), fast.credits + hours.count() * credits_an_hour(snapshot));
    fast.credits_at = now;
  }
}

FastRestore* find_fast_restore(Region& region, const SnapshotId& snapshot,
                               const std::string& zone) {
  const auto found = region.fast_restores.find(key_of_fast_restore(snapshot, zone));
  return found == region.fast_restores.end() ? nullptr : &found->second;
}

Answer<void> has_room(const Region& region, const SnapshotId& snapshot) {
  std::set<SnapshotId> on{snapshot};
  for (const auto& [key, fast] : region.fast_restores) {
    if (fast.is_on(region.now())) {
      on.insert(fast.snapshot);
    }
  }
  if (on.size() > most_fast_restores) {
    return refuse("ResourceLimitExceeded",
                  fmt::format("You have reached the limit of {} snapshots that fast snapshot "
                              "restore is enabled for.",
                              most_fast_restores));
  }
  return {};
}

}  // namespace

std::string key_of_fast_restore(const SnapshotId& snapshot, const std::string& zone) {
  return fmt::format("{} in {}", snapshot.str(), zone);
}

Answer<const FastRestore*> enable_fast_restore(Region& region, const SnapshotId& snapshot_id,
                                               const std::string& zone) {
  TRY(const auto* const snapshot, find_snapshot(region, snapshot_id));
  auto* const known = find_fast_restore(region, snapshot_id, zone);
  const auto now = region.now();
  if (known != nullptr && known->is_on(now)) {
    return known;
  }
  if (known != nullptr && known->state_at(now) != FastRestoreState::disabled) {
    return refuse("IncorrectState",
                  fmt::format("Fast snapshot restore of {} is being disabled.", snapshot_id.str()));
  }
  if (snapshot->state_at(now) != SnapshotState::completed) {
    return refuse("IncorrectState",
                  fmt::format("The snapshot '{}' is not completed.", snapshot_id.str()));
  }
  if (snapshot->size_gib > most_gib) {
    return refuse("InvalidParameterValue",
                  fmt::format("The snapshot {} has {} GiB; at most {} GiB are supported.",
                              snapshot_id.str(), snapshot->size_gib, most_gib));
  }
  TRY_STATUS(has_room(region, snapshot_id));
  FastRestore fast{.snapshot = snapshot_id,
                   .zone = zone,
                   .enabling = now,
                   .optimizing = now + enabling_takes,
                   .enabled = {},
                   .disabling = {},
                   .disabled = {},
                   .credits_at = now + enabling_takes,
                   .charged_before = known != nullptr ? charged(*known, now) : Duration()};
  fast.enabled = fast.optimizing + std::max(optimizing_takes_at_least,
                                            part_of(optimizing_takes_a_tib, tib(*snapshot)));
  auto& place = region.fast_restores[key_of_fast_restore(snapshot_id, zone)];
  place = fast;
  return &place;
}

Answer<const FastRestore*> disable_fast_restore(Region& region, const SnapshotId& snapshot,
                                                const std::string& zone) {
  TRY_STATUS(find_snapshot(region, snapshot));
  auto* const known = find_fast_restore(region, snapshot, zone);
  const auto now = region.now();
  if (known == nullptr || known->state_at(now) == FastRestoreState::disabled) {
    return refuse(
        "IncorrectState",
        fmt::format("Fast snapshot restore is not enabled for {} in {}.", snapshot.str(), zone));
  }
  if (known->is_on(now)) {
    known->disabling = now;
    known->disabled = now + disabling_takes;
  }
  return known;
}

void end_fast_restores(Region& region, const SnapshotId& snapshot) {
  for (auto& [key, fast] : region.fast_restores) {
    if (fast.snapshot == snapshot) {
      fast.disabling = std::min(fast.disabling.value_or(region.now()), region.now());
      fast.disabled = std::min(fast.disabled.value_or(region.now()), region.now());
    }
  }
}

bool take_credit(Region& region, const SnapshotId& snapshot, const std::string& zone) {
  auto* const fast = find_fast_restore(region, snapshot, zone);
  if (fast == nullptr || fast->state_at(region.now()) != FastRestoreState::enabled) {
    return false;
  }
  fill_credits(*fast, region.snapshots.at(snapshot), region.now());
  if (fast->credits < 1) {
    return false;
  }
  fast->credits -= 1;
  return true;
}

Duration charged(const FastRestore& fast, Instant now) {
  const auto end = std::min(now, fast.disabling.value_or(now));
  const Duration minutes = std::chrono::ceil<std::chrono::minutes>(end - fast.enabling);
  return fast.charged_before + std::max<Duration>(minutes, std::chrono::hours(1));
}

}  // namespace pitstop::sim
