#include "cli/prune_obstacles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/role_arn.hpp"
#include "base/chunks.hpp"
#include "base/log.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/volumes.hpp"
#include "prune/leftovers.hpp"

namespace pitstop {

Task<Result<Obstacles>> obstacles_at(ec2::Caller& caller, std::vector<SnapshotId> snapshots) {
  Obstacles obstacles;
  CO_TRY(obstacles.images, co_await images_on(caller, std::move(snapshots)));
  auto locked = co_await ec2::locked_snapshots(caller);
  if (locked) {
    obstacles.locked = *std::move(locked);
    std::ranges::sort(obstacles.locked);
  } else {
    // Who may not ask finds out when the deletion is refused.
    log::debug("it is not known which snapshots are locked: {}", locked.error().message);
  }
  co_return obstacles;
}

Task<std::vector<VolumeId>> detached_of(ec2::Caller& caller, std::vector<VolumeId> volumes) {
  std::vector<std::string> ids;
  std::ranges::transform(volumes, std::back_inserter(ids), &VolumeId::str);
  std::vector<VolumeId> detached;
  for (const auto& part : chunks(ids, ec2::most_filter_values)) {
    const std::vector<ec2::Filter> filters{{"volume-id", part}, {"status", {"available"}}};
    const auto found = co_await ec2::describe_volumes(caller, {}, filters);
    if (!found) {
      log::debug("it is not known which volumes are attached: {}", found.error().message);
      co_return volumes;
    }
    std::ranges::transform(*found, std::back_inserter(detached), &ec2::Volume::id);
  }
  co_return detached;
}

void hold_copies_from(const Ec2Connection& origin, const std::string& site,
                      std::vector<ServerPrune>& plans) {
  const auto account = account_of_role(origin.role());
  for (auto& plan : plans) {
    for (auto& [set, fate, reasons] : plan.backups) {
      const bool is_from_there = set.copied_from && set.copied_from->region == origin.region() &&
                                 (account.empty() || set.copied_from->account == account);
      if (is_from_there && fate == Fate::remove) {
        fate = Fate::pass_over;
        reasons = {fmt::format("a copy of what is in {}, which does not answer", site)};
      }
    }
  }
}

}  // namespace pitstop
