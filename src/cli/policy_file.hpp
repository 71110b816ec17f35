#pragma once

#include <map>

#include "cli/policy.hpp"
#include "cli/surroundings.hpp"

namespace pitstop {

struct PolicyEntry {
  std::string name;
  std::optional<Policy> policy;  ///< nothing if there are mistakes in it
};

/// What a pitstop.toml says.
struct PolicyFile {
  std::string path;
  std::vector<PolicyEntry> policies;  ///< in the order of the file
  std::vector<Error> mistakes;        ///< each with its line
};

/// What each policy says of what is kept, by its name; those that have mistakes are not among them.
std::map<std::string, RetentionRules> retention_of_all(const PolicyFile& file);

/// Reads the file of --config, else of PITSTOP_CONFIG, else /etc/pitstop/pitstop.toml for root and
/// ~/.config/pitstop/pitstop.toml for others. An error of kind `usage` if it cannot be read, or is
/// no TOML; mistakes in one policy leave the others as they are.
Result<PolicyFile> read_policy_file(const std::optional<std::string>& config,
                                    const GlobalOptions& options, const Surroundings& surroundings);

}  // namespace pitstop
