#pragma once

#include "backup/fleet.hpp"
#include "ec2/counting_caller.hpp"
#include "ec2/paced_caller.hpp"
#include "ec2/retrying_caller.hpp"

/// What a fleet shares, and what each of its servers has for itself.
namespace pitstop {

/// One server's own way to EC2: its calls are counted and retried apart from the others'.
struct OwnCaller {
  explicit OwnCaller(FleetTools tools)
      : counting(tools.wire),
        paced(counting, tools.pace),
        retrying(paced, tools.clock, tools.random, tools.usual_patience) {}

  ec2::CountingCaller counting;
  ec2::PacedCaller paced;
  ec2::RetryingCaller retrying;
};

/// The looks and the starts that all servers share.
struct SharedCalls {
  explicit SharedCalls(const FleetTools& tools)
      : paced(tools.wire, tools.pace),
        instances(paced, tools.clock),
        snapshots(paced, tools.clock),
        starts(tools.wire, tools.pace, tools.clock, tools.random) {}

  ec2::PacedCaller paced;
  ec2::Watch<ec2::Instance> instances;
  ec2::Watch<ec2::Snapshot> snapshots;
  ec2::StartsTogether starts;
};

/// All of it must outlive the tools.
inline Tools tools_of_a_server(const FleetTools& fleet, OwnCaller& own, SharedCalls& shared,
                               Turn& turn) {
  return {own.retrying,  own.paced,       shared.instances, shared.snapshots,   shared.starts,
          fleet.clock,   fleet.random,    fleet.observer,   fleet.interruption, turn,
          fleet.logbook, fleet.scheduler, fleet.here,       fleet.identity,     fleet.others};
}

}  // namespace pitstop
