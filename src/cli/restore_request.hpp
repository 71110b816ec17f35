#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/in_place_command.hpp"
#include "restore/new_server.hpp"
#include "restore/restore_volumes.hpp"

namespace pitstop {

/// The arguments of `pitstop restore`, as they were typed.
struct RestoreArguments {
  std::string backup;
  bool as_new = false;
  bool volumes_only = false;
  std::optional<std::string> in_place;
  std::optional<std::string> finish;
  bool dry_run = false;
  std::optional<std::string> initialize_rate;
  bool fast_snapshot_restore = false;

  // Of a new server.
  std::string type;
  std::string subnet;
  std::string zone;
  std::vector<std::string> security_groups;
  std::string key_name;
  std::string instance_profile;
  std::string private_ip;
  bool keep_private_ip = false;
  bool move_elastic_ip = false;
  std::optional<std::string> user_data;
  std::string name;
  std::vector<std::string> set_tags;
  bool keep_image = false;
  bool no_wait = false;
  bool adopt = false;

  // In place.
  InPlaceArguments exchange;

  // Of volumes.
  std::optional<std::string> attach_to;
  bool incomplete = false;
};

/// What they mean.
struct RestoreRequest {
  BackupId backup;
  RestoreKind kind = RestoreKind::new_server;
  bool dry_run = false;
  bool confirmed = false;     ///< nobody has to be asked
  bool fast_restore = false;  ///< of a new server; where, its wishes say in the end
  NewServerWishes server = {};
  NewServerOptions options = {};
  VolumeWishes volumes = {};
  InPlaceWishes in_place = {};
  /// The server that gets the volumes, of one way or another.
  std::optional<InstanceId> attach_to = {};
};

/// Reads the arguments, and the file of the user data. An error is of kind `usage`.
Result<RestoreRequest> parse_restore(const RestoreArguments& arguments);

}  // namespace pitstop
