#pragma once

#include "backup/outcome.hpp"
#include "report/json_lines.hpp"

/// Outcomes as JSON has them; doc/json-output.md describes it.
namespace pitstop {

Json error_json(const Error& error);

Json backup_json(const BackupOutcome& backup);

}  // namespace pitstop
