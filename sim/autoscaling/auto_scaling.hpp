#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "sim/autoscaling/model.hpp"
#include "sim/elb/load_balancing.hpp"

namespace pitstop::sim {

/// EC2 Auto Scaling in one region: groups of instances, and what becomes of them by itself. A
/// member that is in service and does not run is found to be unhealthy after a while, terminated,
/// and replaced; those in Standby are left alone.
class AutoScaling {
 public:
  /// Watches the region's instances, and must live as long as it.
  AutoScaling(Region& region, LoadBalancing& balancing);
  AutoScaling(const AutoScaling&) = delete;
  AutoScaling& operator=(const AutoScaling&) = delete;

  /// For setting up: the members get the tag aws:autoscaling:groupName, and new ones will be like
  /// the first of them.
  ScalingGroup& add(ScalingGroup group);

  /// By its name; ValidationError.
  Answer<ScalingGroup*> find(const std::string& name);

  /// All or none: ValidationError unless all are in service and, where the desired capacity is
  /// decremented, the group's least size is kept. What has begun, one activity a member.
  Answer<std::vector<Activity>> enter_standby(ScalingGroup& group,
                                              const std::vector<InstanceId>& instances,
                                              bool decrement);
  /// All or none: ValidationError unless all are in Standby and run, and the group's greatest size
  /// is kept.
  Answer<std::vector<Activity>> exit_standby(ScalingGroup& group,
                                             const std::vector<InstanceId>& instances);

  const Region& region() const { return region_; }
  const std::map<std::string, ScalingGroup>& groups() const { return groups_; }  ///< by name
  /// The oldest first.
  const std::vector<Replacement>& replacements() const { return replacements_; }

 private:
  using Happening = std::function<void(ScalingGroup&, Member&)>;

  void note_change(const Instance& instance);
  void change(Member& member, Lifecycle lifecycle);
  /// Happens after `length` unless the member's lifecycle has changed by then, or it is gone.
  void unless_changed(ScalingGroup& group, const Member& member, Duration length,
                      Happening happening);
  /// A member in service that does not run will be found so.
  void watch(ScalingGroup& group, Member& member);
  void come_in_service(ScalingGroup& group, Member& member);
  void replace(ScalingGroup& group, Member& member);
  /// In the zone of another one, in whose place it comes.
  InstanceId launch_another(ScalingGroup& group, const Instance& other);
  Activity begin(ScalingGroup& group, std::string description, std::string cause, Duration length);
  Answer<Member*> find_member(ScalingGroup& group, const InstanceId& id, Lifecycle lifecycle) const;

  void enrol(const ScalingGroup& group, const InstanceId& instance);
  /// How long its targets drain.
  Duration dismiss(const ScalingGroup& group, const InstanceId& instance);
  bool runs(const Member& member) const;

  Region& region_;
  LoadBalancing& balancing_;
  std::map<std::string, ScalingGroup> groups_;
  std::vector<Replacement> replacements_;
};

}  // namespace pitstop::sim
