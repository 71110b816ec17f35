#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.hpp"

namespace pitstop {

/// The file descriptors that a program begins with.
struct StandardStreams {
  int input;
  int output;
  int errors;
};

/// Starts a program, without a shell, in a process group of its own: its name, looked for in PATH,
/// and its arguments. It begins with all signals as a program expects them, and a Ctrl-C that is
/// meant for us does not reach it. Whoever starts it waits for it: waitpid for this one child,
/// never for any.
Result<pid_t> spawn(const std::vector<std::string>& command, StandardStreams streams);

/// That errno kept a program from being started.
Error cannot_be_started(const std::string& program, int error);

}  // namespace pitstop
