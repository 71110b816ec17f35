#include "cli/prune_obstacles.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/role_arn.hpp"
#include "base/log.hpp"
#include "ec2/snapshots.hpp"
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
