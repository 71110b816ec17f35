#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/image_view.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/instance_view.hpp"
#include "sim/api/launch_request.hpp"
#include "sim/api/network.hpp"
#include "sim/api/xml.hpp"

namespace pitstop::sim::actions {
namespace {

/// The image's, with what the call says of the machine laid over it.
void take_machine(InstanceSettings& settings, const Image& image, const LaunchRequest& request) {
  const auto& machine = image.settings;
  settings.image = request.image;
  settings.architecture = machine.architecture;
  settings.virtualization = machine.virtualization;
  settings.boot_mode = machine.boot_mode;
  settings.tpm_support = machine.tpm_support;
  settings.uefi_data = machine.uefi_data;
  settings.platform_details = machine.platform_details;
  settings.usage_operation = machine.usage_operation;
  settings.root_device_name = machine.root_device_name;
  settings.root_device_type = machine.root_device_type;
  settings.ena_support = machine.ena_support;
  settings.sriov_net_support = image.sriov_net_support;
  const auto& type = *instance_type(settings.type);
  settings.cpu_cores = request.cpu_cores.value_or(type.cores());
  settings.threads_per_core = request.threads_per_core.value_or(type.threads_per_core);
  settings.ebs_optimized = request.ebs_optimized.value_or(false);
}

Answer<void> check_machine(const InstanceSettings& settings) {
  const auto& type = *instance_type(settings.type);
  if (type.architecture != settings.architecture) {
    return refuse("InvalidParameterValue",
                  fmt::format("The architecture '{}' of the specified instance type does not match "
                              "the architecture '{}' of the specified AMI. Specify an instance "
                              "type and an AMI that have matching architectures, and try again.",
                              type.architecture, settings.architecture));
  }
  const bool possible = settings.cpu_cores >= 1 && settings.cpu_cores <= type.cores() &&
                        settings.threads_per_core >= 1 &&
                        settings.threads_per_core <= type.threads_per_core;
  if (!possible) {
    return refuse("InvalidParameterValue",
                  fmt::format("{} does not support {} cores with {} threads.", settings.type,
                              settings.cpu_cores, settings.threads_per_core));
  }
  return {};
}

Answer<Subnet> choose_subnet(const Region& region, const LaunchRequest& request) {
  const auto& id = request.settings.subnet;
  const auto zone = request.zone.empty() ? region.zones().front() : request.zone;
  const auto subnet = id.empty() ? subnet_in_zone(region, zone) : subnet_with_id(region, id);
  if (!subnet && !id.empty()) {
    return not_found(subnet_ids, {id});
  }
  if (!subnet) {
    return refuse("InvalidParameterValue",
                  fmt::format("Invalid availability zone: [{}]", printable(zone)));
  }
  if (!request.zone.empty() && subnet->zone != request.zone) {
    return refuse("InvalidParameterValue",
                  fmt::format("The availability zone {} is not that of the subnet {}",
                              printable(request.zone), id));
  }
  return *subnet;
}

Answer<void> choose_place(const Region& region, const LaunchRequest& request,
                          InstanceSettings& settings) {
  TRY(const auto subnet, choose_subnet(region, request));
  settings.subnet = subnet.id;
  settings.zone = subnet.zone;
  if (settings.security_groups.empty()) {
    settings.security_groups.push_back(security_group_id(region));
  }
  for (const auto& group : settings.security_groups) {
    if (group != security_group_id(region)) {
      return not_found(security_group_ids, {group});
    }
  }
  const auto& ip = settings.private_ip;
  if (ip.empty()) {
    return {};
  }
  if (!is_ipv4(ip) || request.most > 1) {
    return refuse("InvalidParameterValue",
                  fmt::format("invalid value for parameter privateIpAddress: {}", printable(ip)));
  }
  const bool in_use = std::ranges::any_of(region.instances, [&](const auto& each) {
    return each.second.settings.private_ip == ip &&
           each.second.state() != InstanceState::terminated;
  });
  return in_use ? refuse("InvalidIPAddress.InUse", fmt::format("Address {} is in use.", ip))
                : Answer<void>();
}

std::vector<InstanceId> launched_before(const Region& region, const std::string& token) {
  std::vector<InstanceId> ids;
  if (!token.empty()) {
    for (const auto& [id, instance] : region.instances) {
      if (instance.settings.client_token == token) {
        ids.push_back(id);
      }
    }
  }
  return ids;
}

Answer<void> check_repetition(const Region& region, const InstanceId& before,
                              const LaunchRequest& request) {
  const auto& instance = region.instances.at(before);
  if (instance.state() == InstanceState::terminated) {
    return refuse("IdempotentInstanceTerminated",
                  fmt::format("The client token was used for the instance '{}', which has been "
                              "terminated.",
                              before.str()));
  }
  const auto& settings = instance.settings;
  if (settings.type != request.settings.type || settings.image != request.image) {
    return refuse("IdempotentParameterMismatch",
                  "Arguments on this idempotent request are inconsistent with arguments used in "
                  "previous request(s).");
  }
  return {};
}

/// Takes back what could be launched of too few.
void give_up(Region& region, const std::vector<InstanceId>& ids) {
  for (const auto& id : ids) {
    region.instances.at(id).settings.termination_protection = false;
  }
  (void)sim::terminate_instances(region, ids);
}

/// Those that were counted and not named.
void draw_addresses(const Region& region, InstanceSettings& settings,
                    const LaunchRequest& request) {
  const auto number = region.instances.size();
  if (request.secondary_ips > 0) {
    settings.secondary_ips.clear();
  }
  for (int i = 0; i < request.secondary_ips; ++i) {
    settings.secondary_ips.push_back(fmt::format("172.31.250.{}", 2 * number + i));
  }
  if (request.ipv6_addresses > 0) {
    settings.ipv6_addresses.clear();
  }
  for (int i = 0; i < request.ipv6_addresses; ++i) {
    settings.ipv6_addresses.push_back(fmt::format("2600:1f18::{:x}:{:x}", number, i + 1));
  }
}

/// As many as there is room for, if that is enough.
Answer<std::vector<InstanceId>> launch(Region& region, Launch launch,
                                       const LaunchRequest& request) {
  const bool address_given = !launch.settings.private_ip.empty();
  const auto subnet = *subnet_with_id(region, launch.settings.subnet);
  launch.settings.reservation = region.new_id("r");
  std::vector<InstanceId> ids;
  while (std::ssize(ids) < request.most) {
    if (!address_given) {
      launch.settings.private_ip = next_private_ip(region, subnet);
    }
    draw_addresses(region, launch.settings, request);
    const auto launched = launch_instance(region, launch);
    if (!launched && std::ssize(ids) >= request.least) {
      break;
    }
    if (!launched) {
      give_up(region, ids);
      return std::unexpected(launched.error());
    }
    // All of them have it: by now it must not make the next one the same as this one.
    region.instances.at(*launched).settings.client_token = request.client_token;
    ++launch.settings.launch_index;
    ids.push_back(*launched);
  }
  return ids;
}

Answer<std::vector<InstanceId>> launch(Region& region, const LaunchRequest& request) {
  if (auto before = launched_before(region, request.client_token); !before.empty()) {
    TRY_STATUS(check_repetition(region, before.front(), request));
    return before;
  }
  TRY(const auto* const image, find_any_image(region, request.image));
  const auto state = SeenImage{region, *image, region.now()}.state();
  if (state != "available") {
    return refuse("InvalidAMIID.Unavailable",
                  fmt::format("The image ID '{}' is not available", request.image.str()));
  }
  Launch plan;
  plan.settings = request.settings;
  take_machine(plan.settings, *image, request);
  TRY_STATUS(check_machine(plan.settings));
  TRY_STATUS(choose_place(region, request, plan.settings));
  TRY(plan.volumes, plan_volumes(region, *image, request.devices));
  const auto find = [&](std::string_view type) {
    const auto found = request.tags.find(type);
    return found == request.tags.end() ? Tags() : found->second;
  };
  plan.tags = find("instance");
  for (auto& volume : plan.volumes) {
    volume.tags = find("volume");
  }
  return launch(region, std::move(plan), request);
}

}  // namespace

Answer<void> run_instances(ActionCall& call) {
  TRY(const auto request, read_launch(call));
  TRY_STATUS(call.admit());
  TRY(const auto ids, launch(call.region, request));
  const auto seen = [&](const InstanceId& id) {
    const auto& instance = call.region.instances.at(id);
    return SeenInstance{call.region, instance, instance.history.back()};
  };
  xml::put(call.answer, "reservationId", seen(ids.front()).reservation());
  xml::put(call.answer, "ownerId", call.region.account);
  call.answer.append_child("groupSet");
  auto set = call.answer.append_child("instancesSet");
  for (const auto& id : ids) {
    write_instance(set.append_child("item"), seen(id));
  }
  return {};
}

}  // namespace pitstop::sim::actions
