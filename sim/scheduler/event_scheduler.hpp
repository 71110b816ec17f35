#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/cloud/region.hpp"
#include "sim/scheduler/model.hpp"

namespace pitstop::sim {

/// What the role that schedules bring along may do. There is one for all of them.
struct SchedulerRole {
  bool may_start = true;
  /// Only servers that have this tag; empty: all.
  std::string needs_tag;
};

/// EventBridge Scheduler in one region: the schedules of the group "default", and what they do by
/// themselves. One that is due calls EC2 at some time within the minute; what fails is tried again
/// when it is due the next time, not before.
class EventScheduler {
 public:
  /// The region must outlive what is on its schedule.
  EventScheduler(Region& region, SchedulerRole role) : region_(region), role_(std::move(role)) {}
  EventScheduler(const EventScheduler&) = delete;
  EventScheduler& operator=(const EventScheduler&) = delete;

  /// ConflictException if there is one of its name, unless it was made by the same call.
  Answer<void> create(EventSchedule schedule);
  Answer<const EventSchedule*> find(const std::string& name) const;
  Answer<void> remove(const std::string& name);

  const Region& region() const { return region_; }
  std::string arn_of(const std::string& name) const;

  const std::map<std::string, EventSchedule>& schedules() const { return schedules_; }
  /// The oldest first, those of schedules that are gone among them.
  const std::vector<Invocation>& invocations() const { return invocations_; }

 private:
  void plan(EventSchedule& schedule, WallTime due);
  void fire(EventSchedule& schedule);
  void complete(EventSchedule& schedule);
  Answer<std::vector<InstanceId>> start(const std::vector<InstanceId>& ids);
  Answer<void> permit(const std::vector<InstanceId>& ids) const;
  /// Happens at that time of day or within a minute after it, if the schedule is still there.
  void within_the_minute(EventSchedule& schedule, WallTime from,
                         std::function<void(EventSchedule&)> happening);
  WallTime now() const { return region_.schedule.wall(region_.now()); }

  Region& region_;
  SchedulerRole role_;
  std::map<std::string, EventSchedule> schedules_;
  std::vector<Invocation> invocations_;
  std::uint64_t made_ = 0;
};

}  // namespace pitstop::sim
