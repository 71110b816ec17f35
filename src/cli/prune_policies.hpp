#pragma once

#include "cli/global_options.hpp"
#include "cli/prune_request.hpp"
#include "cli/surroundings.hpp"

namespace pitstop {

/// What `pitstop prune` is asked for: the rules that were typed, or those of the policy that is
/// named, and those of the others in its file, if there is one.
Result<PruneRequest> read_prune_request(const PruneArguments& arguments,
                                        const GlobalOptions& options,
                                        const Surroundings& surroundings);

}  // namespace pitstop
