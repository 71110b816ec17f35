#pragma once

#include <optional>
#include <vector>

#include "backup/finding.hpp"
#include "backup/plan.hpp"
#include "backup/survey.hpp"

namespace pitstop {

/// What is known of one server before its backup.
struct Facts {
  const Survey& survey;
  ec2::LaunchSettings attributes = {};
  /// Those of its volumes that are not complete.
  std::vector<ec2::Snapshot> pending_snapshots = {};
  /// The instance that pitstop itself runs on, if it does and can tell.
  std::optional<InstanceId> own_host = {};
  WallTime now = {};
};

/// What a person should know before the server is stopped, and what speaks against it. Pure.
std::vector<Finding> inspect(const BackupPlan& plan, const Facts& facts);

}  // namespace pitstop
