#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backup/check.hpp"
#include "backup/fleet_rules.hpp"
#include "backup/options.hpp"
#include "backup/outcome.hpp"
#include "backup/plan.hpp"
#include "backup/select.hpp"
#include "backup/tools.hpp"

namespace pitstop {

/// What a run with many servers works with in one account and region. All of it outlives the run.
struct FleetTools {
  ec2::Caller& wire;  ///< one attempt a call: each server counts and retries its own
  ec2::Pace& pace;    ///< of the account in this region
  Clock& clock;
  Random& random;
  Observer& observer;
  Interruption& interruption;
  Duration usual_patience;  ///< for how long a call is retried
  Logbook& logbook;
  Scheduler* scheduler;  ///< makes the guards; null where nobody asks for one
  Whereabouts here;
  OtherServices others = {};
  Identity* identity = nullptr;  ///< whose credentials have to last; null where they do not end
};

/// Checks every server, side by side, in the order of `servers`. Changes nothing.
Task<std::vector<Checked>> check_fleet(FleetTools tools, std::vector<SelectedServer> servers,
                                       BackupOptions options, RunId run);

/// An account in a region, as a run has to do with it.
struct FleetSite {
  FleetTools tools;
  BackupOptions options;
};

/// What is done with some of the servers of a fleet: those that the same policies ask for.
struct FleetPart {
  /// One a site. The tools of all parts are those of the same sites; only who observes differs.
  std::vector<FleetSite> sites;
  /// The sets of rules that hold for its servers, by their numbers.
  std::vector<std::size_t> rules;
};

/// The servers of several policies as one fleet.
struct FleetWork {
  std::vector<FleetPart> parts;
  std::vector<FleetRules> rules;
  std::vector<SelectedServer> servers;
  std::vector<std::size_t> part_of;  ///< of each server
  RunId run;
  /// Told of each server when nothing more happens to it; may be empty.
  std::function<void(std::size_t server, const BackupOutcome& outcome)> ended = {};
};

/// How many of its servers may be down at a time, by all sets of rules together.
std::size_t most_down_of(const FleetWork& work);

/// Where the servers of that work wait for their turns.
std::unique_ptr<PitLane> lane_for(const FleetWork& work);

/// Backs up every server of several policies, side by side, each as far as the rules of all of its
/// policies let it be down; see back_up_fleet. The lane is that of the work, and outlives it.
Task<std::vector<BackupOutcome>> back_up_parts(FleetWork work, PitLane& lane);

/// Backs up every server, side by side, as far as the rules let them be down together: those of all
/// sites are one fleet. One server's failure is its own unless the rules say otherwise, and what
/// cannot be recorded is reported, no more. The outcomes are in the order of `servers`.
Task<std::vector<BackupOutcome>> back_up_fleet(std::vector<FleetSite> sites,
                                               std::vector<SelectedServer> servers, RunId run,
                                               FleetRules rules);

}  // namespace pitstop
