#include "backup/captured_configuration.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "backup/down_tag.hpp"
#include "base/packing.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view tag_prefix = "pitstop:config.";
constexpr std::string_view format_mark = "z1:";
constexpr int json_version = 1;

void put(Json& object, const char* name, const std::string& value) {
  if (!value.empty()) {
    object[name] = value;
  }
}

void put(Json& object, const char* name, bool value) {
  if (value) {
    object[name] = true;
  }
}

void put(Json& object, const char* name, int value) {
  if (value != 0) {
    object[name] = value;
  }
}

template <class Value>
void put(Json& object, const char* name, const std::optional<Value>& value) {
  if (value) {
    object[name] = *value;
  }
}

void put(Json& object, const char* name, const std::vector<std::string>& values) {
  if (!values.empty()) {
    object[name] = values;
  }
}

Json machine_of(const ec2::Instance& instance) {
  Json machine;
  put(machine, "type", instance.type);
  put(machine, "image", instance.image);
  put(machine, "architecture", instance.architecture);
  put(machine, "virtualization", instance.virtualization);
  put(machine, "boot_mode", instance.boot_mode);
  put(machine, "current_boot_mode", instance.current_boot_mode);
  put(machine, "tpm_support", instance.tpm_support);
  put(machine, "platform_details", instance.platform_details);
  put(machine, "usage_operation", instance.usage_operation);
  put(machine, "product_codes", instance.product_codes);
  put(machine, "root_device", instance.root_device_name);
  put(machine, "sriov_net_support", instance.sriov_net_support);
  put(machine, "kernel", instance.kernel);
  put(machine, "ramdisk", instance.ramdisk);
  put(machine, "ena_support", instance.ena_support);
  put(machine, "ebs_optimized", instance.ebs_optimized);
  put(machine, "cpu_cores", instance.cpu_cores);
  put(machine, "threads_per_core", instance.threads_per_core);
  return machine;
}

Json place_of(const ec2::Instance& instance) {
  Json place;
  put(place, "zone", instance.zone);
  put(place, "vpc", instance.vpc);
  put(place, "subnet", instance.subnet);
  put(place, "private_ip", instance.private_ip);
  put(place, "public_ip", instance.public_ip);
  put(place, "security_groups", instance.security_groups);
  put(place, "tenancy", instance.tenancy);
  put(place, "placement_group", instance.placement_group);
  put(place, "host", instance.host);
  for (const auto& interface : instance.network_interfaces) {
    Json one;
    put(one, "id", interface.id);
    put(one, "subnet", interface.subnet);
    put(one, "private_ip", interface.private_ip);
    put(one, "device_index", interface.device_index);
    put(one, "elastic_ip", interface.public_ip_is_elastic);
    place["network_interfaces"].push_back(one);
  }
  return place;
}

Json options_of(const ec2::Instance& instance, const ec2::LaunchSettings& attributes) {
  Json options;
  put(options, "key_name", instance.key_name);
  put(options, "instance_profile", instance.instance_profile_arn);
  put(options, "lifecycle", instance.lifecycle);
  put(options, "no_source_dest_check", !instance.source_dest_check);
  put(options, "hibernation", instance.hibernation);
  put(options, "enclave", instance.enclave);
  put(options, "detailed_monitoring", instance.detailed_monitoring);
  put(options, "metadata_http_tokens", instance.metadata_http_tokens);
  put(options, "metadata_http_endpoint", instance.metadata_http_endpoint);
  put(options, "metadata_hop_limit", instance.metadata_hop_limit);
  put(options, "metadata_tags", instance.metadata_tags);
  put(options, "shutdown_behavior", attributes.shutdown_behavior);
  put(options, "termination_protection", attributes.termination_protection);
  put(options, "stop_protection", attributes.stop_protection);
  return options;
}

Json volume_of(const ec2::Instance& instance, const ec2::Volume& volume) {
  Json captured;
  captured["id"] = volume.id.str();
  for (const auto& attached : instance.volumes) {
    if (attached.volume == volume.id) {
      captured["device"] = attached.device;
      put(captured, "delete_on_termination", attached.delete_on_termination);
    }
  }
  captured["size_gib"] = static_cast<std::int64_t>(volume.size);
  put(captured, "type", volume.type);
  put(captured, "iops", volume.iops);
  put(captured, "throughput", volume.throughput);
  put(captured, "encrypted", volume.encrypted);
  put(captured, "kms_key", volume.kms_key);
  put(captured, "multi_attach", volume.multi_attach);
  return captured;
}

}  // namespace

std::string capture_configuration(const ec2::Instance& instance,
                                  const ec2::LaunchSettings& attributes,
                                  const std::vector<ec2::Volume>& volumes) {
  Json configuration;
  configuration["version"] = json_version;
  configuration["instance"] = instance.id.str();
  configuration["machine"] = machine_of(instance);
  configuration["place"] = place_of(instance);
  configuration["options"] = options_of(instance, attributes);
  for (const auto& volume : volumes) {
    configuration["volumes"].push_back(volume_of(instance, volume));
  }
  Json tags = Json::object();
  for (const auto& tag : instance.tags) {
    if (!is_passing_tag(tag.key)) {
      tags[tag.key] = tag.value;
    }
  }
  configuration["tags"] = tags;
  // Foreign bytes that are not UTF-8 must not stop a backup: they are replaced.
  return configuration.dump(-1, ' ', false, Json::error_handler_t::replace);
}

ec2::Tags pack_configuration(const std::string& json) {
  const std::string packed = std::string(format_mark) + base64(deflated(json));
  ec2::Tags tags;
  for (std::size_t begun = 0; begun < packed.size(); begun += ec2::longest_tag_value) {
    tags.push_back({fmt::format("{}{}", tag_prefix, tags.size() + 1),
                    packed.substr(begun, ec2::longest_tag_value)});
  }
  return tags;
}

Result<std::string> unpack_configuration(const ec2::Tags& tags) {
  std::string packed;
  for (int part = 1;; ++part) {
    const auto value = ec2::find_tag(tags, fmt::format("{}{}", tag_prefix, part));
    if (!value) {
      break;
    }
    packed += *value;
  }
  const auto damaged = [](std::string what) {
    return fail(ErrorKind::refused, "the configuration in the tags cannot be read: " + what,
                "were the pitstop:config tags changed or removed by hand?");
  };
  if (!packed.starts_with(format_mark)) {
    return damaged(packed.empty() ? "there is none" : "it has an unknown form");
  }
  const auto bytes = from_base64(packed.substr(format_mark.size()));
  if (!bytes) {
    return damaged("it is not base64");
  }
  const auto json = inflated(*bytes);
  if (!json) {
    return damaged("a part is missing or altered");
  }
  return *json;
}

std::vector<CapturedVolume> captured_volumes(const std::string& json) {
  const auto configuration = Json::parse(json, nullptr, false);
  std::vector<CapturedVolume> captured;
  if (!configuration.is_object() || !configuration.contains("volumes")) {
    return captured;
  }
  const auto text = [](const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  };
  for (const auto& volume : configuration["volumes"]) {
    if (volume.is_object() && !text(volume, "id").empty()) {
      captured.push_back({VolumeId(text(volume, "id")), text(volume, "device")});
    }
  }
  return captured;
}

}  // namespace pitstop
