#include "backup/snapshotting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

constexpr Duration least_patience = Seconds(15);

constexpr Duration between_searches = Seconds(2);

/// One call that makes snapshots, on its way.
struct Asking {
  std::string_view action;
  Task<Result<std::vector<ec2::Snapshot>>> call;
  std::vector<ec2::Filter> found_by;
  std::vector<VolumeId> volumes;
};

bool covers(const std::vector<VolumeId>& volumes, const std::vector<ec2::Snapshot>& snapshots) {
  return std::ranges::all_of(volumes, [&](const VolumeId& volume) {
    return contains(snapshots, volume, &ec2::Snapshot::volume);
  });
}

/// Looks for snapshots whose creation was asked for and not answered. The search starts the clock
/// of the outage anew only in the worst case: what was made is usually visible at once.
Task<Result<std::vector<ec2::Snapshot>>> search(Tools tools, const Asking& asking, Error lost,
                                                Instant deadline) {
  const Instant end = std::min(tools.clock.now() + snapshots_are_visible_after, deadline);
  const auto is_whole = [&](const std::vector<ec2::Snapshot>& found) {
    return covers(asking.volumes, found);
  };
  auto found = co_await search_snapshots(tools, asking.found_by, end, is_whole);
  if (found && is_whole(*found)) {
    co_return found;
  }
  const auto& tag = asking.found_by.front();
  lost.hint = fmt::format("look for snapshots with {} = {}: EC2 may have made them unseen",
                          tag.name, join(tag.values, ", "));
  co_return fail(within("the reply was lost, and no complete set of snapshots was found since",
                        std::move(lost)));
}

Task<Result<std::vector<ec2::Snapshot>>> take(Tools tools, const BackupPlan& plan, Asking asking,
                                              Instant deadline) {
  auto made = co_await std::move(asking.call);
  if (!made && made.error().kind == ErrorKind::unknown_fate) {
    tools.report(plan.instance.id, Step::warning,
                 fmt::format("the reply to {} was lost ({}); looking for the snapshots by their "
                             "tag",
                             asking.action, made.error().message));
    co_return co_await search(tools, asking, std::move(made).error(), deadline);
  }
  co_return made;
}

Duration patience_until(Tools tools, Instant deadline) {
  return std::max(deadline - tools.clock.now(), least_patience);
}

std::vector<ec2::Filter> tags_of(const BackupPlan& plan) {
  return {{"tag:pitstop:backup", {plan.backup.str()}}};
}

Task<Result<std::vector<ec2::Snapshot>>> create_one(ec2::Caller& caller,
                                                    ec2::SnapshotRequest request,
                                                    Duration patience) {
  CO_TRY(auto snapshot, co_await ec2::create_snapshot(caller, std::move(request), patience));
  co_return std::vector{std::move(snapshot)};
}

Task<Result<std::vector<ec2::Snapshot>>> take_detached(Tools tools, const BackupPlan& plan,
                                                       VolumeId volume, Consistency consistency,
                                                       Instant deadline) {
  auto request = snapshot_request_for(plan, volume, consistency, tools.clock.wall());
  auto found_by = tags_of(plan);
  found_by.push_back({"volume-id", {volume.str()}});
  Asking asking{.action = "CreateSnapshot",
                .call = create_one(tools.ec2, std::move(request), patience_until(tools, deadline)),
                .found_by = std::move(found_by),
                .volumes = {std::move(volume)}};
  return take(tools, plan, std::move(asking), deadline);
}

}  // namespace

Task<Result<std::vector<ec2::Snapshot>>> search_snapshots(
    Tools tools, std::vector<ec2::Filter> filters, Instant end,
    std::function<bool(const std::vector<ec2::Snapshot>&)> enough) {
  Result<std::vector<ec2::Snapshot>> found;
  while (true) {
    auto seen = co_await ec2::describe_snapshots(tools.ec2, {}, filters);
    if (!found || found->empty() || (seen && seen->size() >= found->size())) {
      found = std::move(seen);
    }
    const bool settled = found && enough(*found);
    if (settled || tools.clock.now() >= end) {
      co_return found;
    }
    co_await tools.clock.sleep(between_searches);
  }
}

Status covers_every_volume(const BackupPlan& plan, const std::vector<ec2::Snapshot>& snapshots) {
  for (const auto& volume : plan.volumes) {
    if (!contains(snapshots, volume.id, &ec2::Snapshot::volume)) {
      return fail(ErrorKind::refused, fmt::format("EC2 made no snapshot of {}", volume.id.str()),
                  "was it detached or deleted meanwhile? take another backup");
    }
  }
  return {};
}

Status take_in(Tools tools, const BackupPlan& plan, const std::vector<ec2::Snapshot>& made,
               std::optional<SnapshotSet>& set) {
  if (!made.empty()) {
    set.emplace(made);
    const auto begun = with_devices(plan, *set);
    tools.report(plan.instance.id, Step::snapshots_created, names_of(begun));
    tools.observer.saw_progress(plan.instance.id, begun);
  }
  return covers_every_volume(plan, made);
}

Task<Result<std::vector<ec2::Snapshot>>> take_set(Tools tools, const BackupPlan& plan,
                                                  SetToTake set, Instant deadline) {
  const auto patience = patience_until(tools, deadline);
  Asking asking{.action = "CreateSnapshots",
                .call = ec2::create_snapshots(tools.ec2, std::move(set.request), patience),
                .found_by = std::move(set.found_by),
                .volumes = plan.attached_volumes()};
  return take(tools, plan, std::move(asking), deadline);
}

Task<Result<std::vector<ec2::Snapshot>>> take_snapshots(Tools tools, const BackupPlan& plan,
                                                        Consistency consistency, Instant deadline) {
  tools.report(plan.instance.id, Step::snapshots_requested);
  std::vector<ec2::Snapshot> all;
  if (!plan.attached_volumes().empty()) {
    SetToTake set{.request = snapshot_request(plan, consistency, tools.clock.wall()),
                  .found_by = tags_of(plan)};
    CO_TRY(all, co_await take_set(tools, plan, std::move(set), deadline));
  }
  for (const auto& volume : plan.detached_volumes()) {
    auto taken = co_await take_detached(tools, plan, volume, consistency, deadline);
    if (!taken && all.empty()) {
      co_return fail(taken.error());
    }
    if (taken) {
      std::ranges::move(*taken, std::back_inserter(all));
    } else {
      tools.report(plan.instance.id, Step::warning,
                   fmt::format("{}: no snapshot of {}: {}", plan.instance.id.str(), volume.str(),
                               taken.error().message),
                   taken.error().hint);
    }
  }
  co_return all;
}

}  // namespace pitstop
