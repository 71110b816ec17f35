#include "sim/truth_json.hpp"

#include <nlohmann/json.hpp>

#include "sim/cloud/fast_restores.hpp"
#include "sim/cloud/truth.hpp"
#include "sim/state_json.hpp"

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

Json length_json(std::optional<Duration> length) {
  return length ? Json(seconds(*length)) : Json();
}

Json outage_json(const Outage& outage, Simulator& simulator) {
  const auto moment = [&](std::optional<Instant> when) { return moment_json(simulator, when); };
  const auto downtime = outage.downtime();
  const auto limit = outage.limit();
  auto snapshots = Json::array();
  for (const auto& id : outage.snapshots) {
    snapshots.push_back(id.str());
  }
  return {{"stop_accepted", moment(outage.stop_accepted)},
          {"stopped", moment(outage.stopped)},
          {"clean", outage.clean},
          {"snapshots", snapshots},
          {"snapshots_made", moment(outage.snapshots_made)},
          {"past_zero", moment(outage.past_zero)},
          {"completed", moment(outage.completed)},
          {"start_accepted", moment(outage.start_accepted)},
          {"running", moment(outage.running)},
          {"downtime_seconds", length_json(downtime)},
          {"limit_seconds", length_json(limit)},
          {"overhead_seconds", downtime && limit ? length_json(*downtime - *limit) : Json()},
          {"limit_of_waiting_seconds", length_json(outage.limit_of_waiting())}};
}

Json instance_json(const Region& region, const Instance& instance, Simulator& simulator) {
  auto outages = Json::array();
  for (const auto& outage : outages_of(region, instance.id)) {
    outages.push_back(outage_json(outage, simulator));
  }
  const auto name = instance.tags.find("Name");
  return {{"instance_id", instance.id.str()},
          {"name", name == instance.tags.end() ? Json() : Json(name->second)},
          {"region", region.name},
          {"outages", outages}};
}

Json snapshot_json(const Region& region, const Snapshot& snapshot, Simulator& simulator) {
  const auto moment = [&](std::optional<Instant> when) { return moment_json(simulator, when); };
  return {{"snapshot_id", snapshot.id.str()},
          {"volume_id", snapshot.volume.str()},
          {"region", region.name},
          {"at_rest", caught_at_rest(snapshot)},
          {"lineage", snapshot.caught.lineage},
          {"writes", snapshot.caught.writes},
          {"file_system", to_string(snapshot.caught.file_system)},
          {"created", moment(snapshot.created)},
          {"past_zero", moment(past_zero(snapshot))},
          {"ended", moment(snapshot.ended)},
          {"failed", snapshot.failed},
          {"deleted", moment(snapshot.deleted)}};
}

Json fast_restore_json(const Region& region, const FastRestore& fast, Simulator& simulator) {
  const auto hours =
      std::chrono::duration<double, std::ratio<3600>>(charged(fast, region.now())).count();
  return {{"snapshot_id", fast.snapshot.str()},
          {"region", region.name},
          {"zone", fast.zone},
          {"state", to_string(fast.state_at(region.now()))},
          {"enabling", moment_json(simulator, fast.enabling)},
          {"disabling", moment_json(simulator, fast.disabling)},
          {"charged_hours", hours}};
}

Json ids_json(const std::vector<InstanceId>& ids) {
  auto all = Json::array();
  for (const auto& id : ids) {
    all.push_back(id.str());
  }
  return all;
}

Json invocation_json(const Region& region, const Invocation& invocation, Simulator& simulator) {
  return {{"schedule", invocation.schedule},
          {"region", region.name},
          {"at", moment_json(simulator, invocation.at)},
          {"instances", ids_json(invocation.instances)},
          {"error", invocation.error.empty() ? Json() : Json(invocation.error)},
          {"started", ids_json(invocation.started)}};
}

void add_scheduler(Json& truth, const Region& region, Simulator& simulator) {
  const auto& scheduler = simulator.scheduler(region.name);
  for (const auto& [name, schedule] : scheduler.schedules()) {
    truth["schedules_left"].push_back({{"schedule", name}, {"region", region.name}});
  }
  for (const auto& invocation : scheduler.invocations()) {
    truth["invocations"].push_back(invocation_json(region, invocation, simulator));
  }
}

void add_truth_of_services(Json& truth, const Region& region, Simulator& simulator) {
  for (const auto& each : simulator.auto_scaling(region.name).replacements()) {
    truth["replacements"].push_back(
        {{"group", each.group},
         {"region", region.name},
         {"at", moment_json(simulator, each.at)},
         {"instance", each.instance.str()},
         {"successor", each.successor.empty() ? Json() : Json(each.successor.str())}});
  }
  for (const auto& each : simulator.load_balancing(region.name).cut_targets()) {
    truth["cut_targets"].push_back({{"target_group", each.group},
                                    {"region", region.name},
                                    {"at", moment_json(simulator, each.at)},
                                    {"target", each.target.id},
                                    {"port", each.target.port},
                                    {"state", each.state}});
  }
}

}  // namespace

Json truth_json(Simulator& simulator, const Faults& faults) {
  simulator.region();  // lets everything happen that is due by now
  Json truth = {{"now", moment_json(simulator, simulator.schedule().now())},
                {"instances", Json::array()},
                {"snapshots", Json::array()},
                {"fast_restores", Json::array()},
                {"schedules_left", Json::array()},
                {"invocations", Json::array()},
                {"replacements", Json::array()},
                {"cut_targets", Json::array()},
                {"calls", simulator.all_calls()},
                {"unused_faults", faults.unused()}};
  for (const auto& [name, region] : simulator.regions()) {
    for (const auto& [id, instance] : region.instances) {
      truth["instances"].push_back(instance_json(region, instance, simulator));
    }
    for (const auto& [id, snapshot] : region.snapshots) {
      truth["snapshots"].push_back(snapshot_json(region, snapshot, simulator));
    }
    for (const auto& [key, fast] : region.fast_restores) {
      truth["fast_restores"].push_back(fast_restore_json(region, fast, simulator));
    }
    add_scheduler(truth, region, simulator);
    add_truth_of_services(truth, region, simulator);
  }
  return truth;
}

}  // namespace pitstop::sim
