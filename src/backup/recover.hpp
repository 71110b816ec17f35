#pragma once

#include "backup/stranded.hpp"

namespace pitstop {

/// Finishes what interrupted runs have left, side by side: waits out `stopping`, starts, sees that
/// it stays up, clears away the guard, the reservation and the tag, adopts the snapshots that carry
/// the run's tag, and closes the backup in the journal.
///
/// May itself be killed at any point, and begun again: each of its steps finds done what is done.
/// The outcomes are in the order of the servers; the runs' locks are let go in the end.
Task<std::vector<BackupOutcome>> recover(FleetTools tools, std::vector<Stranded> servers,
                                         RecoveryOptions options);

}  // namespace pitstop
