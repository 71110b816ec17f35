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

/// The clock of the host that pitstop runs on; its time of day may be wrong.
class HostClock final : public Clock {
 public:
  explicit HostClock(VirtualTime& time) : time_(time) {}

  Instant now() const override { return time_.now(); }
  WallTime wall() const override { return time_.wall() + (ahead ? ahead() : Milliseconds(0)); }
  Task<void> sleep_until(Instant when) override { return time_.sleep_until(when); }

  /// By how much it is ahead of AWS's at the moment.
  std::function<Milliseconds()> ahead;

 private:
  VirtualTime& time_;
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
  HostClock host_clock{time};
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
  /// Where they stand, in the place of the environment; the profile is "default".
  std::string credentials_file;
  /// Who is let in; everybody if there is none.
  std::optional<sim::Admission> admission;
  /// The server that pitstop itself runs on.
  std::optional<InstanceId> own_host;
  /// Which servers may be down together.
  /// All servers may be down together, unless a test says otherwise.
  FleetRules rules = {.max_down = {.number = 100, .is_percent = true}};
  /// What the last recovery came to, and which servers it has left as they are; of these, which
  /// are down.
  std::vector<BackupOutcome> recovered;
  std::vector<InstanceId> left_alone;
  std::vector<InstanceId> left_down;
  /// Why it could not even look.
  std::optional<Error> search_error;
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
