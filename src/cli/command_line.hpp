#pragma once

#include <string>
#include <vector>

#include "base/task.hpp"
#include "cli/exit_status.hpp"
#include "cli/surroundings.hpp"

namespace pitstop {

/// Runs the command that `arguments` (without the program's name) name, to its exit status.
Task<ExitStatus> run_command_line(std::vector<std::string> arguments, Surroundings& surroundings);

}  // namespace pitstop
