#include "report/past_run.hpp"

#include <algorithm>

#include "backup/outcome.hpp"
#include "backup/policy_names.hpp"
#include "base/contains.hpp"

namespace pitstop {

std::string PastRun::policy() const {
  std::vector<std::string> names;
  const auto add = [&](const std::string& policies) {
    for (auto& name : policies_in(policies)) {
      if (!contains(names, name)) {
        names.push_back(std::move(name));
      }
    }
  };
  for (const auto& record : ended) {
    add(record.policy);
  }
  for (const auto& open : under_way) {
    add(open.policy);
  }
  return join_policies(names);
}

bool went_wrong(const BackupRecord& record) {
  return record.left_down || record.outcome == to_string(Outcome::failed) ||
         record.outcome == to_string(Outcome::refused);
}

WallTime PastRun::begun() const {
  auto first = WallTime::max();
  for (const auto& record : ended) {
    first = std::min(first, record.begun);
  }
  for (const auto& open : under_way) {
    first = std::min(first, open.opened);
  }
  return first;
}

}  // namespace pitstop
