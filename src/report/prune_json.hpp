#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "prune/remove_backups.hpp"

/// Prunes for machines; doc/json-output.md has the messages.
namespace pitstop {

/// A message for each backup and for each leftover.
void write_verdicts_json(const std::vector<ServerPrune>& servers, std::ostream& output);

/// How much is deleted in which accounts and regions, before it is.
void write_deletion_json(const std::vector<ServerPrune>& servers,
                         const std::vector<std::string>& unreachable, std::ostream& output);

/// What a prune came to.
struct PruneEnd {
  int exit_status = 0;
  /// Nothing if nothing was to be deleted.
  std::optional<Removed> removed = {};
  std::vector<std::string> silent_sites = {};
};

void write_prune_summary_json(const std::vector<ServerPrune>& servers, const PruneEnd& end,
                              std::ostream& output);

}  // namespace pitstop
