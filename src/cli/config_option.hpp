#pragma once

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace pitstop {

/// The heading of the options about policies in the help.
inline constexpr auto policies_group = "Policies";

/// Declares --config, which names the file with the policies.
void declare_config(CLI::App& command, std::optional<std::string>& config);

}  // namespace pitstop
