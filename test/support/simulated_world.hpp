#pragma once

#include <functional>

#include "backup/fleet.hpp"
#include "sim/door/simulated_http.hpp"
#include "sim/simulator.hpp"
#include "sim/virtual_time.hpp"

namespace pitstop::test {

/// Kills the process at one call: before the request leaves, or when the answer has come.
struct Killing {
  int at_call = 0;  ///< from 1; 0: never
  bool after_answer = false;
  /// The first call after so long a time is the last one, too.
  Duration at = Duration::max();
};

/// A simulated EC2 in virtual time with the shipped client before it, from the Query protocol up:
/// requests, signatures' callers, XML reader, retries, watches, the whole fleet.
class SimulatedWorld {
 public:
  explicit SimulatedWorld(sim::Scenario scenario);

  /// Backs up these servers, or all that there are; the outcomes are in the order of their ids, and
  /// none if EC2 could not even be asked for the servers. Nothing if the process was killed.
  /// Afterwards time has gone on until nobody does anything any more, the cloud's own doings apart.
  std::optional<std::vector<BackupOutcome>> back_up(BackupOptions options = {},
                                                    std::vector<InstanceId> servers = {});

  /// Lets time pass.
  void wait(Duration length);

  sim::Region& region() { return simulator.region(); }
  std::vector<InstanceId> servers();

  VirtualTime time;
  sim::Simulator simulator;
  sim::Faults faults;
  Interruption interruption;
  Observer* observer = nullptr;
  Killing killing;
  /// How many may be down at a time.
  std::size_t max_down = 1000;
  /// Calls that were sent.
  int calls = 0;
  sim::Spread round_trip = sim::usual_round_trip;
};

}  // namespace pitstop::test
