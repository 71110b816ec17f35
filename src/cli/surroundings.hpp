#pragma once

#include <functional>
#include <list>
#include <memory>
#include <ostream>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/ids.hpp"
#include "base/interruption.hpp"
#include "base/random.hpp"
#include "base/run_program.hpp"
#include "base/task.hpp"
#include "http/curl_http.hpp"
#include "http/http.hpp"
#include "report/board_line.hpp"

namespace pitstop {

/// Those who can say what the servers of the command are at, the newest last.
using Describers = std::list<std::function<std::string()>>;

/// What a command has from outside of itself: the doors, and where its words go. Tests hand in
/// their own.
struct Surroundings {
  const Environment& environment;
  /// Whether the effective user is root.
  bool is_root = false;
  /// For whoever finds what a run has left: where it was, and which process.
  std::string host = "localhost";
  int process = 0;
  Clock& clock;
  Random& random;
  /// Makes the door to the network, once the settings for it are known.
  std::function<std::unique_ptr<Http>(CurlSettings)> open_network;
  /// Starts a program with that input, and leaves it to itself.
  std::function<Status(const std::vector<std::string>&, std::string_view)> launch;
  /// Runs a program for its output.
  RunProgram run_program;
  Interruption& interruption;
  /// The instances that are down at the moment; kept up to date by the commands.
  std::vector<InstanceId>& down;
  std::ostream& output;
  /// The errno with which writing to `output` has failed; 0 if it has not.
  std::function<int()> output_error = {};
  std::ostream& diagnostics;
  /// Asks a terminal for its size; empty when the output does not go to one.
  std::function<BoardSize()> terminal_size;
  /// Asks the user a question, and whether the answer is yes; empty when nobody can be asked.
  std::function<Task<bool>(std::string)> ask = {};
  /// Called when the process is told to end at once; a command may set it.
  std::function<void()> before_early_end = {};
  /// Whether a wish to end needs nothing to be finished first; set by the command line.
  bool may_end_at_once = false;
  std::shared_ptr<Describers> describers = std::make_shared<Describers>();
  /// How often a report that moves is drawn, by `clock`.
  Duration redraw_every = Milliseconds(250);
};

inline RunId new_run_id(const Surroundings& surroundings) {
  return RunId("r-" + surroundings.random.hex(12));
}

inline RestoreId new_restore_id(const Surroundings& surroundings) {
  return RestoreId("rs-" + surroundings.random.hex(12));
}

}  // namespace pitstop
