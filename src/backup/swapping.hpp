#pragma once

#include "backup/plan.hpp"
#include "backup/swap.hpp"
#include "backup/swap_looks.hpp"
#include "backup/tools.hpp"

/// Step 3a of the pit stop where it is a restore: the volumes are exchanged.
///
/// The root volume goes first and comes last, and EC2 starts no server without one: nobody, not
/// even the guard, can start a server that is half exchanged.
namespace pitstop {

/// While the server still runs: makes what is to come in, and has the tags of both sides say what
/// is about to happen. On an error nothing is left of it.
Task<Status> prepare_swap(Tools tools, const BackupPlan& plan, Swap& swap);

struct Swapping {
  SwapState state = SwapState::old;
  /// Why it is not `now`. If the server was terminated meanwhile it is neither.
  Status status;
};

/// Exchanges the volumes of a server that is stopped; goes on where another one has stopped. What
/// does not work within some minutes is undone, for as long as that takes.
Task<Swapping> swap_volumes(Tools tools, InstanceId instance, Swap swap);

/// When the server runs again: takes the tags away, and whatever nobody needs any more. What does
/// not work is reported; the error says that something is left.
Task<Status> conclude_swap(Tools tools, InstanceId instance, Swap swap, SwapState state);

}  // namespace pitstop
