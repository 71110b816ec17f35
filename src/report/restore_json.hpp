#pragma once

#include <nlohmann/json_fwd.hpp>

#include "report/json_lines.hpp"
#include "restore/in_place.hpp"
#include "restore/new_server.hpp"
#include "restore/restore_volumes.hpp"

/// Restores for machines; doc/json-output.md has the messages.
namespace pitstop {

void write_plan_json(const NewServerPlan& plan, std::ostream& output);
void write_plan_json(const VolumesPlan& plan, std::ostream& output);
void write_plan_json(const InPlacePlan& plan, std::ostream& output);

Json outcome_json(const RestoreOutcome& outcome, int exit_status);

}  // namespace pitstop
