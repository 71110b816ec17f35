#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/backup_set.hpp"
#include "schedule/time_zone.hpp"

namespace pitstop {

/// Which good backups of a server are kept, as restic has it: what any of the rules keeps.
struct KeepRules {
  /// The newest so many.
  int last = 0;
  /// The newest of each hour, day, … that has any, of so many of them. While they are not so many,
  /// the oldest backup of all, too: the history is to become as long as it may.
  int hourly = 0;
  int daily = 0;
  int weekly = 0;  ///< ISO 8601: from Monday to Sunday
  int monthly = 0;
  int yearly = 0;
  /// Those that are no older than that when the newest good one is taken: where backups have
  /// ceased, nothing is removed by the mere passing of time.
  std::optional<Duration> within = {};
  /// Those with any of these tags.
  ec2::Tags tags = {};
  /// Where hours, days, … begin.
  TimeZone zone = {};

  /// Whether they would keep nothing but the newest good one.
  bool empty() const;
};

/// Why each of the good backups of a server, which come the newest first, is kept: "last 1", "daily
/// 2026-11-23", …. No reason: it is not. The newest always is.
std::vector<std::vector<std::string>> reasons_to_keep(const KeepRules& rules,
                                                      const std::vector<const BackupSet*>& good,
                                                      WallTime now);

/// "7d", "36h": as one types it, where that is possible.
std::string short_time(Duration duration);

}  // namespace pitstop
