#pragma once

#include "restore/restore_plan.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

/// Returns the image that a new server is launched from: the backup's own, or one that it
/// registers. The image is available, and bills as the plan says; one that was registered and does
/// not is deregistered again. The error then says what to do.
Task<Result<ImageId>> make_image(RestoreTools tools, NewServerPlan plan);

}  // namespace pitstop
