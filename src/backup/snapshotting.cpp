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

/// Looks for a set whose creation was asked for and not answered. The search starts the clock of
/// the outage anew only in the worst case: a set that was made is usually visible at once.
Task<Result<std::vector<ec2::Snapshot>>> search(Tools tools, const BackupPlan& plan,
                                                std::vector<ec2::Filter> found_by, Error lost,
                                                Instant deadline) {
  const Instant end = std::min(tools.clock.now() + snapshots_are_visible_after, deadline);
  const auto is_whole = [&](const std::vector<ec2::Snapshot>& found) {
    return !found.empty() && covers_every_volume(plan, found);
  };
  auto found = co_await search_snapshots(tools, found_by, end, is_whole);
  if (found && is_whole(*found)) {
    co_return found;
  }
  lost.hint = fmt::format("look for snapshots with {} = {}: EC2 may have made them unseen",
                          found_by.front().name, join(found_by.front().values, ", "));
  co_return fail(within("the reply was lost, and no complete set of snapshots was found since",
                        std::move(lost)));
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
                  "was it detached while the server stopped? take another backup");
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
  const Duration patience = std::max(deadline - tools.clock.now(), least_patience);
  auto made = co_await ec2::create_snapshots(tools.ec2, std::move(set.request), patience);
  if (!made && made.error().kind == ErrorKind::unknown_fate) {
    tools.report(
        plan.instance.id, Step::warning,
        fmt::format(
            "the reply to CreateSnapshots was lost ({}); looking for the snapshots by their tag",
            made.error().message));
    co_return co_await search(tools, plan, std::move(set.found_by), std::move(made).error(),
                              deadline);
  }
  co_return made;
}

Task<Result<std::vector<ec2::Snapshot>>> take_snapshots(Tools tools, const BackupPlan& plan,
                                                        Consistency consistency, Instant deadline) {
  tools.report(plan.instance.id, Step::snapshots_requested);
  SetToTake set{.request = snapshot_request(plan, consistency, tools.clock.wall()),
                .found_by = {{"tag:pitstop:backup", {plan.backup.str()}}}};
  return take_set(tools, plan, std::move(set), deadline);
}

}  // namespace pitstop
