#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "aws/auto_scaling.hpp"
#include "aws/keys.hpp"
#include "aws/load_balancing.hpp"
#include "backup/finding.hpp"
#include "backup/options.hpp"
#include "backup/other_services.hpp"
#include "backup/rotation.hpp"
#include "backup/select.hpp"
#include "backup/shared_trials.hpp"
#include "ec2/instance_types.hpp"
#include "ec2/instances.hpp"
#include "ec2/placement_groups.hpp"

namespace pitstop {

/// What AWS tells of many servers in few calls; the inspection of each looks up its own.
struct Survey {
  std::vector<ec2::ScheduledEvent> events;
  std::map<std::string, ec2::InstanceType> types;
  /// By their names; only where places are to be reserved.
  std::map<std::string, ec2::PlacementGroup> placement_groups;
  std::set<std::string> one_time_requests;
  /// Of Auto Scaling groups.
  std::map<InstanceId, GroupMember> members;
  /// By their names; only where a server is to go into Standby.
  std::map<std::string, AutoScalingGroup> scaling_groups;
  /// Where load balancers send a server requests.
  std::map<InstanceId, std::vector<TargetPlace>> targets;
  /// By the id under which a volume knows its key.
  std::map<std::string, KmsKey> keys;
  /// Of those that KMS does not describe: why. By the same ids.
  std::map<std::string, Error> unknown_keys;
  /// The ARNs of those for which a grant, without which no volume can be attached, may be made.
  std::set<std::string> may_grant;
  /// Of those for which a trial of it was refused.
  std::set<std::string> no_grant;
  Proven proven;
  /// Questions without an answer that concern every server: warnings, for it is the usual night
  /// that must go on.
  std::vector<Finding> untold;
  /// The same of questions that concern some servers only.
  std::multimap<InstanceId, Finding> untold_of;
};

/// What a survey depends on of the options of a backup: servers for which it is the same share one.
struct SurveyKind {
  bool stops = true;
  bool standby = false;
  bool reserves = false;

  auto operator<=>(const SurveyKind&) const = default;
};
SurveyKind survey_kind_of(const BackupOptions& options);

/// Asks for what concerns these servers, backed up with options of that kind.
Task<Survey> take_survey(ec2::Caller& caller, OtherServices others,
                         std::vector<SelectedServer> servers, SurveyKind kind);

}  // namespace pitstop
