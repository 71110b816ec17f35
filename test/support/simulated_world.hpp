#pragma once

#include <functional>

#include "backup/recover.hpp"
#include "sim/door/simulated_http.hpp"
#include "sim/simulator.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// Kills the process at one of its moments: before or after a call, or a line in the journal.
struct Killing {
  int at_moment = 0;   ///< from 1; 0: never
  bool after = false;  ///< when the answer has come, or the line is written
  /// The first moment after so long a time is the last one, too.
  Duration at = Duration::max();
};

/// A simulated EC2 in virtual time with the shipped client before it, from the Query protocol up:
/// requests, signatures' callers, XML reader, retries, watches, the whole fleet. Each run is a
/// process of its own; the journal stays.
class SimulatedWorld {
 public:
  explicit SimulatedWorld(sim::Scenario scenario);

  /// Backs up these servers, or all that there are; the outcomes are in the order of their ids, and
  /// none if EC2 could not even be asked for the servers. Nothing if the process was killed.
  /// Afterwards time has gone on until nobody does anything any more, the cloud's own doings apart.
  std::optional<std::vector<BackupOutcome>> back_up(BackupOptions options = {},
                                                    std::vector<InstanceId> servers = {});

  /// Checks these servers, or all that there are; none if EC2 could not even be asked for them.
  std::vector<Checked> check(BackupOptions options = {}, std::vector<InstanceId> servers = {});

  /// Finishes what killed runs have left. Nothing if the process was killed, too, and none if EC2
  /// could not be asked.
  std::optional<std::vector<BackupOutcome>> recover(RecoveryOptions options = {});

  /// Lets time pass.
  void wait(Duration length);

  /// From now on everything happens on another host, which knows nothing of the past.
  void lose_the_host();

  sim::Region& region() { return simulator.region(); }
  std::vector<InstanceId> servers();

  VirtualTime time;
  sim::Simulator simulator;
  sim::Faults faults;
  Interruption interruption;
  Observer* observer = nullptr;
  Killing killing;
  Journal journal = Journal::in_memory();
  std::string host = "host-1";
  bool host_is_lost = false;
  /// When the credentials end, if they do.
  std::optional<WallTime> credentials_end;
  /// The server that pitstop itself runs on.
  std::optional<InstanceId> own_host;
  /// Which servers may be down together.
  /// All servers may be down together, unless a test says otherwise.
  FleetRules rules = {.max_down = {.number = 100, .is_percent = true}};
  /// Calls that were sent.
  int calls = 0;
  /// Calls and lines in the journal, of the last process.
  int moments = 0;
  int processes = 0;
  sim::Spread round_trip = sim::usual_round_trip;

 private:
  /// Runs a process to its end; false if it was killed.
  bool run_process(Task<void> process);
};

}  // namespace pitstop::test
