#pragma once

#include <string>

#include "report/figures.hpp"

namespace pitstop {

/// The figures for people: a paragraph a server, and one for all of them if there are several.
std::string figures_text(const ReportFigures& report);

}  // namespace pitstop
