#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/backup_request.hpp"
#include "cli/copy_request.hpp"
#include "cli/demo_command.hpp"
#include "cli/global_options.hpp"
#include "cli/iam_policy_command.hpp"
#include "cli/in_place_command.hpp"
#include "cli/list_command.hpp"
#include "cli/policy_command.hpp"
#include "cli/prune_request.hpp"
#include "cli/recover_command.hpp"
#include "cli/report_command.hpp"
#include "cli/restore_command.hpp"
#include "cli/run_command.hpp"
#include "cli/show_command.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// All commands with their options, and what was typed.
class Declarations {
 public:
  Declarations();
  ~Declarations();

  /// Reads a command line. Throws what CLI11 throws: a request for help or for the version, or a
  /// mistake.
  void parse(std::vector<std::string> arguments);

  CLI::App& app() { return *app_; }
  const CLI::App& app() const { return *app_; }

  std::vector<std::string> command_names() const;

  /// The name of the command that was typed: "backup".
  std::string command() const;

  /// Whether that command changes nothing but what it writes to its output.
  bool only_shows() const;

  GlobalOptions options;
  BackupArguments backup;
  RunArguments run;
  PolicyCheckArguments policy_check;
  BackupArguments check;
  RecoverArguments recover;
  ListArguments list;
  ShowArguments show;
  RestoreArguments restore;
  RollbackArguments rollback;
  PruneArguments prune;
  CopyArguments copy;
  ReportArguments report;
  IamPolicyArguments iam_policy;
  DemoArguments demo;

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace pitstop
