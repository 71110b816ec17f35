#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/identity.hpp"
#include "base/time.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// The options that every command takes, as they were typed.
struct GlobalOptions {
  /// The first of `regions`, if any, is its region.
  IdentityOptions identity;
  std::vector<std::string> regions;
  /// Whether an account that has regions of its own is worked in there, and not in `regions`.
  bool regions_of_accounts = true;
  std::vector<std::string> assume_roles;
  std::optional<std::string> accounts;
  std::optional<std::string> state_dir;
  std::string output = "text";
  std::string log_level = "warning";
  std::string timeout = "10s";
  bool no_color = false;
};

/// The heading of these options in the help.
inline constexpr auto global_options_group = "Options of every command";

/// Declares them; what is typed goes into `options`.
void declare_global_options(CLI::App& app, GlobalOptions& options);

}  // namespace pitstop
