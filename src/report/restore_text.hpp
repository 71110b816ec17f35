#pragma once

#include <string>

#include "restore/in_place.hpp"
#include "restore/new_server.hpp"
#include "restore/restore_volumes.hpp"

/// Restores for people: what is going to be done, and what it came to.
namespace pitstop {

std::string plan_text(const NewServerPlan& plan);
std::string plan_text(const VolumesPlan& plan);
std::string plan_text(const InPlacePlan& plan);

/// What there is now; an error is told elsewhere.
std::string outcome_text(const RestoreOutcome& outcome);

}  // namespace pitstop
