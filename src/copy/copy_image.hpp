#pragma once

#include "copy/copy_plan.hpp"
#include "copy/copy_snapshot.hpp"
#include "copy/copy_tools.hpp"

namespace pitstop {

/// Copies the image of a backup of `--method image`, and with it its snapshots: begins the copy
/// unless there is one, gives each snapshot the tags of its volume, which EC2 cannot do while it
/// copies, and waits until the image is available if that is wanted. `plan` then knows the copies.
Task<Result<CopyProgress>> copy_image_of(CopyTools tools, CopyPlan& plan, CopyOptions options);

}  // namespace pitstop
