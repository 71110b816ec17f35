#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/sts.hpp"
#include "base/environment.hpp"
#include "cli/global_options.hpp"

namespace pitstop {

/// An account that is worked in by a role of its own.
struct Account {
  /// For people; may be empty.
  std::string name = {};
  RoleRequest role;
  /// Where to work; empty: as for all accounts.
  std::vector<std::string> regions = {};
  /// Has AWS start this account's servers when nobody else does.
  std::optional<std::string> guard_role = {};
};

/// The accounts of --assume-role and of the file of --accounts, or of PITSTOP_ACCOUNTS if neither
/// is given; none: the one that the credentials belong to. Two roles of one account are an error,
/// for its servers would be selected twice.
Result<std::vector<Account>> read_accounts(const GlobalOptions& options,
                                           const Environment& environment);

}  // namespace pitstop
