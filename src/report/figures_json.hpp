#pragma once

#include <ostream>

#include "report/figures.hpp"

namespace pitstop {

/// The figures for machines, in JSON Lines: a `server` message for each, and a `summary`. The
/// format is documented in doc/json-output.md.
void write_figures_json(const ReportFigures& report, std::ostream& output);

}  // namespace pitstop
