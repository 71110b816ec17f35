#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/server_selection.hpp"
#include "prune/prune_plan.hpp"

/// What `pitstop prune` is asked for.
namespace pitstop {

/// The arguments of `pitstop prune`, as they were typed.
struct PruneArguments : ServerArguments {
  std::optional<std::string> policy;
  int keep_last = 0;
  int keep_hourly = 0;
  int keep_daily = 0;
  int keep_weekly = 0;
  int keep_monthly = 0;
  int keep_yearly = 0;
  std::optional<std::string> keep_within;
  std::vector<std::string> keep_tags;
  std::string keep_failed = "7d";
  std::string time_zone = "UTC";
  bool deletes = false;
  bool yes = false;
};

/// Declares the rules.
void declare_keep_rules(CLI::App& command, PruneArguments& arguments);

/// What they mean.
struct PruneRequest {
  std::optional<Selection> selection;  ///< nothing: all that have backups
  std::optional<std::string> policy;
  PruneRules rules;
  bool deletes = false;
  bool confirmed = false;
};

/// An error, of kind `usage`, also where no rule would keep anything but the newest.
Result<PruneRequest> parse_prune_request(const PruneArguments& arguments);

}  // namespace pitstop
