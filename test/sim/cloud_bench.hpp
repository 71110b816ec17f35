#pragma once

#include "sim/cloud/instances.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/truth.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::test {

/// A region with one running server, whose every duration is a round number.
class CloudBench {
 public:
  CloudBench() { region.schedule.advance(region.now() + std::chrono::minutes(1)); }

  void pass(Duration length) { schedule.advance(schedule.now() + length); }

  sim::Instance& server() { return region.instances.at(id); }
  sim::InstanceState state() { return server().state(); }
  sim::Volume& volume(std::size_t number = 0) {
    return region.volumes.at(server().attachments.at(number).volume);
  }

  sim::Answer<std::vector<sim::Transition>> stop(
      sim::StopManner manner = sim::StopManner::orderly) {
    return stop_instances(region, {id}, manner);
  }
  sim::Answer<std::vector<sim::Transition>> start() { return start_instances(region, {id}); }
  sim::Answer<SnapshotId> snapshot(std::size_t number = 0) {
    return create_snapshot(region, volume(number).id, {"", {}});
  }

  sim::Schedule schedule{Instant(std::chrono::hours(1)), WallTime(std::chrono::days(20000))};
  sim::Region region{"us-east-1", "123456789012", schedule, 1};
  InstanceId id = launch();

 private:
  InstanceId launch();
};

/// Stops in 11 s (10 of them until the guest is at rest), starts in 20; the power is cut after 240.
sim::ServerPace round_server_pace();

/// Begins after 10 s and copies 100 MiB/s; progress in steps of 10 %.
sim::SnapshotPace round_snapshot_pace();

}  // namespace pitstop::test
