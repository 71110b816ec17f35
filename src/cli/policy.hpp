#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/toml_value.hpp"
#include "cli/backup_request.hpp"
#include "cli/copy_request.hpp"
#include "cli/global_options.hpp"
#include "cli/prune_request.hpp"
#include "schedule/schedule.hpp"

namespace pitstop {

/// Which servers are backed up, how, and when: what `pitstop run` goes by.
struct Policy {
  std::string name;
  Schedule schedule;
  BackupRequest request;
  /// Where: those of the command line, with what the policy says itself.
  GlobalOptions options;
  /// Which of its backups and of their copies are kept; nothing: all.
  RetentionRules retention = {};
  /// Where its backups are copied to, if anywhere.
  std::optional<CopyDestination> copies = {};
  /// Who is called when a server does not come back, as it was written.
  std::optional<std::string> on_down = {};
};

/// What a policy is read with.
struct PolicyReading {
  /// Of the command line: they say what a policy does not.
  const GlobalOptions& options;
  const Environment& environment;
  /// Of the file: where relative paths begin.
  std::filesystem::path directory;
};

/// Reads a policy: its table in a file, and the keys that hold for all policies of the file, unless
/// the table has its own. What is wrong is added to `mistakes`, each with its line, all that can be
/// told at once; then there is no policy.
std::optional<Policy> read_policy(const TomlValue& table, const std::vector<TomlValue>& for_all,
                                  const PolicyReading& reading, std::vector<Error>& mistakes);

}  // namespace pitstop
