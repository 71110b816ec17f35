#pragma once

#include <optional>

#include "backup/swap.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {

struct RestoredVolume {
  std::string device;  ///< empty: it is attached to nothing
  VolumeId volume;
  SnapshotId snapshot;
};

inline std::vector<VolumeId> ids_of(const std::vector<RestoredVolume>& volumes) {
  std::vector<VolumeId> ids;
  for (const auto& volume : volumes) {
    ids.push_back(volume.volume);
  }
  return ids;
}

/// What a restore came to.
struct RestoreOutcome {
  RestoreId restore;
  RestoreKind kind = RestoreKind::new_server;
  BackupId backup;
  InstanceId original;  ///< the server that was backed up
  std::string name;     ///< its name
  /// The server that there is now; nothing if there is none.
  std::optional<InstanceId> server = {};
  std::string private_ip = {};
  std::string public_ip = {};
  /// Whether EC2's checks have found it well; false if nobody has waited for them.
  bool checks_passed = false;
  /// The image that stays.
  std::optional<ImageId> image = {};
  std::vector<RestoredVolume> volumes = {};
  // Of a restore in place.
  /// Which volumes the server has in the end.
  std::optional<SwapState> swapped = {};
  /// Those that went out, and are kept.
  std::vector<RestoredVolume> kept = {};
  /// What was there before, as a backup of its own.
  std::optional<BackupId> safety_backup = {};
  std::optional<Duration> downtime = {};
  /// Whether the server was stopped and is not running.
  bool left_down = false;
  /// What could not be cleared away: `pitstop recover` does it later.
  std::vector<std::string> left_behind = {};
  /// What is missing of it, if it is no success. A server that is there stays there.
  std::optional<Error> error = {};
  Duration took{};
};

/// One in which nothing has been done yet.
inline RestoreOutcome outcome_for(const RestorePlan& plan) {
  RestoreOutcome outcome;
  outcome.restore = plan.restore;
  outcome.kind = plan.kind;
  outcome.backup = plan.backup;
  outcome.original = plan.instance;
  outcome.name = plan.name;
  return outcome;
}

}  // namespace pitstop
