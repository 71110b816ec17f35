#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"
#include "report/backup_report.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop restore`, as they were typed.
struct RestoreArguments {
  std::string backup;
  bool as_new = false;
  bool volumes_only = false;
  bool dry_run = false;
  std::optional<std::string> initialize_rate;

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

  // Of volumes.
  std::optional<std::string> attach_to;
  bool incomplete = false;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_restore(CLI::App& app, RestoreArguments& arguments);

/// Runs it, from the reading of the arguments to the summary.
Task<ExitStatus> run_restore(RestoreArguments arguments, GlobalOptions options,
                             Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
