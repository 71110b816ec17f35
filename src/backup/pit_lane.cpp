#include "backup/pit_lane.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace pitstop {

std::vector<LaneStanding> LaneTicket::standings() const {
  std::vector<LaneStanding> all{{rules, group, wave}};
  std::ranges::copy(also, std::back_inserter(all));
  std::ranges::sort(all, {}, &LaneStanding::rules);
  return all;
}

PitLane::PitLane(const LaneRules& rules, const std::vector<LaneTicket>& tickets)
    : PitLane(LaneRuleSets({rules}), tickets) {}

PitLane::PitLane(const LaneRuleSets& rules, const std::vector<LaneTicket>& tickets) {
  for (const auto& set : rules.sets) {
    sets_.emplace_back(set);
  }
  for (const auto& ticket : tickets) {
    while (near_.size() <= ticket.site) {
      near_.emplace_back(most_near_at_once);
    }
    for (const auto& standing : ticket.standings()) {
      sets_[standing.rules].add(standing);
    }
  }
  for (auto& set : sets_) {
    set.begin_waves();
  }
}

void PitLane::Set::add(const LaneStanding& standing) {
  ++not_left;
  if (standing.group) {
    groups.try_emplace(*standing.group, rules.max_down_per_group);
  }
  if (standing.wave) {
    while (waves.size() <= *standing.wave) {
      waves.emplace_back(waves.empty());
    }
    ++waves[*standing.wave].not_left;
  }
}

void PitLane::Set::left(const LaneStanding& standing) {
  --not_left;
  if (standing.wave) {
    --waves[*standing.wave].not_left;
    begin_waves();
  }
}

void PitLane::Set::begin_waves() {
  while (current_wave + 1 < waves.size() && waves[current_wave].not_left == 0) {
    ++current_wave;
    waves[current_wave].shut.reset();
  }
}

Status PitLane::Set::may_begin(const LaneStanding& standing) const {
  if (rules.stop_on_failure && failures >= *rules.stop_on_failure) {
    return fail(ErrorKind::refused, fmt::format("not begun, for {} failed before it", failures),
                "see why, then back up those that are left (--stop-on-failure)");
  }
  if (standing.group && groups.at(*standing.group).one_stays_down) {
    return fail(ErrorKind::refused,
                fmt::format("not begun, for another server of its group {} stays down",
                            in_quotes(*standing.group)),
                "bring that one back first");
  }
  return {};
}

Turn::Turn(PitLane& lane, const LaneTicket& ticket) : lane_(lane), site_(ticket.site) {
  for (auto& standing : ticket.standings()) {
    stands_.push_back({.standing = std::move(standing)});
  }
}

Task<void> Turn::take_places_in_groups() {
  for (auto& stand : stands_) {
    if (stand.standing.group && !stand.in_group) {
      auto& group = set_of(stand).groups.at(*stand.standing.group);
      stand.in_group.emplace(co_await group.places.acquire());
    }
  }
}

Status Turn::may_begin() const {
  for (const auto& stand : stands_) {
    TRY_STATUS(lane_.sets_[stand.standing.rules].may_begin(stand.standing));
  }
  return {};
}

Task<Status> Turn::come_near() {
  for (auto& stand : stands_) {
    if (stand.standing.wave) {
      const auto begun = co_await set_of(stand).waves[*stand.standing.wave].gate.acquire();
    }
  }
  co_await take_places_in_groups();
  near_.emplace(co_await lane_.near_[site_].acquire());
  co_return may_begin();
}

void Turn::step_back() {
  near_.reset();
  for (auto& stand : stands_) {
    stand.in_group.reset();
  }
}

Task<Status> Turn::line_up() {
  co_await take_places_in_groups();
  for (auto& stand : stands_) {
    stand.in_line.emplace(co_await set_of(stand).line.acquire());
  }
  near_.reset();
  co_return may_begin();
}

Task<Status> Turn::enter() {
  for (auto& stand : stands_) {
    if (!stand.place) {
      stand.place.emplace(co_await set_of(stand).places.acquire());
    }
  }
  co_return may_begin();
}

void Turn::about_to_leave() {
  for (auto& stand : stands_) {
    stand.in_line.reset();
  }
}

void Turn::leave() {
  if (std::exchange(has_left_, true)) {
    return;
  }
  near_.reset();
  for (auto& stand : stands_) {
    stand.in_line.reset();
    stand.place.reset();
    stand.in_group.reset();
    set_of(stand).left(stand.standing);
  }
}

void Turn::failed() {
  if (std::exchange(has_failed_, true)) {
    return;
  }
  for (auto& stand : stands_) {
    ++set_of(stand).failures;
  }
}

void Turn::stays_down() {
  for (auto& stand : stands_) {
    if (stand.standing.group) {
      set_of(stand).groups.at(*stand.standing.group).one_stays_down = true;
    }
  }
}

}  // namespace pitstop
