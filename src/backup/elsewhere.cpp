#include "backup/elsewhere.hpp"

#include <algorithm>
#include <map>

#include "backup/policy_names.hpp"
#include "base/contains.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

/// So far apart may this host's clock and that of EC2 be.
constexpr Duration clocks_differ_by = std::chrono::minutes(5);

/// A tag that says that another run has had the server for longer is not believed.
constexpr Duration longest_believed = std::chrono::hours(6);

std::string tag_of(const ec2::Snapshot& snapshot, std::string_view key) {
  return ec2::find_tag(snapshot.tags, key).value_or("");
}

using Sets = std::map<std::string, std::vector<ec2::Snapshot>>;

bool has_failed(const ec2::Snapshot& snapshot) {
  return snapshot.state != ec2::SnapshotState::pending &&
         snapshot.state != ec2::SnapshotState::completed;
}

/// From when on a snapshot is of an outage that was under way when the run began, or came later.
WallTime earliest(const AsSelected& selected) {
  const auto begun = std::chrono::floor<Milliseconds>(selected.run_begun - clocks_differ_by);
  if (!selected.held_since) {
    return begun;
  }
  const auto longest = std::chrono::floor<Milliseconds>(selected.run_begun - longest_believed);
  return std::min(begun, std::max(*selected.held_since, longest));
}

/// What was taken before the start that the server was selected with was there before the run.
bool is_young(const ec2::Snapshot& snapshot, const AsSelected& selected) {
  const bool after_start = selected.is_busy() || !selected.launched || !snapshot.started ||
                           *snapshot.started > *selected.launched;
  return snapshot.started && *snapshot.started >= earliest(selected) && after_start;
}

bool serves(const std::vector<ec2::Snapshot>& set, const BackupPlan& plan) {
  const auto policy = tag_of(set.front(), "pitstop:policy");
  const bool for_all = std::ranges::all_of(policies_in(plan.options.policy), [&](const auto& name) {
    return is_for_policy(policy, name);
  });
  const bool whole = std::ranges::all_of(plan.volumes, [&](const ec2::Volume& volume) {
    return contains(set, volume.id, &ec2::Snapshot::volume);
  });
  return for_all && whole && std::ranges::none_of(set, has_failed) &&
         std::ranges::all_of(
             set, [&](const auto& snapshot) { return is_young(snapshot, plan.selected); });
}

Sets sets_of_others(const std::vector<ec2::Snapshot>& snapshots, const BackupPlan& plan) {
  Sets sets;
  for (const auto& snapshot : snapshots) {
    const auto backup = tag_of(snapshot, "pitstop:backup");
    const auto run = tag_of(snapshot, "pitstop:run");
    if (!backup.empty() && !run.empty() && run != plan.run.str()) {
      sets[backup].push_back(snapshot);
    }
  }
  return sets;
}

}  // namespace

bool may_be_done_elsewhere(const BackupPlan& plan, const ec2::Instance& seen) {
  const auto& selected = plan.selected;
  const bool was_started =
      seen.launched && selected.launched && *seen.launched != *selected.launched;
  return plan.options.approach == Approach::stop && !plan.options.swap &&
         seen.id == plan.instance.id &&
         (was_started || selected.is_busy() || seen.state != selected.state);
}

Task<Result<std::optional<ElsewhereBackup>>> find_backup_elsewhere(ec2::Caller& caller,
                                                                   const BackupPlan& plan) {
  std::vector<ec2::Filter> filters{{"tag:pitstop:instance", {plan.instance.id.str()}},
                                   {"tag-key", {"pitstop:backup"}},
                                   {"volume-id", {}}};
  for (const auto& volume : plan.volumes) {
    filters.back().values.push_back(volume.id.str());
  }
  CO_TRY(const auto snapshots, co_await ec2::describe_snapshots(caller, {}, std::move(filters)));
  std::optional<ElsewhereBackup> found;
  for (const auto& [backup, set] : sets_of_others(snapshots, plan)) {
    if (!serves(set, plan)) {
      continue;
    }
    const auto first = *std::ranges::min_element(set, {}, &ec2::Snapshot::started)->started;
    if (!found || first > found->started) {
      found = ElsewhereBackup{RunId(tag_of(set.front(), "pitstop:run")), BackupId(backup), first};
    }
  }
  co_return found;
}

}  // namespace pitstop
