#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/task.hpp"
#include "base/time.hpp"

namespace pitstop {

/// A program whose output is wanted.
struct Program {
  std::vector<std::string> command;  ///< its name, looked for in PATH, and its arguments
  Duration time_limit = Seconds(60);
  std::size_t most_output = std::size_t{1} << 20;  ///< in bytes
};

/// How a program has ended.
struct ProgramEnd {
  int exit_status = 0;  ///< 128 and the signal's number if one has ended it, as shells say it
  std::string output;
  std::string errors;  ///< what it has written to its standard error, the first few KiB
};

/// Runs a program, without a shell and without input, while the event loop goes on. Errors:
/// `refused` if it cannot be started or writes more than it may, `deadline` if it takes longer; it
/// is killed then, as it is if the waiting coroutine goes away.
Task<Result<ProgramEnd>> run_program(Program program);

/// The door to running programs.
using RunProgram = std::function<Task<Result<ProgramEnd>>(Program)>;

}  // namespace pitstop
