#pragma once

#include <csignal>
#include <optional>
#include <vector>

#include "base/time.hpp"

/// Signals. A server that is down must be started again, so no signal that can be caught ends or
/// stops the process while one is.
namespace pitstop {

struct ReceivedSignal {
  int number = 0;
  /// Whether a key of the terminal has sent it, such as Ctrl-C, and no other process.
  bool from_terminal = false;
};

/// What a signal makes pitstop do.
enum class SignalAction {
  nothing,
  end,         ///< begin no further server, start those that are down, then end
  end_now,     ///< end at once, whatever is down
  show_state,  ///< say what every server is at, and go on
  suspend,     ///< suspend, as soon as no server is down
};

/// Decides what signals mean. The only one that ends the process while a server is down is the
/// second Ctrl-C of a person at a terminal who has had a second to read what the first one does:
/// service managers and shells send SIGTERM and SIGINT in pairs.
class SignalRules {
 public:
  SignalAction action_for(const ReceivedSignal& signal, Instant now);

 private:
  std::optional<Instant> first_ctrl_c_;
};

/// As long as it lives, catches every signal that would end or stop the process, and keeps it to be
/// read. A crash of our own ends the process as ever. One at a time.
class SignalPipe {
 public:
  /// Throws std::system_error if the system has no files left.
  SignalPipe();
  ~SignalPipe();
  SignalPipe(const SignalPipe&) = delete;
  SignalPipe& operator=(const SignalPipe&) = delete;

  /// A file that can be read when a signal has come.
  int file() const { return read_end_; }

  /// Those that have come.
  std::vector<ReceivedSignal> take();

  /// Suspends the process as Ctrl-Z does; returns when it goes on.
  void suspend();

 private:
  int read_end_ = -1;
  int write_end_ = -1;
};

}  // namespace pitstop
