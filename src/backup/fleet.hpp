#pragma once

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

/// Backs up every server, side by side, as far as the rules let them be down together: those of all
/// sites are one fleet. One server's failure is its own unless the rules say otherwise, and what
/// cannot be recorded is reported, no more. The outcomes are in the order of `servers`.
Task<std::vector<BackupOutcome>> back_up_fleet(std::vector<FleetSite> sites,
                                               std::vector<SelectedServer> servers, RunId run,
                                               FleetRules rules);

}  // namespace pitstop
