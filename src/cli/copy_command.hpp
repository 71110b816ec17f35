#pragma once

#include "base/task.hpp"
#include "cli/copy_request.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

class BackupReport;

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_copy(CLI::App& app, CopyArguments& arguments);

/// Runs it, from the arguments to the exit status.
Task<ExitStatus> run_copy(CopyArguments arguments, GlobalOptions options,
                          Surroundings& surroundings, BackupReport& report);

struct PolicyCopied {
  ExitStatus status = ExitStatus::done;
  bool begun_some = false;
  /// Where copies were looked for.
  std::vector<std::string> regions = {};
};

/// Begins the copies of a policy's backups that are not there yet, as many as there is room for,
/// and waits for none.
Task<PolicyCopied> copy_for_policy(std::string policy, CopyDestination destination, bool dry_run,
                                   GlobalOptions options, Surroundings& surroundings,
                                   BackupReport& report);

}  // namespace pitstop
