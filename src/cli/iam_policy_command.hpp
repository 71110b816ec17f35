#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/global_options.hpp"
#include "cli/surroundings.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The arguments of `pitstop iam-policy`, as they were typed.
struct IamPolicyArguments {
  std::vector<std::string> commands;
  std::optional<std::string> account;
  std::optional<std::string> partition;
  std::optional<std::string> guard_role;
  bool reserve_capacity = false;
  std::string method = "snapshots";
  bool online = false;
  bool detached_volume = false;
  bool freeze = false;
  bool prime = false;
  bool standby = false;
  bool drain = false;
  bool fast_snapshot_restore = false;
  std::vector<std::string> roles;
};

/// Declares the command below `app`; what is typed goes into `arguments`.
CLI::App* declare_iam_policy(CLI::App& app, IamPolicyArguments& arguments);

/// Prints the policy. Asks nothing of AWS.
Status run_iam_policy(const IamPolicyArguments& arguments, const GlobalOptions& options,
                      const Surroundings& surroundings);

}  // namespace pitstop
