#pragma once

#include <ostream>

#include "report/past_run.hpp"

namespace pitstop {

/// All that is known of a run, as the message `run` of doc/json-output.md. If `only_failed`, those
/// that have a backup and run are left out.
void write_past_run_json(const PastRun& run, bool only_failed, std::ostream& output);

}  // namespace pitstop
