#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "backup/options.hpp"
#include "backup/select.hpp"

namespace pitstop {

/// The arguments of `pitstop backup`, as they were typed.
struct BackupArguments {
  std::vector<std::string> instances;
  std::vector<std::string> tags;
  bool all = false;
  std::string start_when = "progress";
  std::string method = "snapshots";
  std::string max_downtime = "30m";
  std::optional<std::string> max_down;
  std::vector<std::string> exclude_volumes;
  std::vector<std::string> set_tags;
  bool no_wait = false;
  bool dry_run = false;
};

/// What they mean.
struct BackupRequest {
  Selection selection;
  BackupOptions options;
  std::size_t max_down = 1000;
  bool dry_run = false;
};

/// Reads the arguments. An error is of kind `usage`, names the option and says what it takes.
Result<BackupRequest> parse_request(const BackupArguments& arguments);

}  // namespace pitstop
