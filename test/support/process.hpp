#pragma once

#include <sys/types.h>

#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace pitstop::test {

/// Variables to set, or to unset where there is no value; all others are as the test's own.
using EnvironmentChanges = std::map<std::string, std::optional<std::string>>;

/// A program to run, without a shell.
struct Command {
  std::vector<std::string> arguments;  ///< the first one is the program: a path, or a name to find
  EnvironmentChanges environment = {};
  std::string input = {};
  /// Whether its input is a terminal of its own, in whose foreground it is, instead of `input`.
  bool at_terminal = false;
  Milliseconds limit = Seconds(100);  ///< for run_process
};

struct ProcessResult {
  int exit_status = -1;  ///< -1 if a signal ended it
  int signal = 0;        ///< the signal that ended it, if one did
  bool timed_out = false;
  std::string output;
  std::string errors;
  long max_rss_kib = 0;  ///< peak memory; never less than what the test itself had on its heap
  Duration wall{};

  bool succeeded() const { return exit_status == 0; }
};

/// For messages of tests: how it ended, and what it wrote.
std::ostream& operator<<(std::ostream& out, const ProcessResult& result);

/// Runs a program to its end, and kills it when `limit` has passed. Throws if it cannot be started.
ProcessResult run_process(Command command);

/// A program in the background. It ends with the object, and with the thread that started it.
class ChildProcess {
 public:
  explicit ChildProcess(Command command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const;
  bool running();

  /// What it has written so far.
  std::string output() const;
  std::string errors() const;

  /// Waits until it has written `text`, to its output or its errors; false if it ends or takes too
  /// long.
  bool await_text(std::string_view text, Milliseconds limit = Seconds(30));

  void signal(int number);

  /// Presses keys at its terminal: "\x03" is Ctrl-C.
  void type(std::string_view keys);

  /// Waits for its end; nothing if it still runs then.
  std::optional<ProcessResult> wait(Milliseconds limit);

  /// Ends it and its descendants: SIGTERM, and SIGKILL if it is still there after `grace`.
  ProcessResult terminate(Milliseconds grace = Seconds(5));

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Where PATH has it, or nothing.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace pitstop::test
