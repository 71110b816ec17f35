#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/server_selection.hpp"
#include "copy/copy_plan.hpp"
#include "copy/copy_tools.hpp"

/// What `pitstop copy` is asked for.
namespace pitstop {

/// Where copies go, as it was typed.
struct CopyDestinationArguments {
  std::optional<std::string> to_region;
  std::optional<std::string> to_role;
  std::optional<std::string> kms_key;
  bool encrypt = false;
};

/// Declares them, with `prefix` before each of their names: "--", or "--copy-" for a policy.
void declare_copy_destination(CLI::App& command, CopyDestinationArguments& arguments,
                              std::string_view prefix, const char* group);

struct CopyDestination {
  std::string region;  ///< empty: that of each original
  std::string role;    ///< of another account; empty: that of each original
  ec2::CopyEncryption encryption = {};
};

/// What they mean; nothing if none of them is given. An error, of kind `usage`, is of those that
/// were typed with `prefix`.
Result<std::optional<CopyDestination>> parse_copy_destination(
    const CopyDestinationArguments& arguments, std::string_view prefix);

/// The arguments of `pitstop copy`, as they were typed.
struct CopyArguments : ServerArguments {
  CopyDestinationArguments destination;
  std::vector<std::string> backups;
  std::optional<std::string> since;
  std::optional<std::string> policy;
  bool safety_backups = false;
  bool no_wait = false;
  bool dry_run = false;
};

/// What they mean.
struct CopyRequest {
  std::optional<Selection> selection;  ///< nothing: all that have backups
  std::optional<std::string> policy;
  CopyWishes wishes;
  CopyDestination destination;
  bool waits = true;
  bool dry_run = false;
  /// Says nothing where there is nothing to copy: a timer asks often.
  bool quiet = false;
};

/// An error is of kind `usage`.
Result<CopyRequest> parse_copy_request(const CopyArguments& arguments, WallTime now);

}  // namespace pitstop
