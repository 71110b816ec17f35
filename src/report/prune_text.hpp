#pragma once

#include <string>
#include <vector>

#include "prune/remove_backups.hpp"

/// Prunes for people: what becomes of each backup and why, and what it came to.
namespace pitstop {

/// A table for each server, with times as clocks of the zone show them, then how many there are.
std::string prune_plan_text(const std::vector<ServerPrune>& servers, const TimeZone& zone);

/// How much is deleted in which accounts and regions, before it is; those that did not answer, too.
std::string deletion_text(const std::vector<ServerPrune>& servers,
                          const std::vector<std::string>& unreachable);

/// What was removed.
std::string removed_text(const Removed& removed);

/// What is said where nothing was to be.
std::string nothing_deleted_line();

}  // namespace pitstop
