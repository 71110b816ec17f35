#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
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
  std::optional<std::string> config;
  bool safety_backups = false;
  bool deletes = false;
  bool yes = false;
};

inline constexpr auto keep_rules_group = "What is kept of each server, by any of these";

/// Declares the rules, but for their time zone, with `prefix` before each of their names: "--", or
/// "--copy-" for those of copies in a policy.
void declare_keep_rules(CLI::App& command, PruneArguments& arguments,
                        std::string_view prefix = "--");

/// Whether any of them is given.
bool has_keep_rules(const PruneArguments& arguments);

/// What the rules mean. An error, of kind `usage`, also where none would keep anything but the
/// newest.
Result<PruneRules> parse_keep_rules(const PruneArguments& arguments,
                                    std::string_view prefix = "--");

/// What is kept of backups, and of copies, where they are; nothing: they are not looked at.
struct RetentionRules {
  std::optional<PruneRules> originals = {};
  std::optional<PruneRules> copies = {};

  bool empty() const { return !originals && !copies; }
};

/// What they mean.
struct PruneRequest {
  std::optional<Selection> selection;  ///< nothing: all that have backups
  std::optional<std::string> policy;
  RetentionRules rules;
  /// Those of other policies that are known, by name: they have a say in what is theirs, too.
  std::map<std::string, RetentionRules> rules_of_others = {};
  bool deletes = false;
  bool confirmed = false;
};

/// An error is of kind `usage`. `of_policy`: the rules of the policy that is named, which hold
/// where no others are given.
Result<PruneRequest> parse_prune_request(const PruneArguments& arguments,
                                         const RetentionRules& of_policy);

}  // namespace pitstop
