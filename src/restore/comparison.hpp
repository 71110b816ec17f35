#pragma once

#include "restore/restore_plan.hpp"

namespace pitstop {

/// What a new server has otherwise than its plan says, a text each: "it has no volume at /dev/sdf".
/// `volumes` are those that it has. Empty if it is what was planned.
std::vector<std::string> deviations_of(const NewServerPlan& plan, const ec2::Instance& made,
                                       const std::vector<ec2::Volume>& volumes);

}  // namespace pitstop
