#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/packing.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/network.hpp"
#include "sim/api/xml.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::sim::actions {
namespace {

std::unexpected<ApiError> wrong_value(std::string_view attribute, std::string_view value) {
  return refuse("InvalidParameterValue", fmt::format("Value ({}) for parameter {} is invalid.",
                                                     printable(value), attribute));
}

Answer<void> set_flag(bool& flag, std::string_view attribute, std::string_view value) {
  const auto truth = lower_case(value);
  if (truth != "true" && truth != "false") {
    return wrong_value(attribute, value);
  }
  flag = truth == "true";
  return {};
}

/// An attribute that has one value, and what setting it does.
struct Attribute {
  std::string_view name;  ///< as Attribute=… has it; the parameter begins with a capital letter
  bool only_when_stopped;
  Answer<void> (*set)(InstanceSettings& settings, const std::string& value);
};

Answer<void> set_shutdown_behavior(InstanceSettings& settings, const std::string& value) {
  if (value != "stop" && value != "terminate") {
    return wrong_value("instanceInitiatedShutdownBehavior", value);
  }
  settings.shutdown_behavior = value;
  return {};
}

Answer<void> set_type(InstanceSettings& settings, const std::string& value) {
  const auto* type = instance_type(value);
  if (type == nullptr || type->architecture != settings.architecture) {
    return wrong_value("instanceType", value);
  }
  settings.type = value;
  settings.cpu_cores = type->cores();
  settings.threads_per_core = type->threads_per_core;
  return {};
}

Answer<void> set_user_data(InstanceSettings& settings, const std::string& value) {
  if (!from_base64(value)) {
    return refuse("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.");
  }
  settings.user_data = value;
  return {};
}

constexpr auto attributes = std::to_array<Attribute>({
    {"disableApiStop", false,
     [](auto& s, const auto& v) { return set_flag(s.stop_protection, "disableApiStop", v); }},
    {"disableApiTermination", false,
     [](auto& s, const auto& v) {
       return set_flag(s.termination_protection, "disableApiTermination", v);
     }},
    {"ebsOptimized", true,
     [](auto& s, const auto& v) { return set_flag(s.ebs_optimized, "ebsOptimized", v); }},
    {"enaSupport", true,
     [](auto& s, const auto& v) { return set_flag(s.ena_support, "enaSupport", v); }},
    {"instanceInitiatedShutdownBehavior", false, set_shutdown_behavior},
    {"instanceType", true, set_type},
    {"sourceDestCheck", false,
     [](auto& s, const auto& v) { return set_flag(s.source_dest_check, "sourceDestCheck", v); }},
    {"sriovNetSupport", true,
     [](auto& s, const auto& v) -> Answer<void> {
       if (v != "simple") {
         return wrong_value("sriovNetSupport", v);
       }
       s.sriov_net_support = v;
       return {};
     }},
    {"userData", true, set_user_data},
});

std::string parameter(const Attribute& attribute) {
  std::string name(attribute.name);
  name.front() = static_cast<char>(name.front() - 'a' + 'A');
  return name + ".Value";
}

struct DeviceChange {
  std::string device;
  VolumeId volume;
  bool delete_on_termination = false;
};

struct Modification {
  InstanceId instance;
  const Attribute* attribute = nullptr;
  std::string value;
  std::vector<std::string> groups;
  std::vector<DeviceChange> devices;
};

Answer<void> read_devices(FormReader& form, Modification& modification) {
  for (const auto& item : form.items("BlockDeviceMapping")) {
    DeviceChange change;
    TRY(change.device, form.required(item + "DeviceName"));
    change.volume = VolumeId(form.text(item + "Ebs.VolumeId"));
    TRY_STATUS(form.required(item + "Ebs.DeleteOnTermination"));
    TRY(change.delete_on_termination, form.boolean(item + "Ebs.DeleteOnTermination"));
    modification.devices.push_back(std::move(change));
  }
  return {};
}

/// "DisableApiStop.Value=true", or "Attribute=disableApiStop&Value=true".
Answer<int> read_attribute(FormReader& form, Modification& modification) {
  int found = 0;
  const auto named = form.text("Attribute");
  const auto value = form.optional_text("Value");
  for (const auto& attribute : attributes) {
    auto given = form.optional_text(parameter(attribute));
    if (attribute.name == named && value) {
      given = value;
    }
    if (given) {
      ++found;
      modification.attribute = &attribute;
      modification.value = std::move(*given);
    }
  }
  if (named.empty() && value) {
    return refuse("MissingParameter", "The request must contain the parameter Attribute");
  }
  if (!named.empty() && (modification.attribute == nullptr || !value) &&
      named != "blockDeviceMapping" && named != "groupSet") {
    return wrong_value("attribute", named);
  }
  return found;
}

Answer<Modification> read_modification(FormReader& form) {
  Modification modification;
  TRY(modification.instance, read_id<InstanceId>(form, "InstanceId"));
  TRY(int found, read_attribute(form, modification));
  modification.groups = form.list("GroupId");
  TRY_STATUS(read_devices(form, modification));
  found += modification.groups.empty() ? 0 : 1;
  found += modification.devices.empty() ? 0 : 1;
  if (found == 0) {
    return refuse("InvalidParameterCombination", "No attributes specified.");
  }
  if (found > 1) {
    return refuse("InvalidParameterCombination", "Fields for multiple attribute types specified");
  }
  return modification;
}

Answer<void> change_devices(Instance& instance, const std::vector<DeviceChange>& changes) {
  auto attachments = instance.attachments;
  for (const auto& change : changes) {
    const auto found = std::ranges::find(attachments, change.device, &Attachment::device);
    if (found == attachments.end() || (!change.volume.empty() && change.volume != found->volume)) {
      return refuse("InvalidInstanceAttributeValue",
                    fmt::format("No device is currently mapped at {}", printable(change.device)));
    }
    found->delete_on_termination = change.delete_on_termination;
  }
  instance.attachments = std::move(attachments);
  return {};
}

Answer<void> change_groups(const Region& region, Instance& instance,
                           const std::vector<std::string>& groups) {
  for (const auto& group : groups) {
    if (group != security_group_id(region)) {
      return not_found(security_group_ids, {group});
    }
  }
  instance.settings.security_groups = groups;
  return {};
}

Answer<void> apply(const Region& region, Instance& instance, const Modification& modification) {
  if (instance.state() == InstanceState::terminated ||
      instance.state() == InstanceState::shutting_down) {
    return refuse("IncorrectInstanceState",
                  fmt::format("The instance '{}' is in the '{}' state.", instance.id.str(),
                              to_string(instance.state())));
  }
  if (!modification.devices.empty()) {
    return change_devices(instance, modification.devices);
  }
  if (!modification.groups.empty()) {
    return change_groups(region, instance, modification.groups);
  }
  if (modification.attribute->only_when_stopped && instance.state() != InstanceState::stopped) {
    return refuse(
        "IncorrectInstanceState",
        fmt::format("The instance '{}' is not in the 'stopped' state.", instance.id.str()));
  }
  return modification.attribute->set(instance.settings, modification.value);
}

}  // namespace

Answer<void> modify_instance_attribute(ActionCall& call) {
  TRY(const auto modification, read_modification(call.form));
  TRY_STATUS(call.admit());
  TRY(auto* const instance, find_instance(call.region, modification.instance));
  TRY_STATUS(apply(call.region, *instance, modification));
  xml::put_success(call.answer);
  return {};
}

}  // namespace pitstop::sim::actions
