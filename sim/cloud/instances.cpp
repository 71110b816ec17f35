#include "sim/cloud/instances.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/result.hpp"
#include "sim/cloud/addresses.hpp"
#include "sim/cloud/reservations.hpp"
#include "sim/cloud/transitions.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim {
namespace {

const Reason by_user{"Client.UserInitiatedShutdown",
                     "Client.UserInitiatedShutdown: User initiated shutdown", "User initiated"};
const Reason by_guest{"Client.InstanceInitiatedShutdown",
                      "Client.InstanceInitiatedShutdown: Instance initiated shutdown", ""};

std::unexpected<ApiError> wrong_state(const InstanceId& id, std::string_view to_be) {
  return refuse(
      "IncorrectInstanceState",
      fmt::format("The instance '{}' is not in a state from which it can be {}.", id.str(), to_be));
}

std::unexpected<ApiError> protected_from(std::string_view what, const InstanceId& id,
                                         std::string_view attribute) {
  return refuse("OperationNotPermitted",
                fmt::format("The instance '{}' may not be {}. Modify its '{}' instance attribute "
                            "and try again.",
                            id.str(), what, attribute));
}

Answer<std::vector<Instance*>> find_all(Region& region, const std::vector<InstanceId>& ids) {
  std::vector<Instance*> found;
  std::vector<std::string> missing;
  for (const auto& id : ids) {
    if (auto instance = find_instance(region, id)) {
      found.push_back(*instance);
    } else {
      missing.push_back(id.str());
    }
  }
  if (missing.size() == 1) {
    return refuse("InvalidInstanceID.NotFound",
                  fmt::format("The instance ID '{}' does not exist", missing.front()));
  }
  if (!missing.empty()) {
    return refuse("InvalidInstanceID.NotFound",
                  fmt::format("The instance IDs '{}' do not exist", fmt::join(missing, ", ")));
  }
  return found;
}

Answer<void> may_stop(const Instance& instance) {
  const auto& settings = instance.settings;
  if (!settings.managed_by.empty()) {
    return refuse("OperationNotPermitted", fmt::format("The instance '{}' is managed by {}.",
                                                       instance.id.str(), settings.managed_by));
  }
  if (settings.lifecycle == "spot" && !settings.spot_is_persistent) {
    return refuse("UnsupportedOperation",
                  fmt::format("You can't stop the Spot Instance '{}' because it is associated with "
                              "a one-time Spot Instance request.",
                              instance.id.str()));
  }
  switch (instance.state()) {
    case InstanceState::terminated:
    case InstanceState::shutting_down:
      return wrong_state(instance.id, "stopped");
    case InstanceState::pending:
      return refuse("IncorrectInstanceState",
                    fmt::format("Instance '{}' cannot be stopped as it has never reached the "
                                "'running' state.",
                                instance.id.str()));
    case InstanceState::running:
    case InstanceState::stopping:
    case InstanceState::stopped:
      break;
  }
  if (instance.settings.root_device_type == "instance-store") {
    return refuse("UnsupportedOperation",
                  fmt::format("The instance '{}' does not have an 'ebs' root device type and "
                              "cannot be stopped.",
                              instance.id.str()));
  }
  if (instance.settings.stop_protection) {
    return protected_from("stopped", instance.id, "disableApiStop");
  }
  return {};
}

Answer<void> may_start(Region& region, const Instance& instance) {
  switch (instance.state()) {
    case InstanceState::running:
    case InstanceState::pending:
      return {};
    case InstanceState::stopping:
    case InstanceState::shutting_down:
    case InstanceState::terminated:
      return wrong_state(instance.id, "started");
    case InstanceState::stopped:
      break;
  }
  const auto& root = instance.settings.root_device_name;
  const bool has_root = std::ranges::any_of(instance.attachments, [&](const Attachment& each) {
    return is_root_device(instance.settings, each.device);
  });
  if (!has_root) {
    return refuse("InvalidParameterValue",
                  fmt::format("Invalid value '{}' for instanceId. Instance does not have a volume "
                              "attached at root ({})",
                              instance.id.str(), root));
  }
  if (!has_place(region, instance)) {
    return refuse("InsufficientInstanceCapacity",
                  fmt::format("We currently do not have sufficient {} capacity in the Availability "
                              "Zone you requested ({}). Our system will be working on provisioning "
                              "additional capacity.",
                              instance.settings.type, instance.settings.zone),
                  500);
  }
  return {};
}

void stop(Region& region, Instance& instance, StopManner manner) {
  if (instance.state() == InstanceState::running) {
    shut_down(region, instance, manner, by_user);
  } else if (instance.state() == InstanceState::stopping && manner != StopManner::orderly &&
             !instance.quiet_since) {
    hasten(region, instance, manner);
  }
}

void terminated(Region& region, Instance& instance) {
  enter(region, instance, InstanceState::terminated, by_user);
  instance.public_ip.clear();
  if (const auto* address = address_of(region, instance.id)) {
    auto& freed = region.addresses.at(address->allocation);
    freed.instance.reset();
    freed.association.clear();
  }
  for (const auto& attachment : instance.attachments) {
    auto& volume = region.volumes.at(attachment.volume);
    std::erase(volume.attached_to, instance.id);
    if (attachment.delete_on_termination) {
      volume.deleted = region.now();
    }
  }
  instance.attachments.clear();
}

void terminate(Region& region, Instance& instance) {
  if (instance.state() == InstanceState::terminated ||
      instance.state() == InstanceState::shutting_down) {
    return;
  }
  enter(region, instance, InstanceState::shutting_down, by_user);
  if (!instance.quiet_since) {
    fall_silent(region, instance, FileSystem::cut_off);
  }
  unless_changed(region, instance, instance.pace.shutdown.draw(instance.random), terminated);
}

/// Does `change` to all of them and tells what it did.
template <class Change>
std::vector<Transition> transitions(const std::vector<Instance*>& instances, Change change) {
  std::vector<Transition> done;
  for (auto* instance : instances) {
    Transition transition{instance->id, instance->state(), {}};
    change(*instance);
    transition.after = instance->state();
    done.push_back(std::move(transition));
  }
  return done;
}

Answer<void> attach_new_volumes(Region& region, Instance& instance,
                                const std::vector<PlannedVolume>& plans) {
  for (const auto& plan : plans) {
    TRY(const auto volume, create_volume(region, plan, instance.settings.zone, ""));
    instance.attachments.push_back({plan.device, volume, plan.delete_on_termination, region.now()});
    auto& made = region.volumes.at(volume);
    made.outpost = instance.settings.outpost;
    made.attached_to.push_back(instance.id);
    const auto& settings = instance.settings;
    if (plan.device == settings.root_device_name && plan.snapshot.empty()) {
      made.billing = {settings.platform_details, settings.usage_operation};
    }
  }
  return {};
}

const Instance* launched_before(const Region& region, const std::string& client_token) {
  if (client_token.empty()) {
    return nullptr;
  }
  for (const auto& [id, instance] : region.instances) {
    if (instance.settings.client_token == client_token) {
      return &instance;
    }
  }
  return nullptr;
}

}  // namespace

Answer<InstanceId> launch_instance(Region& region, Launch launch) {
  if (const auto* same = launched_before(region, launch.settings.client_token)) {
    return same->id;
  }
  Instance instance;
  instance.id = launch.id.empty() ? InstanceId(region.new_id("i")) : std::move(launch.id);
  instance.network_interface = region.new_id("eni");
  instance.settings = std::move(launch.settings);
  instance.tags = std::move(launch.tags);
  instance.pace = launch.pace.value_or(region.server_pace);
  instance.random = region.chance_for(instance.id.str());
  if (!has_place(region, instance)) {
    return refuse("InsufficientInstanceCapacity",
                  fmt::format("We currently do not have sufficient {} capacity in the Availability "
                              "Zone you requested ({}).",
                              instance.settings.type, instance.settings.zone),
                  500);
  }
  if (auto attached = attach_new_volumes(region, instance, launch.volumes); !attached) {
    for (const auto& attachment : instance.attachments) {
      region.volumes.erase(attachment.volume);
    }
    return std::unexpected(std::move(attached).error());
  }
  const auto id = instance.id;
  boot(region, region.instances.emplace(id, std::move(instance)).first->second);
  return id;
}

Answer<std::vector<Transition>> stop_instances(Region& region, const std::vector<InstanceId>& ids,
                                               StopManner manner) {
  TRY(const auto instances, find_all(region, ids));
  for (const auto* instance : instances) {
    TRY_STATUS(may_stop(*instance));
  }
  return transitions(instances, [&](Instance& each) { stop(region, each, manner); });
}

Answer<std::vector<Transition>> start_instances(Region& region,
                                                const std::vector<InstanceId>& ids) {
  TRY(const auto instances, find_all(region, ids));
  for (const auto* instance : instances) {
    TRY_STATUS(may_start(region, *instance));
  }
  return transitions(instances, [&](Instance& each) {
    if (each.state() == InstanceState::stopped) {
      boot(region, each);
    }
  });
}

Answer<std::vector<Transition>> terminate_instances(Region& region,
                                                    const std::vector<InstanceId>& ids) {
  TRY(const auto instances, find_all(region, ids));
  for (const auto* instance : instances) {
    if (instance->settings.termination_protection) {
      return protected_from("terminated", instance->id, "disableApiTermination");
    }
  }
  return transitions(instances, [&](Instance& each) { terminate(region, each); });
}

void shut_down_guest(Region& region, const InstanceId& id) {
  auto& instance = region.instances.at(id);
  if (instance.state() != InstanceState::running) {
    return;
  }
  if (instance.settings.shutdown_behavior == "terminate") {
    terminate(region, instance);
  } else {
    shut_down(region, instance, StopManner::orderly, by_guest);
  }
}

Answer<Instance*> find_instance(Region& region, const InstanceId& id) {
  const auto found = region.instances.find(id);
  if (found == region.instances.end()) {
    return refuse("InvalidInstanceID.NotFound",
                  fmt::format("The instance ID '{}' does not exist", id.str()));
  }
  return &found->second;
}

}  // namespace pitstop::sim
