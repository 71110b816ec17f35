#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace pitstop {

/// Starts a program, without a shell, with `input` as its standard input, and leaves it to itself:
/// nobody waits for it, and it outlives us. What it writes goes to our standard error. `command` is
/// its name, looked for in PATH, and its arguments.
Status launch(const std::vector<std::string>& command, std::string_view input);

/// Whether there is a program of that name: a path, or a name that one of the directories of `path`
/// (as PATH has them) has an executable file of.
bool can_be_launched(const std::string& name, const std::optional<std::string>& path);

}  // namespace pitstop
