#include "backup/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.hpp"
#include "base/text.hpp"

namespace pitstop {
namespace {

using ec2::SnapshotState;

bool is_lost(const ec2::Snapshot& snapshot) {
  return snapshot.state == SnapshotState::error || snapshot.state == SnapshotState::recoverable;
}

bool has_ended(const ec2::Snapshot& snapshot) {
  return snapshot.state == SnapshotState::completed || is_lost(snapshot);
}

GateOpening opening_of(StartWhen start_when) {
  switch (start_when) {
    case StartWhen::progress:
      return GateOpening::progress;
    case StartWhen::accepted:
      return GateOpening::accepted;
    case StartWhen::completed:
      return GateOpening::completed;
  }
  unreachable();
}

/// Keeps the replies small: a look carries those snapshots that are past 0 %, or have ended.
void hear_of_the_gate_only(ec2::Wait<ec2::Snapshot>& wait, StartWhen start_when) {
  switch (start_when) {
    case StartWhen::progress:
      wait.progress_news = {"1*", "2*", "3*", "4*", "5*", "6*", "7*", "8*", "9*"};
      break;
    case StartWhen::accepted:
      break;  // whatever EC2 shows
    case StartWhen::completed:
      wait.news = {"completed", "error", "recoverable"};
      break;
  }
}

}  // namespace

bool far_enough(StartWhen start_when, const ec2::Snapshot& snapshot) {
  if (snapshot.state == SnapshotState::completed) {
    return true;
  }
  if (snapshot.state != SnapshotState::pending) {
    return false;
  }
  switch (start_when) {
    case StartWhen::progress:
      return snapshot.progress.value_or(0) > 0;
    case StartWhen::accepted:
      return true;
    case StartWhen::completed:
      return false;
  }
  unreachable();
}

SnapshotSet::SnapshotSet(const std::vector<ec2::Snapshot>& snapshots) {
  for (const auto& snapshot : snapshots) {
    latest_.insert_or_assign(snapshot.id, snapshot);
  }
}

void SnapshotSet::see(const ec2::Snapshot& snapshot) {
  const auto known = latest_.find(snapshot.id);
  if (known == latest_.end() || has_ended(known->second)) {
    return;
  }
  const auto furthest = std::max(known->second.progress, snapshot.progress);
  const auto state = snapshot.state ? snapshot.state : known->second.state;
  auto tags = std::move(known->second.tags);  // a look does not tell them
  known->second = snapshot;
  known->second.tags = std::move(tags);
  known->second.progress = furthest;
  known->second.state = state;
}

GateState SnapshotSet::gate(StartWhen start_when) const {
  if (failed() != nullptr) {
    return GateState::broken;
  }
  const bool open = std::ranges::all_of(
      latest_, [&](const auto& entry) { return far_enough(start_when, entry.second); });
  return open ? GateState::open : GateState::shut;
}

bool SnapshotSet::all_completed() const {
  return std::ranges::all_of(
      latest_, [](const auto& entry) { return entry.second.state == SnapshotState::completed; });
}

bool SnapshotSet::all_ended() const {
  return std::ranges::all_of(latest_, [](const auto& entry) { return has_ended(entry.second); });
}

const ec2::Snapshot* SnapshotSet::failed() const {
  const auto found =
      std::ranges::find_if(latest_, [](const auto& entry) { return is_lost(entry.second); });
  return found == latest_.end() ? nullptr : &found->second;
}

std::vector<SnapshotId> SnapshotSet::ids() const {
  std::vector<SnapshotId> ids;
  for (const auto& [id, snapshot] : latest_) {
    ids.push_back(id);
  }
  return ids;
}

std::string names_of(const std::vector<SnapshotOutcome>& snapshots) {
  std::vector<std::string> names;
  for (const auto& [snapshot, device] : snapshots) {
    const auto place = device.empty() ? "" : fmt::format(" ({})", device);
    names.push_back(fmt::format("{} of {}{}", snapshot.id.str(), snapshot.volume.str(), place));
  }
  return join(names, ", ");
}

Error snapshot_failure(const ec2::Snapshot& snapshot) {
  auto message = fmt::format("{} of {} is in state {}", snapshot.id.str(), snapshot.volume.str(),
                             to_string(snapshot.state.value_or(SnapshotState::error)));
  if (!snapshot.state_message.empty()) {
    message += ": " + printable(snapshot.state_message);
  }
  return {ErrorKind::refused,
          std::move(message),
          "this backup is not complete: take another one; if it happens again, look at the volume "
          "and its KMS key",
          {}};
}

std::vector<SnapshotOutcome> with_devices(const BackupPlan& plan, const SnapshotSet& set) {
  std::vector<SnapshotOutcome> shown;
  for (const auto& snapshot : set.snapshots()) {
    shown.push_back({snapshot, plan.device_of(snapshot.volume)});
  }
  std::ranges::sort(shown, {}, &SnapshotOutcome::device);
  return shown;
}

Task<GateWait> wait_for_gate(Tools tools, const BackupPlan& plan, SnapshotSet& set,
                             Instant deadline) {
  const StartWhen start_when = plan.options.start_when;
  Status watched;
  int polls = 0;
  if (set.gate(start_when) == GateState::shut) {
    ec2::Wait<ec2::Snapshot> wait;
    wait.ids = set.ids();
    wait.deadline = deadline;
    if (!tools.observer.wants_progress()) {
      hear_of_the_gate_only(wait, start_when);
      wait.heard_enough_of = [start_when](const ec2::Snapshot& snapshot) {
        return far_enough(start_when, snapshot);
      };
    }
    wait.enough = [&](const ec2::Snapshot& snapshot) {
      set.see(snapshot);
      if (tools.observer.wants_progress()) {
        tools.observer.saw_progress(plan.instance.id, with_devices(plan, set));
      }
      return set.gate(start_when) != GateState::shut;
    };
    const auto waited = co_await tools.snapshots.wait(std::move(wait));
    watched = waited.status;
    polls = waited.polls;
  }
  if (const auto* failed = set.failed()) {
    co_return GateWait{fail(snapshot_failure(*failed)), polls};
  }
  if (!watched && watched.error().kind == ErrorKind::deadline) {
    co_return GateWait{GateOpening::deadline, polls};
  }
  if (!watched) {
    co_return GateWait{fail(within("the snapshots cannot be watched", watched.error())), polls};
  }
  co_return GateWait{opening_of(start_when), polls};
}

}  // namespace pitstop
