#pragma once

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/global_options.hpp"
#include "cli/prune_request.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

class BackupReport;

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_prune(CLI::App& app, PruneArguments& arguments);

/// Removes what the rules of a policy do not keep, nor those of others that asked for it, too;
/// nobody is asked, for it is written down.
Task<ExitStatus> prune_for_policy(std::string policy, RetentionRules rules,
                                  std::map<std::string, RetentionRules> rules_of_others,
                                  GlobalOptions options, Surroundings& surroundings,
                                  BackupReport& report);

/// Runs it, from the arguments to the exit status.
Task<ExitStatus> run_prune(PruneArguments arguments, GlobalOptions options,
                           Surroundings& surroundings, BackupReport& report);

}  // namespace pitstop
