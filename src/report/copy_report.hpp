#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "copy/copy_backup.hpp"

/// What `pitstop copy` shows.
namespace pitstop {

/// A plan, and where it leads, in words: the region, and the account if there are several.
struct ShownCopyPlan {
  CopyPlan plan;
  std::string from;
  std::string to;
};

/// What will be done about each backup, and how many of them there are. Of many servers, unless
/// `all` is to be shown, only the backups that are not copied.
std::string copy_plans_text(const std::vector<ShownCopyPlan>& plans, bool all);
/// A message for each.
void write_copy_plans_json(const std::vector<ShownCopyPlan>& plans, std::ostream& output);

struct CopyEnd {
  int exit_status = 0;
  std::vector<CopyOutcome> copies;
  /// The accounts and regions, of several, that gave no answer.
  std::vector<std::string> silent_sites = {};
};

/// What came of them; errors are told by themselves.
std::string copy_end_text(const CopyEnd& end);
std::string copy_errors_text(const CopyEnd& end);
void write_copy_summary_json(const CopyEnd& end, std::ostream& output);

}  // namespace pitstop
