#pragma once

#include <vector>

#include "backup/recover.hpp"
#include "cli/ec2_sites.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// What interrupted runs have left, at all the sites of a command.
struct LeftBehind {
  std::vector<RecoveryPart> parts;
  /// The sites, of several, that gave no answer, by their names.
  std::vector<std::string> silent_sites;
  /// Servers that are left as they are.
  std::vector<PassedOver> passed_over;
};

/// Whether to tell of servers that another run holds: one expects them unless one has asked.
enum class HeldOnes { untold, told };

/// Looks for them, and tells `report` of those found and why others are passed over. A site that
/// gives no answer is told, too, and an error only if no other one gives any.
Task<Result<LeftBehind>> find_left_behind(const Ec2Sites& sites, std::vector<FleetTools> tools,
                                          RecoveryOptions options, HeldOnes held,
                                          BackupReport& report);

}  // namespace pitstop
