#include "sim/cloud/schedule.hpp"

#include <algorithm>

namespace pitstop::sim {

void Schedule::at(Instant when, std::function<void()> happening) {
  planned_.emplace(std::max(when, now_), std::move(happening));
}

void Schedule::advance(Instant until) {
  while (!planned_.empty() && planned_.begin()->first <= until) {
    auto due = planned_.extract(planned_.begin());
    now_ = due.key();
    due.mapped()();
  }
  now_ = std::max(now_, until);
}

std::optional<Instant> Schedule::next() const {
  return planned_.empty() ? std::nullopt : std::optional(planned_.begin()->first);
}

}  // namespace pitstop::sim
