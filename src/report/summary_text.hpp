#pragma once

#include <string>

#include "report/backup_report.hpp"
#include "report/board_line.hpp"
#include "report/wording.hpp"

/// The end of a run, for people.
namespace pitstop {

/// Whether the summary has so many servers that it groups them, to fit a screen.
bool is_of_a_fleet(const RunSummary& summary);

/// What the summary of a fleet is to fit in a file, where long lines do no harm.
inline constexpr BoardSize a_page{.columns = 1000, .lines = 24};

/// A paragraph a server and the sum; of a fleet what fits the screen, and those left down.
std::string summary_text(const RunSummary& summary, const Titles& titles,
                         BoardSize screen = a_page);

/// "error: …" for every server that has one; of a fleet for every reason.
std::string errors_text(const RunSummary& summary, const Titles& titles);

/// Names the servers that pitstop stopped and that are not running, and how to start them; empty if
/// there are none. To be the last thing that is said.
std::string left_down_text(const RunSummary& summary, const Titles& titles);

}  // namespace pitstop
