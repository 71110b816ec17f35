#pragma once

#include "backup/swap.hpp"
#include "restore/restore_outcome.hpp"

/// A restore in place: the same server, with its id, addresses and everything, gets the volumes of
/// a backup. The exchange itself is a step of the pit stop (backup/swapping).
namespace pitstop {

struct InPlaceWishes {
  bool safety_backup = true;
  bool drops_old = false;
  int initialization_rate = 0;  ///< MiB/s, 100 to 300; 0: blocks load when read
  bool fast_restore = false;    ///< enable fast snapshot restore until the volumes are there
};

struct InPlacePlan : RestorePlan {
  InstanceId server;  ///< that gets the volumes
  std::string zone;
  bool stops = true;  ///< the server; one that is stopped is left stopped
  /// How long a stop and a start of it have taken lately; nothing if that is not known.
  std::optional<Duration> usual_outage = {};
  Swap swap;
};

/// What is exchanged, where a backup is restored on `server`, whose volumes are given. A volume is
/// made as the one whose place it takes is now; where there is none, as it was.
Result<InPlacePlan> plan_in_place(const RestoreId& restore, const BackupSet& set,
                                  const ec2::Instance& server,
                                  const std::vector<ec2::Volume>& volumes,
                                  const InPlaceWishes& wishes);

/// What is exchanged, where a restore is taken back: the volumes that it has replaced come in
/// again. `replaced` are those, and must be there; `volumes` are the server's.
Result<InPlacePlan> plan_rollback(const RestoreId& restore, const RestoreId& taken_back,
                                  const ec2::Instance& server,
                                  const std::vector<ec2::Volume>& volumes,
                                  const std::vector<ec2::Volume>& replaced,
                                  const InPlaceWishes& wishes);

/// The volumes that a restore has replaced, and that are kept.
Task<Result<std::vector<ec2::Volume>>> find_replaced(ec2::Caller& ec2, RestoreId restore);

/// What came of it, out of the pit stop that was for it.
RestoreOutcome outcome_of(const InPlacePlan& plan, const BackupOutcome& backup);

}  // namespace pitstop
