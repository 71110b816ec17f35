#pragma once

#include "backup/observer.hpp"
#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "ec2/caller.hpp"
#include "prune/prune_plan.hpp"

namespace pitstop {

/// What a prune works with, in one account and region. All of it outlives the prune.
struct PruneTools {
  ec2::Caller& ec2;  ///< with retries
  Clock& clock;
  Observer& observer;
  Interruption& interruption;

  void report(const InstanceId& instance, Step step, std::string detail,
              std::string hint = {}) const {
    observer.saw({instance, step, clock.wall(), std::move(detail), std::move(hint)});
  }
};

/// What it came to: of backups and leftovers.
struct Removed {
  std::size_t backups = 0;
  std::size_t leftovers = 0;
  std::size_t not_removed = 0;   ///< that were to be: each was told of
  std::int64_t freed_bytes = 0;  ///< at most

  Removed& operator+=(const Removed& other);
};

/// Removes what a plan says, the oldest first, and tells of each. What cannot be removed is told as
/// a warning, and the others go on. Ends early, between two, if the user has asked to end.
Task<Removed> remove_backups(PruneTools tools, ServerPrune plan);

}  // namespace pitstop
