#include "ec2/instances.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/chunks.hpp"
#include "ec2/dry_run.hpp"
#include "ec2/instance_reader.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

Task<Result<std::vector<Instance>>> describe(Caller& caller, std::vector<InstanceId> ids,
                                             std::vector<Filter> filters,
                                             Instance (*read)(const pugi::xml_node&)) {
  CHECK(!ids.empty() || !filters.empty());
  Call call{.action = "DescribeInstances"};
  call.parameters.add_list("InstanceId", ids);
  call.parameters.add_filters(filters);
  std::vector<Instance> instances;
  const auto take = [&](const pugi::xml_node& reservation) {
    for (const auto& item : reservation.child("instancesSet").children("item")) {
      instances.push_back(read(item));
      instances.back().owner = xml::text(reservation, "ownerId");
    }
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "reservationSet", take));
  co_return instances;
}

Call state_call(const char* action, const std::vector<InstanceId>& ids) {
  CHECK(!ids.empty());
  Call call{.action = action, .effect = Effect::settles};
  call.parameters.add_list("InstanceId", ids);
  return call;
}

Task<Result<StateChanges>> change_state(Caller& caller, Call call) {
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  StateChanges changes;
  changes.may_be_a_repetition = reply.may_be_a_repetition;
  for (const auto& item : reply.root().child("instancesSet").children("item")) {
    changes.changes.push_back({InstanceId(xml::text(item, "instanceId")),
                               read_instance_state(item.child("previousState")),
                               read_instance_state(item.child("currentState"))});
  }
  co_return changes;
}

Task<Result<Reply>> describe_attribute(Caller& caller, InstanceId instance, std::string attribute) {
  Call call{.action = "DescribeInstanceAttribute"};
  call.parameters.add("InstanceId", instance);
  call.parameters.add("Attribute", attribute);
  return caller.call(std::move(call));
}

Task<Result<std::string>> attribute_value(Caller& caller, InstanceId instance,
                                          std::string attribute) {
  CO_TRY(const Reply reply, co_await describe_attribute(caller, instance, attribute));
  co_return xml::text(reply.root().child(attribute.c_str()), "value");
}

Task<Result<bool>> attribute_flag(Caller& caller, InstanceId instance, std::string attribute) {
  CO_TRY(const Reply reply, co_await describe_attribute(caller, instance, attribute));
  co_return xml::boolean(reply.root().child(attribute.c_str()), "value");
}

}  // namespace

Task<Result<std::vector<Instance>>> describe_instances(Caller& caller, std::vector<InstanceId> ids,
                                                       std::vector<Filter> filters) {
  return describe(caller, std::move(ids), std::move(filters), read_instance);
}

Task<Result<std::vector<Instance>>> find_instances(Caller& caller, std::vector<InstanceId> ids) {
  std::vector<std::string> names;
  for (const auto& id : ids) {
    names.push_back(id.str());
  }
  std::vector<Instance> found;
  for (const auto& part : chunks(names, most_filter_values)) {
    std::vector<Filter> filters{{"instance-id", part}};
    CO_TRY(auto described, co_await describe_instances(caller, {}, std::move(filters)));
    std::ranges::move(described, std::back_inserter(found));
  }
  co_return found;
}

Task<Result<std::vector<Instance>>> look_at_instances(Caller& caller, std::vector<InstanceId> ids,
                                                      std::vector<Filter> filters) {
  return describe(caller, std::move(ids), std::move(filters), read_how_it_is);
}

Task<Result<StateChanges>> stop_instances(Caller& caller, std::vector<InstanceId> ids) {
  return change_state(caller, state_call("StopInstances", ids));
}

Task<Result<StateChanges>> force_stop_instances(Caller& caller, std::vector<InstanceId> ids) {
  Call call = state_call("StopInstances", ids);
  call.parameters.add("Force", true);
  return change_state(caller, std::move(call));
}

Task<Result<StateChanges>> start_instances(Caller& caller, std::vector<InstanceId> ids,
                                           std::optional<Duration> patience) {
  Call call = state_call("StartInstances", ids);
  call.may_repeat_unseen =
      true;  // a kept connection saves the round trips of a new one while the server is down
  call.attempt_timeout =
      Seconds(5);  // the state tells what became of it, and asking again is cheap
  call.patience = patience;
  call.urgency = Urgency::brings_back;
  return change_state(caller, std::move(call));
}

Task<Status> may_stop_instances(Caller& caller, std::vector<InstanceId> ids) {
  return dry_run(caller, state_call("StopInstances", ids));
}

Task<Status> may_start_instances(Caller& caller, std::vector<InstanceId> ids) {
  return dry_run(caller, state_call("StartInstances", ids));
}

Task<Result<LaunchSettings>> describe_launch_settings(Caller& caller, InstanceId instance) {
  Call call{.action = "GetLaunchTemplateData"};
  call.parameters.add("InstanceId", instance);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  const auto data = reply.root().child("launchTemplateData");
  LaunchSettings settings;
  if (data.child("disableApiStop")) {
    settings.stop_protection = xml::boolean(data, "disableApiStop");
  }
  if (data.child("disableApiTermination")) {
    settings.termination_protection = xml::boolean(data, "disableApiTermination");
  }
  const auto behavior = xml::text(data, "instanceInitiatedShutdownBehavior");
  if (!behavior.empty()) {
    settings.shutdown_behavior = behavior;
  }
  if (auto credits = xml::text(data.child("creditSpecification"), "cpuCredits"); !credits.empty()) {
    settings.cpu_credits = std::move(credits);
  }
  co_return settings;
}

Task<Result<std::string>> describe_cpu_credits(Caller& caller, InstanceId instance) {
  Call call{.action = "DescribeInstanceCreditSpecifications"};
  call.parameters.add("InstanceId.1", instance);
  std::string credits;
  const auto read = [&](const pugi::xml_node& item) { credits = xml::text(item, "cpuCredits"); };
  CO_TRY_STATUS(
      co_await for_each_item(caller, std::move(call), "instanceCreditSpecificationSet", read));
  co_return credits;
}

Task<Result<bool>> is_stop_protected(Caller& caller, InstanceId instance) {
  return attribute_flag(caller, std::move(instance), "disableApiStop");
}

Task<Result<bool>> is_termination_protected(Caller& caller, InstanceId instance) {
  return attribute_flag(caller, std::move(instance), "disableApiTermination");
}

Task<Result<std::string>> describe_shutdown_behavior(Caller& caller, InstanceId instance) {
  return attribute_value(caller, std::move(instance), "instanceInitiatedShutdownBehavior");
}

Task<Result<std::string>> describe_user_data(Caller& caller, InstanceId instance) {
  return attribute_value(caller, std::move(instance), "userData");
}

Task<Result<std::vector<ScheduledEvent>>> describe_scheduled_events(Caller& caller,
                                                                    std::vector<InstanceId> ids) {
  CHECK(!ids.empty());
  Call call{.action = "DescribeInstanceStatus"};
  call.parameters.add_list("InstanceId", ids);
  call.parameters.add("IncludeAllInstances", true);
  std::vector<ScheduledEvent> events;
  const auto read = [&](const pugi::xml_node& status) {
    for (const auto& item : status.child("eventsSet").children("item")) {
      const auto description = xml::text(item, "description");
      // EC2 goes on listing what is over, and says so at the beginning of the text.
      if (description.starts_with("[Completed]") || description.starts_with("[Canceled]")) {
        continue;
      }
      events.push_back({InstanceId(xml::text(status, "instanceId")), xml::text(item, "code"),
                        description, xml::time(item, "notBefore")});
    }
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "instanceStatusSet", read));
  co_return events;
}

Task<Result<StatusChecks>> describe_status_checks(Caller& caller, InstanceId instance) {
  Call call{.action = "DescribeInstanceStatus"};
  const std::vector<InstanceId> ids{std::move(instance)};
  call.parameters.add_list("InstanceId", ids);
  call.parameters.add("IncludeAllInstances", true);
  StatusChecks checks;
  const auto read = [&](const pugi::xml_node& item) {
    checks = {xml::text(item.child("systemStatus"), "status"),
              xml::text(item.child("instanceStatus"), "status")};
  };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "instanceStatusSet", read));
  co_return checks;
}

Task<Result<std::string>> describe_uefi_data(Caller& caller, InstanceId instance) {
  Call call{.action = "GetInstanceUefiData"};
  call.parameters.add("InstanceId", instance);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  co_return xml::text(reply.root(), "uefiData");
}

Task<Status> set_source_dest_check(Caller& caller, InstanceId instance, bool value) {
  Call call{.action = "ModifyInstanceAttribute", .effect = Effect::settles};
  call.parameters.add("InstanceId", instance);
  call.parameters.add("SourceDestCheck.Value", value);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

Task<Status> set_delete_on_termination(Caller& caller, InstanceId instance, std::string device,
                                       bool value) {
  Call call{.action = "ModifyInstanceAttribute", .effect = Effect::settles};
  call.parameters.add("InstanceId", instance);
  call.parameters.add("BlockDeviceMapping.1.DeviceName", device);
  call.parameters.add("BlockDeviceMapping.1.Ebs.DeleteOnTermination", value);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace pitstop::ec2
