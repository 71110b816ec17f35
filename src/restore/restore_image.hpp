#pragma once

#include "restore/restore_plan.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

/// The image that a new server is launched of: the backup's own, or one that is registered, with
/// the name that finds one that an interrupted restore has left. Is available, and bills as the
/// plan says; one that was registered and does not is taken back. The error then says what to do.
Task<Result<ImageId>> make_image(RestoreTools tools, NewServerPlan plan);

}  // namespace pitstop
