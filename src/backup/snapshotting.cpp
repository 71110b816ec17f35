#include "backup/snapshotting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

constexpr Duration least_patience = Seconds(15);

/// A new snapshot can be missing from filtered lists for this long at least (seen: 15 s and more).
constexpr Duration search_for = Seconds(60);
constexpr Duration between_searches = Seconds(2);

/// Looks for a set whose creation was asked for and not answered. The search starts the clock of
/// the outage anew only in the worst case: a set that was made is usually visible at once.
Task<Result<std::vector<ec2::Snapshot>>> search(Tools tools, const BackupPlan& plan, Error lost,
                                                Instant deadline) {
  const Instant end = std::min(tools.clock.now() + search_for, deadline);
  std::vector<ec2::Snapshot> found;
  while (true) {
    std::vector<ec2::Filter> filters{{"tag:pitstop:backup", {plan.backup.str()}}};
    auto seen = co_await ec2::describe_snapshots(tools.ec2, {}, std::move(filters));
    if (seen && seen->size() >= found.size()) {
      found = std::move(*seen);
    }
    if (!found.empty() && covers_every_volume(plan, found)) {
      co_return found;
    }
    if (tools.clock.now() >= end) {
      break;
    }
    co_await tools.clock.sleep(between_searches);
  }
  lost.hint = fmt::format(
      "look for snapshots with the tag pitstop:backup = {}: EC2 may have made them unseen",
      plan.backup.str());
  co_return fail(within("the reply was lost, and no complete set of snapshots was found since",
                        std::move(lost)));
}

}  // namespace

Status covers_every_volume(const BackupPlan& plan, const std::vector<ec2::Snapshot>& snapshots) {
  for (const auto& volume : plan.volumes) {
    if (!contains(snapshots, volume.id, &ec2::Snapshot::volume)) {
      return fail(ErrorKind::refused, fmt::format("EC2 made no snapshot of {}", volume.id.str()),
                  "was it detached while the server stopped? take another backup");
    }
  }
  return {};
}

Task<Result<std::vector<ec2::Snapshot>>> take_snapshots(Tools tools, const BackupPlan& plan,
                                                        Consistency consistency, Instant deadline) {
  tools.report(plan.instance.id, Step::snapshots_requested);
  auto request = snapshot_request(plan, consistency, tools.clock.wall());
  const Duration patience = std::max(deadline - tools.clock.now(), least_patience);
  auto made = co_await ec2::create_snapshots(tools.ec2, std::move(request), patience);
  if (!made && made.error().kind == ErrorKind::unknown_fate) {
    tools.report(
        plan.instance.id, Step::warning,
        fmt::format(
            "the reply to CreateSnapshots was lost ({}); looking for the snapshots by their tag",
            made.error().message));
    co_return co_await search(tools, plan, std::move(made).error(), deadline);
  }
  co_return made;
}

}  // namespace pitstop
