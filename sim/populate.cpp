#include "sim/populate.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/packing.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/network.hpp"
#include "sim/api/volume_rules.hpp"
#include "sim/cloud/addresses.hpp"
#include "sim/cloud/billing.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/populate_services.hpp"
#include "sim/scenario/server_names.hpp"

namespace pitstop::sim {
namespace {

/// As long as everything takes while the servers are set up.
constexpr Duration quick = Seconds(1);
constexpr Duration until_settled = Seconds(10);

ServerPace quick_pace() {
  ServerPace pace;
  pace.shutdown = pace.release = pace.boot = always(quick);
  return pace;
}

PlannedVolume planned(const Region& region, const Scenario& scenario, const VolumePlan& plan) {
  PlannedVolume volume;
  volume.device = plan.device;
  volume.size_gib = plan.size_gib;
  volume.type = plan.type;
  volume.encrypted = plan.encrypted;
  volume.kms_key = plan.kms_key.empty() ? "" : id_of_key(region, scenario, plan.kms_key);
  volume.delete_on_termination = plan.delete_on_termination;
  volume.tags = plan.tags;
  if (plan.used_gib) {
    volume.used_bytes = static_cast<std::uint64_t>(*plan.used_gib * (1 << 30));
  }
  volume.mib_per_second_written = plan.writes_mib_per_second;
  volume.snapshot_pace = plan.snapshot_pace;
  choose_key(region, volume);
  return volume;
}

void choose_place(const Region& region, const ServerPlan& plan, InstanceSettings& settings) {
  settings.zone = plan.zone.empty() ? region.zones().front() : plan.zone;
  if (const auto subnet = subnet_in_zone(region, settings.zone)) {
    settings.subnet = subnet->id;
    settings.private_ip = next_private_ip(region, *subnet);
  }
  settings.security_groups = {security_group_id(region)};
}

Launch launch_of(const Region& region, const Scenario& scenario, const ServerPlan& plan,
                 int number) {
  Launch launch;
  launch.id = plan.id.value_or(InstanceId());
  auto& settings = launch.settings;
  settings.type = plan.type;
  settings.outpost = plan.outpost;
  settings.stop_protection = plan.stop_protection;
  settings.public_ip_on_start = plan.public_ip;
  settings.hibernation = plan.hibernation;
  settings.ssm_agent = plan.ssm_agent;
  settings.boot_mode = plan.boot_mode;
  if (settings.boot_mode.starts_with("uefi")) {
    settings.uefi_data = base64("the variables of " + plan.name);
  }
  const auto billing = std::ranges::find(billings(), plan.platform, &Billing::platform_details);
  if (billing != billings().end()) {
    settings.platform_details = billing->platform_details;
    settings.usage_operation = billing->usage_operation;
  }
  choose_place(region, plan, settings);
  if (const auto* type = instance_type(plan.type)) {
    settings.cpu_cores = type->cores();
    settings.threads_per_core = type->threads_per_core;
    settings.architecture = type->architecture;
  }
  if (!plan.volumes.empty()) {
    settings.root_device_name = plan.volumes.front().device;
  }
  for (const auto& volume : plan.volumes) {
    launch.volumes.push_back(planned(region, scenario, volume));
  }
  launch.tags = plan.tags;
  if (!plan.name.empty()) {
    launch.tags["Name"] = server_name(plan, number);
  }
  launch.pace = quick_pace();
  return launch;
}

struct Server {
  InstanceId id;
  const ServerPlan& plan;
};

std::vector<Server> launch_all(Region& region, const Scenario& scenario) {
  std::vector<Server> servers;
  for (const auto& plan : scenario.servers) {
    if ((plan.region.empty() ? scenario.region : plan.region) != region.name) {
      continue;
    }
    for (int number = 1; number <= plan.count; ++number) {
      auto launched = launch_instance(region, launch_of(region, scenario, plan, number));
      CHECK(launched.has_value());  // a scenario is checked when it is read
      servers.push_back({*std::move(launched), plan});
    }
  }
  return servers;
}

/// What can be done only when it runs.
void make_as_planned(Region& region, const Server& server) {
  const auto& [id, plan] = server;
  if (plan.elastic_ip) {
    CHECK(associate_address(region, allocate_address(region, {}), id).has_value());
  }
  if (plan.stopped) {
    auto& settings = region.instances.at(id).settings;
    settings.stop_protection = false;
    CHECK(stop_instances(region, {id}, StopManner::orderly).has_value());
    settings.stop_protection = plan.stop_protection;
  }
}

/// From now on it takes its time, and has always been as it is.
void settle_down(Region& region, const Server& server, Instant begin) {
  auto& instance = region.instances.at(server.id);
  instance.pace = server.plan.pace;
  instance.random = region.chance_for(server.id.str());
  instance.starts_that_fall_back = server.plan.starts_that_fall_back;
  instance.settings.managed_by = server.plan.managed_by;
  if (server.plan.forgets_billing) {
    for (const auto& attachment : instance.attachments) {
      region.volumes.at(attachment.volume).billing.reset();
    }
  }
  if (!server.plan.spot.empty()) {
    instance.settings.lifecycle = "spot";
    instance.settings.spot_request = region.new_id("sir");
    instance.settings.spot_is_persistent = server.plan.spot == "persistent";
  }
  for (const auto& event : server.plan.events) {
    instance.events.push_back(
        {region.new_id("instance-event"), event.code, event.description, begin + event.after});
  }
  if (server.plan.elastic_ip) {
    CHECK(associate_address(region, allocate_address(region, {}), server.id).has_value());
  }
  instance.history.erase(instance.history.begin(), std::prev(instance.history.end()));
}

}  // namespace

void set_up(Region& region, const Scenario& scenario, Instant begin) {
  region.server_pace = scenario.server_pace;
  region.snapshot_pace = scenario.snapshot_pace;
  for (const auto& plan : scenario.shortages) {
    region.shortages.push_back(
        {plan.instance_type, plan.zone, begin + plan.from, begin + plan.until});
  }
}

void populate(Region& region, const Scenario& scenario, Instant begin) {
  const auto servers = launch_all(region, scenario);
  region.schedule.advance(region.now() + until_settled);
  for (const auto& server : servers) {
    make_as_planned(region, server);
  }
  region.schedule.advance(region.now() + until_settled);
  for (const auto& server : servers) {
    settle_down(region, server, begin);
  }
}

}  // namespace pitstop::sim
