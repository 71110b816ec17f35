#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

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
  /// Questions without an answer: warnings, for it is the usual night that must go on.
  std::vector<Finding> untold;
};

/// Asks for what concerns these servers.
Task<Survey> take_survey(ec2::Caller& caller, std::vector<SelectedServer> servers);

}  // namespace pitstop
