#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "aws/auto_scaling.hpp"
#include "aws/keys.hpp"
#include "aws/load_balancing.hpp"
#include "backup/finding.hpp"
#include "backup/select.hpp"
#include "ec2/instance_types.hpp"
#include "ec2/instances.hpp"

namespace pitstop {

/// What AWS tells of many servers in few calls; the inspection of each looks up its own.
struct Survey {
  std::vector<ec2::ScheduledEvent> events;
  std::map<std::string, ec2::InstanceType> types;
  std::set<std::string> one_time_requests;
  /// Of Auto Scaling groups.
  std::map<InstanceId, GroupMember> members;
  /// The names of the target groups that a server is registered with.
  std::map<InstanceId, std::vector<std::string>> target_groups;
  /// By the id under which a volume knows its key.
  std::map<std::string, KmsKey> keys;
  /// Questions without an answer: warnings, for it is the usual night that must go on.
  std::vector<Finding> untold;
};

/// The services beside EC2 that are asked; null where nobody would answer.
struct OtherServices {
  AutoScaling* auto_scaling = nullptr;
  LoadBalancing* load_balancing = nullptr;
  Keys* keys = nullptr;
};

/// Asks for what concerns these servers.
Task<Survey> take_survey(ec2::Caller& caller, OtherServices others,
                         std::vector<SelectedServer> servers);

}  // namespace pitstop
