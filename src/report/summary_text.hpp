#pragma once

#include <string>

#include "report/backup_report.hpp"
#include "report/wording.hpp"

/// The end of a run, for people.
namespace pitstop {

/// A paragraph a server, and the sum.
std::string summary_text(const RunSummary& summary, const Titles& titles);

/// "error: …" for every server that has one.
std::string errors_text(const RunSummary& summary, const Titles& titles);

/// Names the servers that pitstop stopped and that are not running, and how to start them; empty if
/// there are none. To be the last thing that is said.
std::string left_down_text(const RunSummary& summary, const Titles& titles);

}  // namespace pitstop
