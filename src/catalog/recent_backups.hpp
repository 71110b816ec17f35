#pragma once

#include <string>
#include <vector>

#include "backup/select.hpp"
#include "base/result.hpp"
#include "base/task.hpp"

namespace pitstop {

/// A backup that EC2 knows of, as far as it matters for what is due.
struct RecentBackup {
  InstanceId instance;
  std::string policy;  ///< that asked for it; several have a space between their names
  WallTime begun;      ///< when its first snapshot began, by EC2's clock; not later than now
  bool good = false;   ///< every volume has a snapshot that is complete or on its way
};

/// The backups of these servers, all at one site, that policies have asked for since that time. The
/// tags of snapshots say where to look; EC2's own facts decide: when a snapshot began, and of which
/// volume it is. A backup none of whose snapshots is of a volume that the server has, and a copy,
/// is none of the server's.
Task<Result<std::vector<RecentBackup>>> recent_backups(ec2::Caller& caller,
                                                       std::vector<SelectedServer> servers,
                                                       WallTime since, WallTime now);

}  // namespace pitstop
