#include "cli/exit_status.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/contains.hpp"

namespace pitstop {

ExitStatus exit_status_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::usage:
      return ExitStatus::usage;
    case ErrorKind::interrupted:
      return ExitStatus::interrupted;
    case ErrorKind::throttled:
    case ErrorKind::transient:
    case ErrorKind::unknown_fate:
    case ErrorKind::not_found:
    case ErrorKind::wrong_state:
    case ErrorKind::no_capacity:
    case ErrorKind::would_work:
    case ErrorKind::forbidden:
    case ErrorKind::refused:
    case ErrorKind::deadline:
    case ErrorKind::internal:
      return ExitStatus::failed;
  }
  unreachable();
}

ExitStatus exit_status_of(const std::vector<BackupOutcome>& outcomes, bool interrupted) {
  const auto count = [&](Outcome outcome) {
    return static_cast<std::size_t>(std::ranges::count(outcomes, outcome, &BackupOutcome::outcome));
  };
  const auto refused = count(Outcome::refused);
  const auto not_backed_up = count(Outcome::failed) + refused;
  if (std::ranges::any_of(outcomes, &BackupOutcome::left_down)) {
    return ExitStatus::left_down;
  }
  if (interrupted) {
    return ExitStatus::interrupted;
  }
  if (not_backed_up > 0 && refused == outcomes.size()) {
    return ExitStatus::refused;
  }
  if (not_backed_up > 0) {
    return not_backed_up == outcomes.size() ? ExitStatus::failed : ExitStatus::some_failed;
  }
  const bool late = contains(outcomes, std::optional(GateOpening::deadline), &BackupOutcome::gate);
  return late ? ExitStatus::at_deadline : ExitStatus::done;
}

std::string exit_status_help() {
  return "Exit status:\n"
         "  0    done\n"
         "  1    failed\n"
         "  2    wrong usage\n"
         "  3    some of the servers were not backed up\n"
         "  4    done, but a server was started at the deadline, before its gate opened\n"
         "  10   the check refused; nothing was stopped\n"
         "  20   a server that pitstop stopped is not running (outranks all others)\n"
         "  130  interrupted\n";
}

}  // namespace pitstop
