#pragma once

#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace pitstop {

/// A restore that is under way, or was when its process ended, and that stops no server: of a new
/// server, or of volumes alone. One in place is an open backup of its server.
struct OpenRestore {
  RestoreId restore;
  BackupId backup;
  InstanceId instance;  ///< that was backed up
  std::string region;
  std::string role;  ///< the ARN of the one that was assumed for its account; empty: none
  WallTime opened;
  std::string holder;  ///< "process 4711 on host-1", for people

  bool operator==(const OpenRestore&) const = default;
};

/// Whose lock says that its process is alive: each restore is a run of its own.
inline RunId run_of(const RestoreId& restore) {
  return RunId(restore.str());
}

}  // namespace pitstop
