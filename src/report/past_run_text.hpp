#pragma once

#include <string>

#include "report/past_run.hpp"

namespace pitstop {

/// All that is known of a run, for people. If `only_failed`, those that have a backup and run are
/// counted and not told of.
std::string past_run_text(const PastRun& run, bool only_failed);

}  // namespace pitstop
