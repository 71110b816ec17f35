#include "sim/scenario/server_section.hpp"

#include <fmt/ranges.h>

#include "base/contains.hpp"
#include "sim/cloud/billing.hpp"
#include "sim/scenario/pace_sections.hpp"

namespace pitstop::sim::scenario_file {
namespace {

constexpr auto a_device = R"(a device, such as "/dev/xvda" or "/dev/sdf")";

Status check_volume(const TomlValue& table, const VolumePlan& volume) {
  if (!volume.kms_key.empty() && !volume.encrypted) {
    return fail(
        table.at_best("kms_key").wrong("the volume is not encrypted", "add encrypted = true"));
  }
  if (volume.used_gib && *volume.used_gib > static_cast<double>(volume.size_gib)) {
    return fail(table.at_best("used_gib")
                    .wrong(fmt::format("{} GiB are more than the {} GiB that the volume has",
                                       *volume.used_gib, volume.size_gib)));
  }
  return {};
}

Section<VolumePlan> volume_section() {
  return {
      .keys =
          {
              {"device", into(&VolumePlan::device, text(a_device, is_device)), Presence::required},
              {"size_gib", into(&VolumePlan::size_gib, whole("GiB", 1, 65536))},
              {"type", into(&VolumePlan::type,
                            one_of({"gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"}))},
              {"encrypted", into(&VolumePlan::encrypted, yes_or_no())},
              {"kms_key", into(&VolumePlan::kms_key, text(a_name, is_something))},
              {"used_gib", into(&VolumePlan::used_gib, number("GiB", 0, 65536))},
              {"writes_mib_per_second",
               into(&VolumePlan::writes_mib_per_second, number("MiB", 0, 10000))},
              {"delete_on_termination", into(&VolumePlan::delete_on_termination, yes_or_no())},
              {"tags", into(&VolumePlan::tags, tags())},
              {"pace", within(&VolumePlan::snapshot_pace, group(snapshot_pace_section()))},
          },
      .check = check_volume};
}

/// What the server has for all of its volumes: the pace that they begin with.
VolumePlan first_volume(const ServerPlan& server) {
  return server.volumes.front();
}

Status check_volumes(const TomlValue::List& volumes) {
  return refuse_doubles(volumes, "device");
}

Status check_server(const TomlValue& table, const ServerPlan& server) {
  if (server.id && server.count > 1) {
    return fail(table.at_best("id").wrong(
        fmt::format("{} servers cannot all have the same id", server.count),
        "leave the id out, or write a [[server]] for each"));
  }
  if (server.volumes.empty()) {
    return fail(table.at_best("volume").wrong("a server has at least one volume, its root"));
  }
  const auto zones = {server.region + "a", server.region + "b", server.region + "c"};
  const bool beyond = server.zone.starts_with(server.region + "-");  // in a Local Zone
  if (!server.zone.empty() && !contains(zones, server.zone) && !beyond) {
    return fail(
        table.at_best("zone").wrong(fmt::format("{} is not in {}", server.zone, server.region),
                                    fmt::format("zones there: {}", fmt::join(zones, ", "))));
  }
  return {};
}

Section<EventPlan> event_section() {
  return {.keys = {
              {"code", into(&EventPlan::code,
                            one_of({"instance-reboot", "instance-retirement", "instance-stop",
                                    "system-maintenance", "system-reboot"}))},
              {"description", into(&EventPlan::description, text("a text", is_something))},
              {"after", into(&EventPlan::after, duration())},
          }};
}

Read<ServerPlan> events() {
  return list<ServerPlan, EventPlan>(
      &ServerPlan::events, event_section(), [](const ServerPlan&) { return EventPlan(); },
      [](const TomlValue::List&) { return Status(); });
}

std::vector<std::string> platforms() {
  std::vector<std::string> names;
  for (const auto& billing : billings()) {
    names.push_back(billing.platform_details);
  }
  return names;
}

Section<ServerPlan> server_section() {
  return {
      .keys =
          {
              {"name", into(&ServerPlan::name, text(a_name, is_something)), Presence::required},
              {"count", into(&ServerPlan::count, whole("", 1, 10000))},
              {"id", into(&ServerPlan::id, instance_id())},
              {"region", into(&ServerPlan::region, text(a_region, is_region))},
              {"zone", into(&ServerPlan::zone, text(a_zone, is_zone))},
              {"outpost", into(&ServerPlan::outpost, text("the ARN of an Outpost", is_something))},
              {"type", into(&ServerPlan::type, text(an_instance_type, is_instance_type))},
              {"stopped", into(&ServerPlan::stopped, yes_or_no())},
              {"stop_protection", into(&ServerPlan::stop_protection, yes_or_no())},
              {"public_ip", into(&ServerPlan::public_ip, yes_or_no())},
              {"elastic_ip", into(&ServerPlan::elastic_ip, yes_or_no())},
              {"ssm_agent", into(&ServerPlan::ssm_agent, yes_or_no())},
              {"hibernation", into(&ServerPlan::hibernation, yes_or_no())},
              {"platform", into(&ServerPlan::platform, one_of(platforms()))},
              {"forgets_billing", into(&ServerPlan::forgets_billing, yes_or_no())},
              {"boot_mode",
               into(&ServerPlan::boot_mode, one_of({"legacy-bios", "uefi", "uefi-preferred"}))},
              {"spot", into(&ServerPlan::spot, one_of({"persistent", "one-time"}))},
              {"managed_by", into(&ServerPlan::managed_by,
                                  text(R"(a service, such as "eks.amazonaws.com")", is_something))},
              {"event", events()},
              {"starts_that_fall_back",
               into(&ServerPlan::starts_that_fall_back, whole("", 0, 1000))},
              {"tags", into(&ServerPlan::tags, tags())},
              {"pace", within(&ServerPlan::pace, group(server_pace_section()))},
              {"volume", list<ServerPlan, VolumePlan>(&ServerPlan::volumes, volume_section(),
                                                      first_volume, check_volumes)},
          },
      .check = check_server};
}

ServerPlan first_plan(const Scenario& scenario) {
  ServerPlan plan;
  plan.region = scenario.region;
  plan.pace = scenario.server_pace;
  plan.volumes.front().snapshot_pace = scenario.snapshot_pace;
  return plan;
}

Status check_servers(const TomlValue::List& servers) {
  return refuse_doubles(servers, "id");
}

}  // namespace

Read<Scenario> servers() {
  return list<Scenario, ServerPlan>(&Scenario::servers, server_section(), first_plan,
                                    check_servers);
}

}  // namespace pitstop::sim::scenario_file
