#include "simulation/crashes.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "backup/down_tag.hpp"
#include "simulation/promises.hpp"

namespace pitstop::test {
namespace {

std::set<SnapshotId> recorded_snapshots(const SimulatedWorld& world) {
  std::set<SnapshotId> recorded;
  const auto records = world.journal.backups();
  for (const auto& record : records.value()) {
    for (const auto& snapshot : record.snapshots) {
      recorded.insert(snapshot.id);
    }
  }
  return recorded;
}

void check_servers(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, instance] : world.region().instances) {
    const bool found_stopped = instance.history.front().state == sim::InstanceState::stopped;
    if (found_stopped && instance.history.size() > 1) {
      broken.push_back(id.str() + ": was found stopped, and not left alone");
    }
    if (!found_stopped && instance.state() != sim::InstanceState::running) {
      broken.push_back(fmt::format("{}: left {}", id.str(), sim::to_string(instance.state())));
    }
    if (instance.tags.contains(down_tag_key)) {
      broken.push_back(id.str() + ": still has its tag");
    }
  }
}

/// Where the journal is lost with its host, EC2's tags are what tells of them.
void check_snapshots(SimulatedWorld& world, std::vector<std::string>& broken) {
  const auto recorded = recorded_snapshots(world);
  std::map<std::pair<std::string, VolumeId>, int> sets;
  for (const auto& [id, snapshot] : world.region().snapshots) {
    const auto run = snapshot.tags.find("pitstop:run");
    if (run == snapshot.tags.end()) {
      continue;  // what there was before
    }
    if (++sets[{run->second, snapshot.volume}] > 1) {
      broken.push_back(
          fmt::format("{}: a second one of {} by one run", id.str(), snapshot.volume.str()));
    }
    if (!world.host_is_lost && !recorded.contains(id)) {
      broken.push_back(id.str() + ": nobody knows of it");
    }
  }
}

void check_what_lies_about(SimulatedWorld& world, std::vector<std::string>& broken) {
  for (const auto& [id, reservation] : world.region().reservations) {
    if (reservation.state == "active" || reservation.state == "pending") {
      broken.push_back(id + ": the reservation is still there");
    }
  }
  for (const auto& [name, schedule] : world.simulator.schedules()) {
    broken.push_back(name + ": the guard is still there");
  }
  const auto open = world.journal.open_backups();
  for (const auto& backup : open.value()) {
    broken.push_back(backup.instance.str() + ": its backup is still open in the journal");
  }
}

sim::Scenario scenario_of(const Crash& crash) {
  auto scenario = one_quick_server();
  scenario.servers.front().stopped = crash.found_stopped;
  return scenario;
}

}  // namespace

sim::Scenario one_quick_server() {
  sim::Scenario scenario;
  sim::ServerPlan server;
  server.name = "web-1";
  server.pace.shutdown = server.pace.release = server.pace.boot = sim::always(Seconds(1));
  server.volumes = {{.device = "/dev/xvda", .used_gib = 0.1},
                    {.device = "/dev/sdf", .used_gib = 0.1}};
  for (auto& volume : server.volumes) {
    volume.snapshot_pace.lag = volume.snapshot_pace.silence = sim::always(Seconds(1));
  }
  scenario.servers = {server};
  return scenario;
}

std::vector<std::string> left_after_recovery(SimulatedWorld& world) {
  std::vector<std::string> broken;
  check_servers(world, broken);
  check_snapshots(world, broken);
  check_what_lies_about(world, broken);
  const auto false_claims = broken_promises_of_snapshots(world);
  broken.insert(broken.end(), false_claims.begin(), false_claims.end());
  return broken;
}

int moments_of(const Crash& crash) {
  SimulatedWorld world(scenario_of(crash));
  world.back_up(crash.options);
  return world.moments;
}

AfterCrash live_through(const Crash& crash) {
  SimulatedWorld world(scenario_of(crash));
  AfterCrash after;
  world.killing = crash.of_backup;
  if (world.back_up(crash.options)) {
    after.broken.emplace_back("the backup was not killed");
  }
  if (crash.host_is_lost) {
    world.lose_the_host();
  }
  const RecoveryOptions options{.take_over = crash.host_is_lost};
  world.killing = crash.of_recovery;
  const bool killed = !world.recover(options);
  after.moments = world.moments;
  if (killed) {
    world.killing = {};
    world.recover(options);
  }
  // A request that was on its way when its sender was killed has arrived by then.
  world.wait(std::chrono::minutes(5));
  const auto left = left_after_recovery(world);
  after.broken.insert(after.broken.end(), left.begin(), left.end());
  return after;
}

}  // namespace pitstop::test
