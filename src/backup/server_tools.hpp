#pragma once

#include "backup/fleet.hpp"
#include "ec2/counting_caller.hpp"
#include "ec2/retrying_caller.hpp"

/// What a fleet shares, and what each of its servers has for itself.
namespace pitstop {

/// One server's own way to EC2: its calls are counted and retried apart from the others'.
struct OwnCaller {
  explicit OwnCaller(FleetTools tools)
      : counting(tools.wire), retrying(counting, tools.clock, tools.random, tools.usual_patience) {}

  ec2::CountingCaller counting;
  ec2::RetryingCaller retrying;
};

/// The looks that all servers share.
struct Watches {
  explicit Watches(const FleetTools& tools)
      : instances(tools.wire, tools.clock), snapshots(tools.wire, tools.clock) {}

  ec2::Watch<ec2::Instance> instances;
  ec2::Watch<ec2::Snapshot> snapshots;
};

/// All of it must outlive the tools.
inline Tools tools_of_a_server(const FleetTools& fleet, OwnCaller& own, Watches& watches,
                               Semaphore& pit_lane) {
  return {own.retrying,   watches.instances,  watches.snapshots, fleet.clock,   fleet.random,
          fleet.observer, fleet.interruption, pit_lane,          fleet.logbook, fleet.scheduler,
          fleet.here,     fleet.identity,     fleet.others};
}

}  // namespace pitstop
