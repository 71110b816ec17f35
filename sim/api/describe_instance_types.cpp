#include <fmt/format.h>

#include <array>

#include "sim/api/actions.hpp"
#include "sim/api/inquiry.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/instance_view.hpp"

namespace pitstop::sim::actions {
namespace {

constexpr auto type_filters = std::to_array<FilterRow<InstanceType>>({
    {"bare-metal", [](const auto& t, auto& m) { m.offer_boolean(t.bare_metal); }},
    {"burstable-performance-supported",
     [](const auto& t, auto& m) { m.offer_boolean(t.burstable); }},
    {"hypervisor", [](const auto& t, auto& m) { m.offer(t.nitro ? "nitro" : "xen"); }},
    {"instance-storage-supported", [](const auto& t, auto& m) { m.offer_boolean(t.storage); }},
    {"instance-type", [](const auto& t, auto& m) { m.offer(t.name); }},
    {"memory-info.size-in-mib", [](const auto& t, auto& m) { m.offer_number(t.memory_mib); }},
    {"processor-info.supported-architecture",
     [](const auto& t, auto& m) { m.offer(t.architecture); }},
    {"vcpu-info.default-cores", [](const auto& t, auto& m) { m.offer_number(t.cores()); }},
    {"vcpu-info.default-threads-per-core",
     [](const auto& t, auto& m) { m.offer_number(t.threads_per_core); }},
    {"vcpu-info.default-vcpus", [](const auto& t, auto& m) { m.offer_number(t.vcpus); }},
});

void put_list(xml::Element parent, const char* name,
              std::initializer_list<std::string_view> texts) {
  auto list = parent.append_child(name);
  for (const auto text : texts) {
    xml::put(list, "item", text);
  }
}

void write_type(xml::Element item, const InstanceType& type) {
  xml::put(item, "instanceType", type.name);
  xml::put_boolean(item, "bareMetal", type.bare_metal);
  xml::put(item, "hypervisor", type.nitro ? "nitro" : "xen");
  put_list(item, "supportedUsageClasses", {"on-demand", "spot"});
  put_list(item, "supportedRootDeviceTypes", {"ebs"});
  put_list(item, "supportedVirtualizationTypes", {"hvm"});
  put_list(item.append_child("processorInfo"), "supportedArchitectures", {type.architecture});
  auto vcpus = item.append_child("vCpuInfo");
  xml::put_number(vcpus, "defaultVCpus", type.vcpus);
  xml::put_number(vcpus, "defaultCores", type.cores());
  xml::put_number(vcpus, "defaultThreadsPerCore", type.threads_per_core);
  xml::put_number(item.append_child("memoryInfo"), "sizeInMiB", type.memory_mib);
  xml::put_boolean(item, "instanceStorageSupported", type.storage);
  auto ebs = item.append_child("ebsInfo");
  xml::put(ebs, "ebsOptimizedSupport", type.nitro || !type.burstable ? "default" : "unsupported");
  xml::put(ebs, "encryptionSupport", "supported");
  xml::put(ebs, "nvmeSupport", type.nitro ? "required" : "unsupported");
  if (type.most_volumes() > 0) {
    xml::put_number(ebs, "maximumEbsAttachments", type.most_volumes());
    xml::put(ebs, "attachmentLimitType", type.shares_attachments() ? "shared" : "dedicated");
  }
  xml::put_boolean(item, "burstablePerformanceSupported", type.burstable);
  xml::put_boolean(item, "autoRecoverySupported", true);
}

constexpr auto credit_filters = std::to_array<FilterRow<SeenInstance>>({
    {"instance-id", [](const auto& i, auto& m) { m.offer(i.instance.id.str()); }},
});

void write_credits(xml::Element item, const SeenInstance& seen) {
  const auto& settings = seen.instance.settings;
  xml::put(item, "instanceId", seen.instance.id.str());
  xml::put(item, "cpuCredits",
           settings.cpu_credits.empty() ? usual_credits(settings.type) : settings.cpu_credits);
}

}  // namespace

Answer<void> describe_instance_types(ActionCall& call) {
  const Catalogue<InstanceType> catalogue{"InstanceType", instance_type_names,
                                          type_filters,   "instanceTypeSet",
                                          write_type,     {.least = 5, .most = 100}};
  return describe(call, catalogue, instance_types(),
                  [](const InstanceType& type) { return std::optional(type); });
}

Answer<void> describe_instance_credit_specifications(ActionCall& call) {
  const Catalogue<SeenInstance> catalogue{"InstanceId", instance_ids, credit_filters,
                                          "instanceCreditSpecificationSet", write_credits};
  return describe(call, catalogue, call.region.instances,
                  [&](const Instance& instance) -> std::optional<SeenInstance> {
                    const auto* type = instance_type(instance.settings.type);
                    if (type == nullptr || !type->burstable) {
                      return std::nullopt;
                    }
                    return look_at(call.region, instance, call.seen);
                  });
}

}  // namespace pitstop::sim::actions
