#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/chunks.hpp"
#include "base/one_shot.hpp"
#include "ec2/watch.hpp"

/// Who of those that wait is asked for together. Include this in source files only: it is slow to
/// compile.
namespace pitstop::ec2 {

/// A wait that is under way.
template <class Thing>
struct Waiter {
  using ThingId = typename Wait<Thing>::ThingId;

  Waiter(Wait<Thing> wanted_, Instant now, Executor executor)
      : wanted(std::move(wanted_)), since(now), answered(now), ended(std::move(executor)) {
    look_next(now + wanted.tempo.first);
  }

  void look_next(Instant when) { due = wanted.deadline ? std::min(when, *wanted.deadline) : when; }

  Wait<Thing> wanted;
  Instant since;
  Instant due;
  int polls = 0;
  Instant answered;  ///< the last look that concerned it
  /// What the looks were answered since then, if that was a refusal.
  std::optional<Error> refusal;
  std::map<ThingId, Instant> missing_since;
  std::set<ThingId> heard_enough_of;
  OneShot<Status> ended;
};

template <class Thing>
using WaiterPointer = std::shared_ptr<Waiter<Thing>>;

/// Those who can be asked for with the same filters.
template <class Thing>
struct WaiterGroup {
  std::vector<WaiterPointer<Thing>> waiters;
  std::vector<Filter> filters = {};
  bool wait_for_progress = false;

  void take_along(WaiterGroup& others) {
    std::ranges::move(std::exchange(others.waiters, {}), std::back_inserter(waiters));
  }
};

inline std::string state_filter(const InstanceId&) {
  return "instance-state-name";
}
inline std::string state_filter(const SnapshotId&) {
  return "status";
}

template <class Thing>
std::vector<Filter> filter_for(const std::vector<WaiterPointer<Thing>>& waiters, std::string name,
                               std::vector<std::string> Wait<Thing>::* values) {
  std::set<std::string> all;
  for (const auto& waiter : waiters) {
    const auto& own = waiter->wanted.*values;
    all.insert(own.begin(), own.end());
  }
  return {Filter{std::move(name), {all.begin(), all.end()}}};
}

/// So that the replies carry what somebody waits for and little else. Those who wait for progress
/// come first, for their servers are down; with `at_everything` they are shown all.
template <class Thing>
std::vector<WaiterGroup<Thing>> groups_of(const std::vector<WaiterPointer<Thing>>& batch,
                                          bool at_everything) {
  // For so few it is cheaper to read what nobody waits for than to make a call more.
  constexpr std::size_t few = 100;
  WaiterGroup<Thing> progress{.waiters = {}, .wait_for_progress = true};
  WaiterGroup<Thing> states;
  WaiterGroup<Thing> everything;
  for (const auto& waiter : batch) {
    const auto& wanted = waiter->wanted;
    auto& group = !wanted.progress_news.empty() ? progress
                  : !wanted.news.empty()        ? states
                                                : everything;
    group.waiters.push_back(waiter);
  }
  const bool progress_unfiltered = at_everything && !progress.waiters.empty();
  if (progress_unfiltered) {
    progress.take_along(everything);
  } else {
    progress.filters = filter_for<Thing>(progress.waiters, "progress", &Wait<Thing>::progress_news);
  }
  auto& unfiltered = progress_unfiltered ? progress : everything;
  if (!unfiltered.waiters.empty() && states.waiters.size() <= few) {
    unfiltered.take_along(states);
  }
  states.filters = filter_for<Thing>(states.waiters, state_filter(typename Wait<Thing>::ThingId()),
                                     &Wait<Thing>::news);
  std::vector<WaiterGroup<Thing>> groups;
  for (auto* group : {&progress, &states, &everything}) {
    if (!group->waiters.empty()) {
      groups.push_back(std::move(*group));
    }
  }
  return groups;
}

/// The same where EC2 refuses filters: all see everything.
template <class Thing>
std::vector<WaiterGroup<Thing>> one_group_of(const std::vector<WaiterPointer<Thing>>& batch) {
  std::vector<WaiterGroup<Thing>> groups;
  if (!batch.empty()) {
    groups.push_back({.waiters = batch});
  }
  return groups;
}

/// What to ask for in one call each. Those that were unknown the last time would fail the call for
/// all others again, so they are asked for by themselves.
template <class Thing>
auto parts_of(const WaiterGroup<Thing>& group) {
  using ThingId = typename Wait<Thing>::ThingId;
  constexpr std::size_t most_ids = 1000;  // in a Describe
  const bool at_everything = group.filters.empty();
  std::set<ThingId> visible;
  std::set<ThingId> missing;
  for (const auto& waiter : group.waiters) {
    for (const auto& id : waiter->wanted.ids) {
      if (at_everything || !waiter->heard_enough_of.contains(id)) {
        visible.insert(id);
      }
    }
    for (const auto& [id, since] : waiter->missing_since) {
      missing.insert(id);
    }
  }
  std::erase_if(visible, [&](const ThingId& id) { return missing.contains(id); });
  std::vector<std::vector<ThingId>> parts;
  for (const auto* ids : {&visible, &missing}) {
    const std::vector<ThingId> all(ids->begin(), ids->end());
    std::ranges::move(chunks(all, most_ids), std::back_inserter(parts));
  }
  return parts;
}

}  // namespace pitstop::ec2
