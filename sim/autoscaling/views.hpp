#pragma once

#include "sim/api/xml.hpp"
#include "sim/autoscaling/model.hpp"
#include "sim/cloud/region.hpp"

/// The elements in which EC2 Auto Scaling tells of its things.
namespace pitstop::sim {

struct ShownMember {
  const ScalingGroup* group;
  const Member* member;
  const Instance* instance;
};

std::string group_arn(const Region& region, std::string_view name);

/// As DescribeAutoScalingInstances has it.
void put_instance(xml::Element element, const ShownMember& shown);
void put_group(xml::Element element, const ScalingGroup& group, const Region& region,
               bool with_instances);
void put_activity(xml::Element element, const ScalingGroup& group, const Activity& activity,
                  const Region& region);

}  // namespace pitstop::sim
