#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/toml_value.hpp"
#include "cli/backup_request.hpp"
#include "cli/copy_request.hpp"
#include "cli/global_options.hpp"
#include "cli/prune_request.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace pitstop {

/// What the keys begin with that say something of copies.
inline constexpr std::string_view copy_prefix = "--copy-";

/// The command line that the keys of a policy stand for. A key is an option of `pitstop backup`
/// or a rule of `pitstop prune`, without its dashes, one that says where, or, behind "copy-", one
/// of `pitstop copy` or a rule for copies: so whatever can be told by hand, a policy can be told,
/// too, and in the same words.
class PolicyLine {
 public:
  PolicyLine();
  ~PolicyLine();

  /// The keys that there are.
  std::vector<std::string> keys() const;

  /// The arguments that a key and its value stand for. An error of kind `usage` if the key is none,
  /// or its value is nothing that it takes.
  Result<std::vector<std::string>> arguments_for(const TomlValue& member) const;

  /// Reads arguments, which are all that there are; once.
  Status parse(std::vector<std::string> arguments);

  // As they were read.
  BackupArguments backup;
  PruneArguments retention;  ///< its rules alone
  CopyDestinationArguments copies;
  PruneArguments copy_retention;  ///< the same for copies
  GlobalOptions options;

 private:
  const CLI::Option* find(const std::string& key) const;

  std::unique_ptr<CLI::App> app_;
  CLI::App* command_ = nullptr;
};

}  // namespace pitstop
