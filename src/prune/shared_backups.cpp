#include "prune/shared_backups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/policy_names.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

bool would_remove(const std::vector<ServerPrune>& plans, const BackupSet& set) {
  return std::ranges::any_of(plans, [&](const ServerPrune& plan) {
    return std::ranges::any_of(plan.backups, [&](const Verdict<BackupSet>& verdict) {
      return verdict.thing.backup == set.backup && verdict.thing.instance == set.instance &&
             verdict.thing.site == set.site && verdict.fate == Fate::remove;
    });
  });
}

}  // namespace

std::vector<std::string> policies_to_ask(const std::vector<ServerPrune>& plans,
                                         const std::string& policy) {
  std::vector<std::string> others;
  for (const auto& plan : plans) {
    for (const auto& [set, fate, reasons] : plan.backups) {
      for (auto& name : policies_in(set.policy)) {
        if (fate == Fate::remove && name != policy && !contains(others, name)) {
          others.push_back(std::move(name));
        }
      }
    }
  }
  return others;
}

void keep_for_policy(const std::string& other,
                     const std::optional<std::vector<ServerPrune>>& by_its_rules,
                     std::vector<ServerPrune>& plans) {
  for (auto& plan : plans) {
    for (auto& [set, fate, reasons] : plan.backups) {
      if (fate != Fate::remove || !is_for_policy(set.policy, other)) {
        continue;
      }
      if (!by_its_rules) {
        fate = Fate::keep;
        reasons = {fmt::format("the policy {} may keep it: its rules are not known here", other)};
      } else if (!would_remove(*by_its_rules, set)) {
        fate = Fate::keep;
        reasons = {fmt::format("the policy {} keeps it", other)};
      }
    }
  }
}

}  // namespace pitstop
