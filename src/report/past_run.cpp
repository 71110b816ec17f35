#include "report/past_run.hpp"

#include <algorithm>

#include "backup/outcome.hpp"

namespace pitstop {

std::string PastRun::policy() const {
  return ended.empty() ? under_way.front().policy : ended.front().policy;
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
