#pragma once

#include "backup/stranded.hpp"

namespace pitstop {

/// What interrupted runs have left in one account and region, and what to work with there.
struct RecoveryPart {
  FleetTools tools;
  std::vector<Stranded> servers;
};

/// Finishes what interrupted runs have left, side by side: waits out `stopping`, starts, sees that
/// it stays up, clears away the guard, the reservation and the tag, adopts the snapshots that carry
/// the run's tag, and closes the backup in the journal.
///
/// May itself be killed at any point, and begun again: each of its steps finds done what is done.
/// The outcomes are in the order of the parts and their servers; the runs' locks are let go when
/// nothing of any part is left to do.
Task<std::vector<BackupOutcome>> recover(std::vector<RecoveryPart> parts, RecoveryOptions options);

}  // namespace pitstop
