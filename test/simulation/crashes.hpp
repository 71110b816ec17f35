#pragma once

#include <string>
#include <vector>

#include "support/simulated_world.hpp"

namespace pitstop::test {

/// One quick server with two volumes, so that there are few moments to be killed at.
sim::Scenario one_quick_server();

/// Puts its first server into an Auto Scaling group, "farm", with a target group of its own, "web",
/// and registers it in another one, "api", at port 8080.
void add_rotation(sim::Scenario& scenario);

/// A volume of its region that is attached to nothing, with a tag of its own.
VolumeId detached_volume(SimulatedWorld& world);

/// All volumes of the first server exchanged for what they were a moment ago.
Swap swap_to_the_past(SimulatedWorld& world);

/// The same, and the volumes that come in are there already, as if an earlier restore had replaced
/// them: a rollback.
Swap swap_back(SimulatedWorld& world);

/// Has fast snapshot restore enabled before the volumes of a swap are made.
void restore_fast(Swap& swap);

/// What of it is left: no snapshot has it on, and none has its tag.
std::vector<std::string> left_of_fast_restore(SimulatedWorld& world);

/// What must hold when the last recovery is over, whoever was killed where before: the servers are
/// as they were, and where they were, nobody's snapshots are lost, and nothing is left lying about.
/// Each text says what is not so.
std::vector<std::string> left_after_recovery(SimulatedWorld& world);

/// A backup of a quick server that is killed at one of its moments, and recovered by a process that
/// may be killed at one of its own.
struct Crash {
  /// A swap in it stands for one of all volumes, for what they were a moment ago; with fast
  /// snapshot restore, if it has some.
  BackupOptions options = {};
  bool found_stopped = false;
  bool host_is_lost = false;
  /// Whether it is a member of an Auto Scaling group, and a target of load balancers.
  bool in_rotation = false;
  /// Whether a volume of it is attached to nothing, and taken.
  bool has_detached_volume = false;
  /// Whether its swap is a rollback.
  bool rolls_back = false;
  Killing of_backup = {};
  Killing of_recovery = {};
};

/// The cloud in which it takes place.
sim::Scenario scenario_of(const Crash& crash);

/// Its backup, by itself.
std::optional<std::vector<BackupOutcome>> back_up(SimulatedWorld& world, const Crash& crash);

/// What is left after its recovery, of an exchange of volumes, too.
std::vector<std::string> left_after(SimulatedWorld& world, const Crash& crash);

struct AfterCrash {
  std::vector<std::string> broken;
  /// Of the recovery that was, or would have been, killed.
  int moments = 0;
};

/// Lives through it, to the end of a recovery that nobody kills.
AfterCrash live_through(const Crash& crash);

/// How many moments the backup has when nobody kills it.
int moments_of(const Crash& crash);

}  // namespace pitstop::test
