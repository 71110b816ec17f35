#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/instance_view.hpp"
#include "sim/api/xml.hpp"

namespace pitstop::sim::actions {
namespace {

/// Writes one attribute of an instance into the answer, under the attribute's own name.
struct Attribute {
  std::string_view name;
  void (*write)(xml::Element answer, const char* name, const SeenInstance& seen);
};

void put_value(xml::Element answer, const char* name, std::string_view value) {
  auto element = answer.append_child(name);
  xml::put_unless_empty(element, "value", value);
}

void put_flag(xml::Element answer, const char* name, bool value) {
  put_value(answer, name, value ? "true" : "false");
}

constexpr auto attributes = std::to_array<Attribute>({
    {"blockDeviceMapping",
     [](auto answer, auto, const auto& seen) { write_block_devices(answer, seen); }},
    {"disableApiStop",
     [](auto answer, auto name, const auto& seen) {
       put_flag(answer, name, seen.instance.settings.stop_protection);
     }},
    {"disableApiTermination",
     [](auto answer, auto name, const auto& seen) {
       put_flag(answer, name, seen.instance.settings.termination_protection);
     }},
    {"ebsOptimized",
     [](auto answer, auto name, const auto& seen) {
       put_flag(answer, name, seen.instance.settings.ebs_optimized);
     }},
    {"enaSupport",
     [](auto answer, auto name, const auto& seen) {
       put_flag(answer, name, seen.instance.settings.ena_support);
     }},
    {"enclaveOptions",
     [](auto answer, auto name, const auto& seen) {
       xml::put_boolean(answer.append_child(name), "enabled", seen.instance.settings.enclave);
     }},
    {"groupSet", [](auto answer, auto, const auto& seen) { write_security_groups(answer, seen); }},
    {"instanceInitiatedShutdownBehavior",
     [](auto answer, auto name, const auto& seen) {
       put_value(answer, name, seen.instance.settings.shutdown_behavior);
     }},
    {"instanceType",
     [](auto answer, auto name, const auto& seen) {
       put_value(answer, name, seen.instance.settings.type);
     }},
    {"kernel", [](auto answer, auto name, const auto&) { put_value(answer, name, ""); }},
    {"productCodes", [](auto answer, auto name, const auto&) { answer.append_child(name); }},
    {"ramdisk", [](auto answer, auto name, const auto&) { put_value(answer, name, ""); }},
    {"rootDeviceName",
     [](auto answer, auto name, const auto& seen) {
       put_value(answer, name, seen.instance.settings.root_device_name);
     }},
    {"sourceDestCheck",
     [](auto answer, auto name, const auto& seen) {
       put_flag(answer, name, seen.instance.settings.source_dest_check);
     }},
    {"sriovNetSupport",
     [](auto answer, auto name, const auto& seen) {
       put_value(answer, name, seen.instance.settings.sriov_net_support);
     }},
    {"userData",
     [](auto answer, auto name,
        const auto& seen) { put_value(answer, name, seen.instance.settings.user_data); }},
});
static_assert(std::ranges::is_sorted(attributes, {}, &Attribute::name));

Answer<SeenInstance> look_at_one(ActionCall& call, const InstanceId& id) {
  const auto found = call.region.instances.find(id);
  const auto seen = found == call.region.instances.end()
                        ? std::nullopt
                        : look_at(call.region, found->second, call.seen);
  if (!seen) {
    return not_found(instance_ids, {id.str()});
  }
  return *seen;
}

}  // namespace

Answer<void> describe_instance_attribute(ActionCall& call) {
  TRY(const auto id, read_id<InstanceId>(call.form, "InstanceId"));
  TRY(const auto name, call.form.required("Attribute"));
  const auto attribute = std::ranges::lower_bound(attributes, name, {}, &Attribute::name);
  if (attribute == attributes.end() || attribute->name != name) {
    return refuse("InvalidParameterValue",
                  fmt::format("Value ({}) for parameter attribute is invalid. Unknown attribute.",
                              printable(name)));
  }
  TRY_STATUS(call.admit());
  TRY(const auto seen, look_at_one(call, id));
  xml::put(call.answer, "instanceId", id.str());
  attribute->write(call.answer, name.c_str(), seen);
  return {};
}

Answer<void> get_instance_uefi_data(ActionCall& call) {
  TRY(const auto id, read_id<InstanceId>(call.form, "InstanceId"));
  TRY_STATUS(call.admit());
  TRY(const auto seen, look_at_one(call, id));
  const auto& settings = seen.instance.settings;
  if (!settings.boot_mode.starts_with("uefi")) {
    return refuse("UnsupportedOperation",
                  fmt::format("The instance '{}' does not boot by UEFI.", id.str()));
  }
  xml::put(call.answer, "instanceId", id.str());
  xml::put_unless_empty(call.answer, "uefiData", settings.uefi_data);
  return {};
}

/// Of all that a launch template can say, what an instance here has.
Answer<void> get_launch_template_data(ActionCall& call) {
  TRY(const auto id, read_id<InstanceId>(call.form, "InstanceId"));
  TRY_STATUS(call.admit());
  TRY(const auto seen, look_at_one(call, id));
  const auto& settings = seen.instance.settings;
  auto data = call.answer.append_child("launchTemplateData");
  xml::put(data, "instanceType", settings.type);
  xml::put_boolean(data, "ebsOptimized", settings.ebs_optimized);
  xml::put_boolean(data, "disableApiStop", settings.stop_protection);
  xml::put_boolean(data, "disableApiTermination", settings.termination_protection);
  xml::put(data, "instanceInitiatedShutdownBehavior", settings.shutdown_behavior);
  xml::put_unless_empty(data, "userData", settings.user_data);
  if (const auto* type = instance_type(settings.type); type != nullptr && type->burstable) {
    xml::put(data.append_child("creditSpecification"), "cpuCredits",
             settings.cpu_credits.empty() ? usual_credits(settings.type) : settings.cpu_credits);
  }
  return {};
}

}  // namespace pitstop::sim::actions
