#include "cli/exit_status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/contains.hpp"

namespace pitstop {
namespace {

std::string_view meaning(ExitStatus status) {
  switch (status) {
    case ExitStatus::done:
      return "done";
    case ExitStatus::failed:
      return "failed";
    case ExitStatus::usage:
      return "wrong usage";
    case ExitStatus::some_failed:
      return "some of the servers were not backed up, or something is left: pitstop recover";
    case ExitStatus::at_deadline:
      return "done, but a server was started at the deadline, before its gate opened";
    case ExitStatus::refused:
      return "the check refused; nothing was stopped";
    case ExitStatus::held:
      return "another run holds a server; nothing was stopped";
    case ExitStatus::left_down:
      return "a server that pitstop stopped is not running (outranks all others)";
    case ExitStatus::interrupted:
      return "interrupted";
  }
  unreachable();
}

bool is_held(const BackupOutcome& backup) {
  return backup.error && backup.error->kind == ErrorKind::held;
}

}  // namespace

ExitStatus exit_status_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::usage:
      return ExitStatus::usage;
    case ErrorKind::interrupted:
      return ExitStatus::interrupted;
    case ErrorKind::held:
      return ExitStatus::held;
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

ExitStatus exit_status_of(const std::vector<BackupOutcome>& outcomes, bool interrupted,
                          bool missed_some) {
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
    return std::ranges::any_of(outcomes, is_held) ? ExitStatus::held : ExitStatus::refused;
  }
  if (not_backed_up > 0) {
    return not_backed_up == outcomes.size() ? ExitStatus::failed : ExitStatus::some_failed;
  }
  const bool left_some = std::ranges::any_of(
      outcomes, [](const BackupOutcome& backup) { return !backup.left_behind.empty(); });
  if (missed_some || left_some) {
    return ExitStatus::some_failed;
  }
  const bool late = contains(outcomes, std::optional(GateOpening::deadline), &BackupOutcome::gate);
  return late ? ExitStatus::at_deadline : ExitStatus::done;
}

ExitStatus worse(ExitStatus one, ExitStatus other) {
  constexpr std::array from_worst{ExitStatus::left_down,   ExitStatus::interrupted,
                                  ExitStatus::failed,      ExitStatus::usage,
                                  ExitStatus::some_failed, ExitStatus::refused,
                                  ExitStatus::held,        ExitStatus::at_deadline};
  for (const auto status : from_worst) {
    if (one == status || other == status) {
      return status;
    }
  }
  return ExitStatus::done;
}

std::string exit_status_help() {
  return exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage,
                           ExitStatus::some_failed, ExitStatus::at_deadline, ExitStatus::refused,
                           ExitStatus::held, ExitStatus::left_down, ExitStatus::interrupted});
}

std::string exit_status_help(std::initializer_list<ExitStatus> possible) {
  return "Exit status:\n" + exit_status_lines(possible);
}

std::string exit_status_lines(std::initializer_list<ExitStatus> possible) {
  std::string text;
  for (const auto status : possible) {
    text += fmt::format("  {:<4} {}\n", number(status), meaning(status));
  }
  return text;
}

}  // namespace pitstop
