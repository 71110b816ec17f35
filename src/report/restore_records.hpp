#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "restore/restore_record.hpp"

/// Restores that there have been: what `list --restores`, `show RESTORE` and `restore --finish`
/// print.
namespace pitstop {

/// With the site that it was found at.
struct ListedRestore {
  RestoreRecord record;
  std::string site;
};

std::string restore_list_text(const std::vector<ListedRestore>& restores);
std::string restore_details_text(const ListedRestore& restore);

/// "Delete vol-1 vol-2" and the like: what a plan does, as an order.
std::string finish_text(const FinishPlan& plan);
/// The same when it is done.
std::string finished_text(const RestoreRecord& record, const FinishPlan& plan);

/// A message of the JSON output for each, and one that counts them.
void write_restore_list_json(const std::vector<ListedRestore>& restores, int exit_status,
                             std::ostream& output);
void write_restore_json(const ListedRestore& restore, std::ostream& output);
void write_finished_json(const RestoreRecord& record, const FinishPlan& plan, std::ostream& output);

}  // namespace pitstop
