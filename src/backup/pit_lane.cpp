#include "backup/pit_lane.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace pitstop {

PitLane::PitLane(const LaneRules& rules, const std::vector<LaneTicket>& tickets)
    : rules_(rules), line_(rules.max_down), places_(rules.max_down) {
  for (const auto& ticket : tickets) {
    while (near_.size() <= ticket.site) {
      near_.emplace_back(most_near_at_once);
    }
    if (ticket.group) {
      groups_.try_emplace(*ticket.group, rules.max_down_per_group);
    }
    while (waves_.size() <= ticket.wave) {
      waves_.emplace_back(waves_.empty());
    }
    ++waves_[ticket.wave].not_left;
  }
}

void PitLane::left(std::size_t wave) {
  --waves_[wave].not_left;
  while (current_wave_ + 1 < waves_.size() && waves_[current_wave_].not_left == 0) {
    ++current_wave_;
    waves_[current_wave_].shut.reset();
  }
}

Status PitLane::may_begin(const LaneTicket& ticket) const {
  if (rules_.stop_on_failure && failures_ >= *rules_.stop_on_failure) {
    return fail(ErrorKind::refused, fmt::format("not begun, for {} failed before it", failures_),
                "see why, then back up those that are left (--stop-on-failure)");
  }
  if (ticket.group && groups_.at(*ticket.group).one_stays_down) {
    return fail(ErrorKind::refused,
                fmt::format("not begun, for another server of its group {} stays down",
                            in_quotes(*ticket.group)),
                "bring that one back first");
  }
  return {};
}

Task<void> Turn::take_place_in_group() {
  if (ticket_.group && !in_group_) {
    in_group_.emplace(co_await lane_.groups_.at(*ticket_.group).places.acquire());
  }
}

Task<Status> Turn::come_near() {
  {
    const auto begun = co_await lane_.waves_[ticket_.wave].gate.acquire();
  }
  co_await take_place_in_group();
  near_.emplace(co_await lane_.near_[ticket_.site].acquire());
  co_return lane_.may_begin(ticket_);
}

void Turn::step_back() {
  near_.reset();
  in_group_.reset();
}

Task<Status> Turn::line_up() {
  co_await take_place_in_group();
  in_line_.emplace(co_await lane_.line_.acquire());
  near_.reset();
  co_return lane_.may_begin(ticket_);
}

Task<Status> Turn::enter() {
  if (!place_) {
    place_.emplace(co_await lane_.places_.acquire());
  }
  co_return lane_.may_begin(ticket_);
}

void Turn::about_to_leave() {
  in_line_.reset();
}

void Turn::leave() {
  if (std::exchange(has_left_, true)) {
    return;
  }
  near_.reset();
  in_line_.reset();
  place_.reset();
  in_group_.reset();
  lane_.left(ticket_.wave);
}

void Turn::failed() {
  if (!std::exchange(has_failed_, true)) {
    ++lane_.failures_;
  }
}

void Turn::stays_down() {
  if (ticket_.group) {
    lane_.groups_.at(*ticket_.group).one_stays_down = true;
  }
}

}  // namespace pitstop
