#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/cloud/region.hpp"
#include "sim/elb/model.hpp"

namespace pitstop::sim {

/// Elastic Load Balancing in one region: the target groups, who is registered in them, and what
/// becomes of that by itself.
class LoadBalancing {
 public:
  /// Watches the region's instances, and must live as long as it.
  explicit LoadBalancing(Region& region);
  LoadBalancing(const LoadBalancing&) = delete;
  LoadBalancing& operator=(const LoadBalancing&) = delete;

  /// For setting up: the group gets its ARN.
  TargetGroup& add(TargetGroup group);

  /// By its ARN; TargetGroupNotFound.
  Answer<TargetGroup*> find(const std::string& arn);

  /// All or none. InvalidTarget for what cannot be one: an instance must be running. One that is
  /// registered stays as it is, one that drains comes back.
  Answer<void> enrol(TargetGroup& group, const std::vector<Target>& targets);
  /// They drain. One that is not there changes nothing.
  void dismiss(TargetGroup& group, const std::vector<Target>& targets);

  TargetHealth health_of(const TargetGroup& group, const Target& target) const;
  /// Those that are registered or drain.
  std::vector<Target> targets_of(const TargetGroup& group) const;
  /// Of an address: "all" for one that is none of an instance here. Instances show none.
  std::string zone_of(const TargetGroup& group, const Target& target) const;

  const Region& region() const { return region_; }
  const std::map<std::string, TargetGroup>& groups() const { return groups_; }  ///< by name
  /// The oldest first.
  const std::vector<CutTarget>& cut_targets() const { return cut_targets_; }

 private:
  Answer<void> check(const TargetGroup& group, const Target& target) const;
  const Instance* instance_of(const TargetGroup& group, const Target& target) const;
  bool is_gone(const TargetGroup& group, const Registration& registration) const;
  TargetHealth health_of(const TargetGroup& group, const Registration& registration) const;
  void note_stop(const Instance& instance);

  Region& region_;
  std::map<std::string, TargetGroup> groups_;
  std::vector<CutTarget> cut_targets_;
};

}  // namespace pitstop::sim
