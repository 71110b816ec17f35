#pragma once

#include <vector>

#include "cli/ec2_sites.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"

/// Restores of new servers and of volumes alone that this host has begun, and whose processes have
/// ended before they were done.
namespace pitstop {

/// Which of them `pitstop recover` has to do with.
struct LostRestoresWish {
  std::optional<RestoreId> only = {};  ///< all if none is named
  bool dry_run = false;
};

struct LostRestoresOutcome {
  std::size_t found = 0;
  /// Of which something is there that costs; told with what to do about it.
  std::size_t left = 0;
};

/// Those of the journal that no process holds. Their locks are ours from then on.
Result<std::vector<OpenRestore>> find_lost_restores(State& state, const LostRestoresWish& wish);

/// Deregisters their images, ends their fast snapshot restore, tells `report` what they have made,
/// and closes them in the journal. One at a site that is not among these stays open.
Task<LostRestoresOutcome> clear_away_lost(const Ec2Sites& sites, std::vector<OpenRestore> restores,
                                          LostRestoresWish wish, State& state,
                                          Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
