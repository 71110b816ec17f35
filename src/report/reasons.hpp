#pragma once

#include <string>
#include <vector>

#include "backup/outcome.hpp"

namespace pitstop {

/// Why some servers of a run have no backup: all of them for the same reason.
struct Reason {
  bool refused = false;
  /// Without the ids in which they differ: "snap-… of vol-… is in state error".
  std::string text;
  std::string hint;
  std::vector<InstanceId> servers;
};

/// Failed ones before refused ones, and of each the most common first.
std::vector<Reason> reasons_of(const std::vector<BackupOutcome>& backups);

}  // namespace pitstop
