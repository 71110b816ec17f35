#pragma once

#include "backup/fleet.hpp"
#include "backup/pending.hpp"
#include "ec2/counting_caller.hpp"
#include "ec2/paced_caller.hpp"
#include "ec2/retrying_caller.hpp"

/// What a fleet shares, and what each of its servers has for itself.
namespace pitstop {

/// One server's own way to EC2: its calls are counted and retried apart from the others'.
struct OwnCaller {
  explicit OwnCaller(FleetTools tools) : OwnCaller(tools, tools.wire) {}

  OwnCaller(FleetTools tools, ec2::Caller& wire)
      : counting(wire),
        paced(counting, tools.pace),
        retrying(paced, tools.clock, tools.random, tools.usual_patience) {}

  ec2::CountingCaller counting;
  ec2::PacedCaller paced;
  ec2::RetryingCaller retrying;
};

/// How long a call waits for others to come along: the longer the more servers there are, and not
/// at all for one.
inline ec2::TagsTogether::Moments moments_for(std::size_t servers) {
  constexpr std::size_t many = 100;
  const auto part = servers > 1 ? static_cast<int>(std::min(servers, many)) : 0;
  return {.soon = Milliseconds(15) * part, .later = Milliseconds(100) * part};
}

/// The looks, the starts and the tags that all servers share.
struct SharedCalls {
  SharedCalls(const FleetTools& tools, std::size_t servers)
      : silence(tools.clock, tools.observer),
        wire(tools.wire, tools.clock, silence),
        paced(wire, tools.pace),
        retrying(paced, tools.clock, tools.random, tools.usual_patience),
        instances(paced, tools.clock),
        snapshots(paced, tools.clock),
        starts(wire, tools.pace, tools.clock, tools.random),
        tags(retrying, tools.clock, moments_for(servers)),
        pending(retrying, tools.clock, 2 * moments_for(servers).soon) {}

  Silence silence;
  ListeningCaller wire;
  ec2::PacedCaller paced;
  ec2::RetryingCaller retrying;
  ec2::Watch<ec2::Instance> instances;
  ec2::Watch<ec2::Snapshot> snapshots;
  ec2::StartsTogether starts;
  ec2::TagsTogether tags;
  PendingSnapshots pending;
};

/// All of it must outlive the tools.
inline Tools tools_of_a_server(const FleetTools& fleet, OwnCaller& own, SharedCalls& shared,
                               Turn& turn) {
  return {.ec2 = own.retrying,
          .paced = own.paced,
          .instances = shared.instances,
          .snapshots = shared.snapshots,
          .starts = shared.starts,
          .tags = shared.tags,
          .silence = shared.silence,
          .clock = fleet.clock,
          .random = fleet.random,
          .observer = fleet.observer,
          .interruption = fleet.interruption,
          .turn = turn,
          .logbook = fleet.logbook,
          .scheduler = fleet.scheduler,
          .here = fleet.here,
          .identity = fleet.identity,
          .others = fleet.others};
}

}  // namespace pitstop
