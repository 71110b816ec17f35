#include <fmt/format.h>

#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/instances.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim::actions {
namespace {

void write_transitions(xml::Element answer, const std::vector<Transition>& transitions) {
  auto set = answer.append_child("instancesSet");
  for (const auto& transition : transitions) {
    auto item = set.append_child("item");
    xml::put(item, "instanceId", transition.id.str());
    xml::put_state(item, "currentState", transition.after);
    xml::put_state(item, "previousState", transition.before);
  }
}

Answer<void> check_hibernation(Region& region, const std::vector<InstanceId>& ids) {
  for (const auto& id : ids) {
    TRY(const auto* const instance, find_instance(region, id));
    if (!instance->settings.hibernation) {
      return refuse("UnsupportedHibernationConfiguration",
                    fmt::format("The instance '{}' is not configured for hibernation", id.str()));
    }
  }
  return {};
}

}  // namespace

Answer<void> stop_instances(ActionCall& call) {
  TRY(const auto ids, read_ids<InstanceId>(call.form, "InstanceId"));
  TRY(const bool hibernate, call.form.boolean("Hibernate"));
  TRY(const bool force, call.form.boolean("Force"));
  TRY(const bool skip_shutdown, call.form.boolean("SkipOsShutdown"));
  TRY_STATUS(call.admit());
  if (hibernate) {
    TRY_STATUS(check_hibernation(call.region, ids));
  }
  const auto manner = skip_shutdown ? StopManner::abrupt
                      : force       ? StopManner::forced
                                    : StopManner::orderly;
  TRY(const auto stopped, sim::stop_instances(call.region, ids, manner));
  write_transitions(call.answer, stopped);
  return {};
}

Answer<void> start_instances(ActionCall& call) {
  TRY(const auto ids, read_ids<InstanceId>(call.form, "InstanceId"));
  call.form.text("AdditionalInfo");
  TRY_STATUS(call.admit());
  TRY(const auto started, sim::start_instances(call.region, ids));
  write_transitions(call.answer, started);
  return {};
}

Answer<void> terminate_instances(ActionCall& call) {
  TRY(const auto ids, read_ids<InstanceId>(call.form, "InstanceId"));
  TRY_STATUS(call.form.boolean("Force"));
  TRY_STATUS(call.form.boolean("SkipOsShutdown"));
  TRY_STATUS(call.admit());
  TRY(const auto terminated, sim::terminate_instances(call.region, ids));
  write_transitions(call.answer, terminated);
  return {};
}

Answer<void> reboot_instances(ActionCall& call) {
  TRY(const auto ids, read_ids<InstanceId>(call.form, "InstanceId"));
  TRY_STATUS(call.admit());
  std::vector<const Instance*> instances;
  for (const auto& id : ids) {
    TRY(const auto* const instance, find_instance(call.region, id));
    if (instance->state() != InstanceState::running) {
      return refuse("IncorrectInstanceState",
                    fmt::format("The instance '{}' is not in the 'running' state.", id.str()));
    }
    instances.push_back(instance);
  }
  for (const auto* instance : instances) {
    for (const auto& attachment : instance->attachments) {
      auto& volume = call.region.volumes.at(attachment.volume);
      quiesce(call.region, volume, FileSystem::clean);
      mount(call.region, volume);
    }
  }
  xml::put_success(call.answer);
  return {};
}

}  // namespace pitstop::sim::actions
