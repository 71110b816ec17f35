#pragma once

#include <string>

#include "report/backup_report.hpp"
#include "report/board_line.hpp"
#include "report/run_figures.hpp"
#include "report/wording.hpp"

/// The end of a run with so many servers that a paragraph each would hide what matters.
namespace pitstop {

/// So many paragraphs are still read.
inline constexpr std::size_t most_paragraphs = 10;

/// Downtime, snapshots and what they are worth, as a table.
std::string run_figures_text(const RunFigures& figures, const Titles& titles);

/// What fits a screen: those left down first (all of them, even if that is more), the figures, and
/// why servers have no backup, as far as there is room. `sum` is the line before the last, which
/// tells where the rest is.
std::string fleet_summary_text(const RunSummary& summary, const std::string& sum,
                               const Titles& titles, BoardSize screen);

/// "error: …" for every reason instead of every server.
std::string fleet_errors_text(const RunSummary& summary, const Titles& titles);

}  // namespace pitstop
