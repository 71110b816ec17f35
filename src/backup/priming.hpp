#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// `--prime`: a first set of snapshots, taken while the server runs and complete before it is
/// stopped. EC2 copies the blocks that have changed since a volume's last snapshot, so the set of
/// the stopped server has little left to copy.
namespace pitstop {

/// The tag of such a snapshot; its value says whether it is to be removed.
inline constexpr auto prime_tag_key = "pitstop:prime";
inline constexpr auto prime_to_keep = "keep";
inline constexpr auto prime_to_remove = "remove";

/// Takes the set and waits until it is complete, for hours if need be. An error says that it is
/// not: then nothing speaks for a stop.
Task<Status> prime(Tools tools, const BackupPlan& plan);

/// What is to be removed after a backup, by whoever has finished it.
struct Primed {
  RunId run;
  InstanceId instance;
  /// Whether the set may have been made a moment ago, and not be visible yet.
  bool may_be_new = false;
  bool backup_is_complete = false;
};

/// Removes the set that primed a backup, if it is not to be kept. A set that is complete outlives a
/// backup that is not: it becomes a backup of its own, which is worth `crash`. Only what EC2 says
/// was made for this backup is touched, whatever the tags of others say. What cannot be removed is
/// reported; the error says that something is left.
Task<Status> remove_prime(Tools tools, Primed primed);

/// Whether there is a set that primes, by the tags alone.
Task<Result<bool>> may_be_primed(Tools tools, RunId run, InstanceId instance);

}  // namespace pitstop
