#pragma once

#include <string>

namespace pitstop {

/// For whom a policy is.
struct PolicyScope {
  /// Whether `check` will be run, which only looks, or anything that checks first.
  bool checks = true;
  bool backs_up = true;
  /// Whether some of the backups stop servers; those with --online do not.
  bool stops = true;
  bool recovers = true;
  std::string partition = "aws";
  std::string region = "*";
  std::string account = "*";
  /// Whether --detached-volume will be used.
  bool takes_detached = false;
  /// Whether --freeze will be used.
  bool freezes = false;
  /// The role of --guard-role; empty: without a guard.
  std::string guard_role = {};
  /// Whether --reserve-capacity will be used.
  bool reserves_capacity = false;
  /// Whether --method image will be used.
  bool makes_images = false;
  /// Whether --prime will be used without --keep-prime.
  bool removes_primes = false;
  /// Whether `list` and `show` will be used.
  bool lists = false;
  /// Whether `prune` will be.
  bool prunes = false;
  bool copies = false;
  /// Whether `restore --new` and `--volumes-only` will be used.
  bool restores = false;
  /// Whether `restore --in-place` and `rollback` will be used.
  bool restores_in_place = false;
  /// Whether restores will be with --fast-snapshot-restore.
  bool restores_fast = false;
  bool standby = false;  ///< whether --standby will be used
  bool drain = false;    ///< whether --drain will be used
};

/// The least that pitstop needs, as an IAM policy in JSON. Resources and conditions as the Service
/// Authorization Reference has them: what describes takes no resource, a snapshot's ARN has no
/// account, and a condition on a tag holds for its own resource only.
std::string iam_policy(const PolicyScope& scope);

}  // namespace pitstop
