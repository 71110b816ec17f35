#include "sim/scheduler/event_scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/result.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/scheduler/arns.hpp"

namespace pitstop::sim {
namespace {

constexpr Duration precision = std::chrono::minutes(1);

/// The first time that a schedule is due, at `now` or later.
WallTime first_due(const EventSchedule& schedule, WallTime now) {
  if (!schedule.start || *schedule.start >= now) {
    return schedule.start.value_or(now);
  }
  const auto period = std::chrono::floor<Milliseconds>(schedule.period);
  const auto past = now - *schedule.start;
  return *schedule.start + period * ((past + period - Milliseconds(1)) / period);
}

}  // namespace

bool EventSchedule::is_asked_for_by(const EventSchedule& other) const {
  const auto asked = [](const EventSchedule& each) {
    return std::tie(each.name, each.client_token, each.description, each.expression, each.timezone,
                    each.start, each.end, each.enabled, each.delete_after_completion,
                    each.target_arn, each.role_arn, each.input, each.retry_attempts,
                    each.oldest_event_seconds);
  };
  return !client_token.empty() && asked(*this) == asked(other);
}

Answer<void> EventScheduler::create(EventSchedule schedule) {
  if (const auto same = schedules_.find(schedule.name); same != schedules_.end()) {
    if (same->second.is_asked_for_by(schedule)) {
      return {};
    }
    return refuse("ConflictException", fmt::format("Schedule {} already exists.", schedule.name),
                  409);
  }
  schedule.created = region_.now();
  schedule.serial = ++made_;
  schedule.random = region_.chance_for(fmt::format("schedule/{}/{}", schedule.name, made_));
  auto& made = schedules_.emplace(schedule.name, std::move(schedule)).first->second;
  plan(made, first_due(made, now()));
  return {};
}

Answer<const EventSchedule*> EventScheduler::find(const std::string& name) const {
  const auto found = schedules_.find(name);
  if (found == schedules_.end()) {
    return refuse("ResourceNotFoundException", fmt::format("Schedule {} does not exist.", name),
                  404);
  }
  return &found->second;
}

Answer<void> EventScheduler::remove(const std::string& name) {
  TRY_STATUS(find(name));
  schedules_.erase(name);
  return {};
}

std::string EventScheduler::arn_of(const std::string& name) const {
  return fmt::format("arn:{}:scheduler:{}:{}:schedule/default/{}", partition_of(region_.name),
                     region_.name, region_.account, name);
}

void EventScheduler::plan(EventSchedule& schedule, WallTime due) {
  if (schedule.end && due > *schedule.end) {
    within_the_minute(schedule, *schedule.end, [this](EventSchedule& each) { complete(each); });
    return;
  }
  within_the_minute(schedule, due, [this, due](EventSchedule& each) {
    fire(each);
    plan(each, due + std::chrono::floor<Milliseconds>(each.period));
  });
}

void EventScheduler::fire(EventSchedule& schedule) {
  if (!schedule.enabled || (schedule.end && now() > *schedule.end)) {
    return;
  }
  Invocation invocation{region_.now(), schedule.name, schedule.instances, "", {}};
  if (auto started = start(schedule.instances)) {
    invocation.started = *std::move(started);
  } else {
    invocation.error = started.error().code;
  }
  invocations_.push_back(std::move(invocation));
}

void EventScheduler::complete(EventSchedule& schedule) {
  if (schedule.delete_after_completion) {
    const auto name = schedule.name;
    schedules_.erase(name);
  }
}

Answer<std::vector<InstanceId>> EventScheduler::start(const std::vector<InstanceId>& ids) {
  TRY_STATUS(permit(ids));
  TRY(const auto transitions, start_instances(region_, ids));
  std::vector<InstanceId> started;
  for (const auto& transition : transitions) {
    if (transition.before != transition.after) {
      started.push_back(transition.id);
    }
  }
  return started;
}

Answer<void> EventScheduler::permit(const std::vector<InstanceId>& ids) const {
  if (ids.empty()) {
    return refuse("MissingParameter", "The request must contain the parameter InstanceId");
  }
  const bool permitted = role_.may_start && std::ranges::all_of(ids, [&](const InstanceId& id) {
                           const auto found = region_.instances.find(id);
                           return role_.needs_tag.empty() || found == region_.instances.end() ||
                                  found->second.tags.contains(role_.needs_tag);
                         });
  if (!permitted) {
    return refuse("UnauthorizedOperation", "You are not authorized to perform this operation.",
                  403);
  }
  return {};
}

void EventScheduler::within_the_minute(EventSchedule& schedule, WallTime from,
                                       std::function<void(EventSchedule&)> happening) {
  const Duration late = std::chrono::duration_cast<Duration>(precision * schedule.random.unit());
  const Instant when = region_.now() + (from - now()) + late;
  region_.schedule.at(when, [this, name = schedule.name, serial = schedule.serial,
                             happening = std::move(happening)] {
    const auto found = schedules_.find(name);
    if (found != schedules_.end() && found->second.serial == serial) {
      happening(found->second);
    }
  });
}

}  // namespace pitstop::sim
