#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

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

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_backup(CLI::App& app, BackupArguments& arguments);

/// Runs it.
Task<ExitStatus> run_backup(BackupArguments arguments, GlobalOptions options,
                            Surroundings& surroundings);

}  // namespace pitstop
