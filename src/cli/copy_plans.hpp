#pragma once

#include <map>
#include <set>

#include "cli/copy_request.hpp"
#include "cli/ec2_sites.hpp"
#include "cli/surroundings.hpp"
#include "report/copy_report.hpp"

namespace pitstop {

/// A plan, and between which sites.
struct SitedCopyPlan {
  CopyPlan plan;
  std::size_t from = 0;
  std::size_t to = 0;
};

struct CopyPlans {
  /// By server, and of each the newest first.
  std::vector<SitedCopyPlan> plans = {};
  /// Sites that gave no answer.
  std::set<std::string> silent_sites = {};
  /// By source and destination: backups that are open to the other account, and are not copied now.
  std::map<std::pair<std::size_t, std::size_t>, std::vector<BackupId>> to_close = {};
};

/// Finds the backups of a request and what is there of them where they are to go, which becomes
/// more sites. An error, of kind `usage` or `not_found`, if there is nothing that could be copied
/// there.
Task<Result<CopyPlans>> plan_copies(Ec2Sites& sites, CopyRequest request, GlobalOptions options,
                                    Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
