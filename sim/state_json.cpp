#include "sim/state_json.hpp"

#include <nlohmann/json.hpp>

#include "sim/cloud/addresses.hpp"
#include "sim/cloud/images.hpp"
#include "sim/cloud/reservations.hpp"
#include "sim/cloud/volumes.hpp"
#include "sim/scheduler/schedule_json.hpp"
#include "sim/services_json.hpp"

namespace pitstop::sim {
namespace {

using Json = nlohmann::ordered_json;

Json instance_json(const Instance& instance, const Region& region, Simulator& simulator) {
  auto volumes = Json::array();
  for (const auto& attachment : instance.attachments) {
    volumes.push_back({{"device", attachment.device},
                       {"volume_id", attachment.volume.str()},
                       {"delete_on_termination", attachment.delete_on_termination}});
  }
  const auto& now = instance.history.back();
  const auto* elastic = address_of(region, instance.id);
  return {{"instance_id", instance.id.str()},
          {"state", to_string(now.state)},
          {"since", moment_json(simulator, now.at)},
          {"state_reason", now.reason_code},
          {"type", instance.settings.type},
          {"zone", instance.settings.zone},
          {"image_id", instance.settings.image.str()},
          {"private_ip", instance.settings.private_ip},
          {"public_ip", elastic == nullptr ? instance.public_ip : elastic->public_ip},
          {"stop_protection", instance.settings.stop_protection},
          {"starts_that_fall_back", instance.starts_that_fall_back},
          {"volumes", volumes},
          {"tags", instance.tags}};
}

Json volume_json(Volume volume, Region& region) {
  settle(region, volume);  // a copy: to look changes nothing
  auto attached = Json::array();
  for (const auto& instance : volume.attached_to) {
    attached.push_back(instance.str());
  }
  auto pending = Json::array();
  for (const auto& snapshot : volume.pending) {
    pending.push_back(snapshot.str());
  }
  return {{"volume_id", volume.id.str()},
          {"size_gib", volume.size_gib},
          {"type", volume.type},
          {"zone", volume.zone},
          {"encrypted", volume.encrypted},
          {"made_from", volume.made_from.str()},
          {"fast_restored", volume.fast_restored},
          {"attached_to", attached},
          {"lineage", volume.contents.lineage},
          {"writes", volume.contents.writes},
          {"file_system", to_string(volume.contents.file_system)},
          {"used_bytes", volume.used_bytes},
          {"pending_snapshots", pending},
          {"tags", volume.tags}};
}

Json snapshot_json(const Snapshot& snapshot, Simulator& simulator, Instant now) {
  return {{"snapshot_id", snapshot.id.str()},
          {"volume_id", snapshot.volume.str()},
          {"description", snapshot.description},
          {"state", to_string(snapshot.state_at(now))},
          {"progress", snapshot.progress_at(now)},
          {"created", moment_json(simulator, snapshot.created)},
          {"size_gib", snapshot.size_gib},
          {"encrypted", snapshot.encrypted},
          {"shared_with", snapshot.shared_with},
          {"tags", snapshot.tags}};
}

Json image_json(const Image& image, const Region& region, Simulator& simulator) {
  auto volumes = Json::array();
  for (const auto& volume : image.volumes) {
    volumes.push_back({{"device", volume.device},
                       {"snapshot_id", volume.snapshot.str()},
                       {"size_gib", volume.size_gib}});
  }
  return {{"image_id", image.id.str()},
          {"name", image.name},
          {"description", image.description},
          {"state", image_state(region, image, region.now())},
          {"created", moment_json(simulator, image.created)},
          {"volumes", volumes},
          {"tags", image.tags}};
}

Json address_json(const Address& address) {
  return {{"allocation_id", address.allocation},
          {"public_ip", address.public_ip},
          {"instance_id", address.instance ? Json(address.instance->str()) : Json()},
          {"tags", address.tags}};
}

Json reservation_json(const CapacityReservation& reservation, const Region& region) {
  return {{"reservation_id", reservation.id}, {"instance_type", reservation.instance_type},
          {"zone", reservation.zone},         {"state", reservation.state},
          {"total", reservation.total},       {"available", available_places(region, reservation)},
          {"tags", reservation.tags}};
}

Json event_schedule_json(const EventSchedule& schedule, Simulator& simulator) {
  const auto time = [](std::optional<WallTime> when) {
    return when ? Json(rfc3339(*when)) : Json();
  };
  auto instances = Json::array();
  for (const auto& id : schedule.instances) {
    instances.push_back(id.str());
  }
  return {{"name", schedule.name},
          {"description", schedule.description},
          {"expression", schedule.expression},
          {"start", time(schedule.start)},
          {"end", time(schedule.end)},
          {"state", state_of(schedule)},
          {"delete_after_completion", schedule.delete_after_completion},
          {"role_arn", schedule.role_arn},
          {"instances", instances},
          {"created", moment_json(simulator, schedule.created)}};
}

void add_event_schedules(Json& all, const Region& region, Simulator& simulator) {
  for (const auto& [name, schedule] : simulator.scheduler(region.name).schedules()) {
    all["schedules"].push_back(event_schedule_json(schedule, simulator));
  }
}

Json region_json(Region& region, Simulator& simulator) {
  Json all = {{"instances", Json::array()},     {"volumes", Json::array()},
              {"snapshots", Json::array()},     {"images", Json::array()},
              {"addresses", Json::array()},     {"capacity_reservations", Json::array()},
              {"schedules", Json::array()},     {"auto_scaling_groups", Json::array()},
              {"target_groups", Json::array()}, {"kms_keys", Json::array()}};
  for (const auto& [id, instance] : region.instances) {
    all["instances"].push_back(instance_json(instance, region, simulator));
  }
  for (const auto& [id, volume] : region.volumes) {
    if (!volume.deleted) {
      all["volumes"].push_back(volume_json(volume, region));
    }
  }
  for (const auto& [id, snapshot] : region.snapshots) {
    if (!snapshot.deleted) {
      all["snapshots"].push_back(snapshot_json(snapshot, simulator, region.now()));
    }
  }
  for (const auto& [id, image] : region.images) {
    if (!image.deregistered) {
      all["images"].push_back(image_json(image, region, simulator));
    }
  }
  for (const auto& [id, address] : region.addresses) {
    all["addresses"].push_back(address_json(address));
  }
  for (const auto& [id, reservation] : region.reservations) {
    all["capacity_reservations"].push_back(reservation_json(reservation, region));
  }
  add_event_schedules(all, region, simulator);
  add_services(all, region, simulator);
  return all;
}

}  // namespace

Json moment_json(Simulator& simulator, std::optional<Instant> when) {
  const auto& schedule = simulator.schedule();
  if (!when || *when > schedule.now()) {
    return nullptr;
  }
  const auto begun = schedule.now() - simulator.age();
  return {{"seconds", seconds(*when - begun)}, {"time", rfc3339(schedule.wall(*when))}};
}

Json state_json(Simulator& simulator) {
  simulator.region();  // lets everything happen that is due by now
  Json state = {{"now", moment_json(simulator, simulator.schedule().now())},
                {"seed", simulator.scenario().seed},
                {"account", simulator.scenario().account},
                {"regions", Json::object()}};
  for (const auto& [name, region] : simulator.regions()) {
    state["regions"][name] = region_json(simulator.region(name), simulator);
  }
  return state;
}

}  // namespace pitstop::sim
