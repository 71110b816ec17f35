#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/fleet_rules.hpp"
#include "backup/options.hpp"
#include "base/environment.hpp"
#include "cli/server_selection.hpp"
#include "restore/in_place.hpp"
#include "schedule/schedule.hpp"

namespace pitstop {

/// The arguments of `pitstop backup` and `pitstop check`, as they were typed.
struct BackupArguments : ServerArguments {
  std::string start_when = "progress";
  std::string method = "snapshots";
  std::string max_downtime = "30m";
  std::optional<std::string> max_down;
  std::optional<std::string> group_by;
  std::optional<std::string> max_down_per_group;
  std::optional<std::string> order_by;
  std::optional<std::string> stop_on_failure;
  std::string stop_timeout = "10m";
  std::optional<std::string> force_stop_after;
  bool reserve_capacity = false;
  std::optional<std::string> guard_role;
  std::optional<std::string> on_down;
  std::vector<std::string> exclude_volumes;
  std::vector<std::string> set_tags;
  std::vector<std::string> accepted;
  bool wait_pending = false;
  bool online = false;
  bool freeze = false;
  bool data_volumes_unmounted = false;
  std::vector<std::string> detached_volumes;
  bool prime = false;
  bool keep_prime = false;
  bool standby = false;
  bool drain = false;
  bool no_wait = false;
  bool dry_run = false;
  bool yes = false;
};

/// What they mean.
struct BackupRequest {
  Selection selection;
  BackupOptions options;
  FleetRules rules = {};
  bool dry_run = false;
  /// Whether nobody has to be asked before more than one server is backed up.
  bool confirmed = false;
  /// Only servers that are due by it are backed up; nothing: all.
  std::optional<Schedule> schedule = {};
  /// What the swap of the options is for; the end is told as that of a restore.
  std::optional<InPlacePlan> in_place = {};
  /// Who is called when a server does not come back; empty: nobody.
  std::vector<std::string> on_down = {};
};

/// Reads the arguments, and from the environment what they leave out. An error is of kind `usage`,
/// names the option and says what it takes.
Result<BackupRequest> parse_request(const BackupArguments& arguments,
                                    const Environment& environment);

/// The ARN of a role, given with that option or variable.
Result<std::string> parse_guard_role(std::string_view option, const std::string& text);

/// The servers of a request at some sites, and all volumes that it speaks of. Exclusions that no
/// selected server has are a mistake, and a mistake here would back up what should be left out; so
/// are tags of the rules that none has. A detached volume belongs to one server.
Task<Result<SelectedServers>> select_for(std::vector<ec2::Caller*> sites, BackupRequest request);

}  // namespace pitstop
