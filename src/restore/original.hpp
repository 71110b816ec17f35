#pragma once

#include "restore/restore_plan.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

/// Looks what there is today of the server that a set was taken of. What cannot be told (no right
/// to ask for user data, say) is reported as a warning and left out.
Task<Result<Original>> look_at_original(RestoreTools tools, BackupSet set);

/// The zone that a new server of a set will be in: that of its subnet, which EC2 is asked for.
Task<Result<std::string>> zone_of_new_server(RestoreTools tools, BackupSet set,
                                             NewServerWishes wishes);

}  // namespace pitstop
