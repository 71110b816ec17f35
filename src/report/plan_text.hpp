#pragma once

#include <string>

#include "backup/plan.hpp"

namespace pitstop {

/// What would be done to one server, for people.
std::string plan_text(const BackupPlan& plan);

}  // namespace pitstop
