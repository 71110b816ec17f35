#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backup/select.hpp"

namespace CLI {
class App;
}

namespace pitstop {

/// Which servers, as it was typed.
struct ServerArguments {
  std::vector<std::string> instances;
  std::vector<std::string> tags;
  bool all = false;
  std::vector<std::string> exclude;
};

/// Declares them, `must_be_named` if no server is none.
void declare_servers(CLI::App& command, ServerArguments& arguments, bool must_be_named);

/// What they mean; an error, of kind `usage`, if none is named, or in two ways.
Result<Selection> parse_selection(const ServerArguments& arguments);

/// The same where servers may be left out: nothing if none is named.
Result<std::optional<Selection>> parse_selection_if_any(const ServerArguments& arguments);

/// Reads KEY=VALUE, given with that option, as long as EC2 takes it.
Result<ec2::Tag> parse_tag(std::string_view option, const std::string& text);

}  // namespace pitstop
