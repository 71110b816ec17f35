#pragma once

#include <optional>
#include <string>
#include <vector>

#include "prune/prune_plan.hpp"

/// Backups that several policies asked for. One goes only when the rules of none of them keep it.
/// Their names are in a tag that is part of what pitstop made and never changes: a policy that has
/// given a backup up leaves no mark, for anybody might write that mark.
namespace pitstop {

/// The other policies of what `policy` would remove by these plans.
std::vector<std::string> policies_to_ask(const std::vector<ServerPrune>& plans,
                                         const std::string& policy);

/// Keeps in `plans` what the policy `other` keeps. `by_its_rules` are its own plans for the same
/// servers; nothing: its rules are not known, and so it keeps all that it asked for.
void keep_for_policy(const std::string& other,
                     const std::optional<std::vector<ServerPrune>>& by_its_rules,
                     std::vector<ServerPrune>& plans);

}  // namespace pitstop
