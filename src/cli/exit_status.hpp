#pragma once

#include <initializer_list>

#include "backup/outcome.hpp"
#include "base/result.hpp"

namespace pitstop {

/// What pitstop ends with; the meaning of each is part of the command line.
enum class ExitStatus {
  done = 0,
  failed = 1,
  usage = 2,
  some_failed = 3,
  at_deadline = 4,
  refused = 10,
  held = 11,
  left_down = 20,
  interrupted = 130,
};

constexpr int number(ExitStatus status) {
  return static_cast<int>(status);
}

/// The status of a command that ended with this error before any server was touched.
ExitStatus exit_status_of(const Error& error);

/// The status of a run: of all that apply, the one that a person must hear of first. A server that
/// is down outranks everything. `missed_some`: whether there may be servers that nobody looked at.
ExitStatus exit_status_of(const std::vector<BackupOutcome>& outcomes, bool interrupted,
                          bool missed_some);

/// Of two, the one that a person must hear of first.
ExitStatus worse(ExitStatus one, ExitStatus other);

/// The lines about exit statuses at the end of a command's help: all, or those that it can have.
std::string exit_status_help();
std::string exit_status_help(std::initializer_list<ExitStatus> possible);
/// More of them, without the heading.
std::string exit_status_lines(std::initializer_list<ExitStatus> possible);

}  // namespace pitstop
