#include "cli/exit_status.hpp"

#include <algorithm>

#include "base/check.hpp"

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
  const auto count = [&](auto matches) {
    return static_cast<std::size_t>(std::ranges::count_if(outcomes, matches));
  };
  const auto is = [](Outcome wanted) {
    return [wanted](const BackupOutcome& backup) { return backup.outcome == wanted; };
  };
  const auto failed = count(is(Outcome::failed));
  const auto refused = count(is(Outcome::refused));
  const auto late = count([](const BackupOutcome& b) { return b.gate == GateOpening::deadline; });
  if (count(&BackupOutcome::left_down) > 0) {
    return ExitStatus::left_down;
  }
  if (interrupted) {
    return ExitStatus::interrupted;
  }
  if (refused == outcomes.size()) {
    return ExitStatus::refused;
  }
  if (failed + refused == outcomes.size()) {
    return ExitStatus::failed;
  }
  if (failed + refused > 0) {
    return ExitStatus::some_failed;
  }
  return late > 0 ? ExitStatus::at_deadline : ExitStatus::done;
}

std::string exit_status_help() {
  return "Exit status:\n"
         "  0    done\n"
         "  1    failed\n"
         "  2    wrong usage\n"
         "  3    some of the servers failed\n"
         "  4    done, but a server was started at the deadline, before its gate opened\n"
         "  10   the check refused; nothing was stopped\n"
         "  20   a server that pitstop stopped is not running (outranks all others)\n"
         "  130  interrupted\n";
}

}  // namespace pitstop
