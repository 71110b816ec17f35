#pragma once

#include "restore/restore_outcome.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

struct VolumeWishes {
  /// The server that gets them; nothing: they are left free.
  std::optional<ec2::Instance> attach_to = {};
  std::optional<int> room = {};  ///< how many volumes that one can have yet; absent: not known
  std::string zone = {};         ///< of free ones; empty: where the server was
  bool incomplete = false;       ///< take what is there of a set that is not complete
  int initialization_rate = 0;   ///< MiB/s, 100 to 300; 0: blocks load when read
  bool fast_restore = false;     ///< enable fast snapshot restore until they are there
};

struct VolumesPlan : RestorePlan {
  std::string zone;
  std::optional<InstanceId> attach_to = {};
  /// Where that server gets them, in the order of `volumes`.
  std::vector<std::string> devices = {};
  int initialization_rate = 0;
};

/// The volumes of a backup, and where they go. A device keeps its name where that is free on the
/// other server; a root volume, and what finds its place taken, comes to one of /dev/sdf to
/// /dev/sdp, and then to one of /dev/xvdba to /dev/xvdcz (EC2 User Guide, "Device names").
Result<VolumesPlan> plan_volumes(const RestoreId& restore, const BackupSet& set,
                                 const VolumeWishes& wishes);

/// Makes them, and attaches them if that is planned. Volumes that could not be attached are there
/// all the same.
Task<RestoreOutcome> restore_volumes(RestoreTools tools, VolumesPlan plan);

}  // namespace pitstop
