#include "backup/captured_configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "backup/configuration_tags.hpp"
#include "backup/down_tag.hpp"
#include "base/bounded_json.hpp"

namespace pitstop {
namespace {

using Json = nlohmann::ordered_json;

constexpr int json_version = 1;

// What is captured is listed once, for both directions: each list is gone through by a Writer with
// what there is, or by a Reader with what is to be filled. What is empty, zero or false is left
// out.

class Writer {
 public:
  template <class Value>
  void field(const char* name, const Value& value) {
    if (!(value == Value())) {
      object_[name] = value;
    }
  }
  template <class Value>
  void field(const char* name, const std::optional<Value>& value) {
    if (value) {
      object_[name] = *value;
    }
  }
  void field(const char* name, const VolumeId& id) { object_[name] = id.str(); }
  /// What is true as a rule, under the name of the exception.
  void unless(const char* name, bool value) { field(name, !value); }
  /// What has one value as a rule.
  void field_unless(const char* name, const std::string& value, std::string_view usual) {
    if (value != usual) {
      field(name, value);
    }
  }

  Json done() { return std::move(object_); }

 private:
  Json object_ = Json::object();
};

class Reader {
 public:
  /// `mistake` gets the first field that makes no sense.
  Reader(const Json& object, Status& mistake) : object_(object), mistake_(mistake) {}

  template <class Value>
  void field(const char* name, Value& value) {
    const auto found = object_.find(name);
    if (found == object_.end()) {
      return;
    }
    try {
      value = found->template get<Value>();
    } catch (const Json::exception&) {
      note(name);
    }
  }
  template <class Value>
  void field(const char* name, std::optional<Value>& value) {
    if (object_.contains(name)) {
      field(name, value.emplace());
    }
  }
  void field(const char* name, VolumeId& id) {
    std::string text;
    field(name, text);
    id = VolumeId(std::move(text));
  }
  void unless(const char* name, bool& value) {
    bool exception = false;
    field(name, exception);
    value = !exception;
  }
  /// The usual value stays untold: whoever launches a server gets it without asking.
  void field_unless(const char* name, std::string& value, std::string_view /*usual*/) {
    field(name, value);
  }

 private:
  void note(const char* name) {
    if (mistake_) {
      mistake_ = fail(ErrorKind::refused, fmt::format("its field {} makes no sense", name));
    }
  }

  const Json& object_;
  Status& mistake_;
};

void list_machine(auto& form, auto& instance) {
  form.field("type", instance.type);
  form.field("image", instance.image);
  form.field("architecture", instance.architecture);
  form.field("virtualization", instance.virtualization);
  form.field("boot_mode", instance.boot_mode);
  form.field("current_boot_mode", instance.current_boot_mode);
  form.field("tpm_support", instance.tpm_support);
  form.field("platform_details", instance.platform_details);
  form.field("usage_operation", instance.usage_operation);
  form.field("product_codes", instance.product_codes);
  form.field("root_device", instance.root_device_name);
  form.field("sriov_net_support", instance.sriov_net_support);
  form.field("kernel", instance.kernel);
  form.field("ramdisk", instance.ramdisk);
  form.field("ena_support", instance.ena_support);
  form.field("ebs_optimized", instance.ebs_optimized);
  form.field("cpu_cores", instance.cpu_cores);
  form.field("threads_per_core", instance.threads_per_core);
  form.field_unless("amd_sev_snp", instance.amd_sev_snp, "disabled");
  form.field_unless("nested_virtualization", instance.nested_virtualization, "disabled");
  form.field_unless("bandwidth_weighting", instance.bandwidth_weighting, "default");
  form.field("licenses", instance.licenses);
}

void list_place(auto& form, auto& instance) {
  form.field("zone", instance.zone);
  form.field("vpc", instance.vpc);
  form.field("subnet", instance.subnet);
  form.field("private_ip", instance.private_ip);
  form.field("public_ip", instance.public_ip);
  form.field("security_groups", instance.security_groups);
  form.field("tenancy", instance.tenancy);
  form.field("placement_group", instance.placement_group);
  form.field("partition", instance.partition);
  form.field("host", instance.host);
  form.field("host_group", instance.host_group);
  form.field_unless("capacity_preference", instance.capacity_preference, "open");
  form.field("capacity_target", instance.capacity_target);
  form.field("secondary_networks", instance.secondary_networks);
}

void list_interface(auto& form, auto& interface) {
  form.field("id", interface.id);
  form.field("subnet", interface.subnet);
  form.field("private_ip", interface.private_ip);
  form.field("device_index", interface.device_index);
  form.field("elastic_ip", interface.public_ip_is_elastic);
  form.field("secondary_ips", interface.secondary_ips);
  form.field("secondary_public_ips", interface.secondary_public_ips);
  form.field("customer_owned_ip", interface.customer_owned_ip);
  form.field("ipv6", interface.ipv6_addresses);
  form.field("primary_ipv6", interface.primary_ipv6);
  form.field("ipv4_prefixes", interface.ipv4_prefixes);
  form.field("ipv6_prefixes", interface.ipv6_prefixes);
  form.field_unless("type", interface.type, "interface");
  form.field("outlives", interface.outlives_its_server);
  form.field("tcp_timeout", interface.tracking.tcp_established);
  form.field("udp_stream_timeout", interface.tracking.udp_stream);
  form.field("udp_timeout", interface.tracking.udp);
  form.field("ena_express", interface.ena_express);
  form.field("ena_express_udp", interface.ena_express_udp);
  form.field("ena_queues", interface.ena_queues);
}

void list_options(auto& form, auto& instance, auto& attributes) {
  form.field("key_name", instance.key_name);
  form.field("instance_profile", instance.instance_profile_arn);
  form.field("lifecycle", instance.lifecycle);
  form.unless("no_source_dest_check", instance.source_dest_check);
  form.field("hibernation", instance.hibernation);
  form.field("enclave", instance.enclave);
  form.field("detailed_monitoring", instance.detailed_monitoring);
  form.field("metadata_http_tokens", instance.metadata_http_tokens);
  form.field("metadata_http_endpoint", instance.metadata_http_endpoint);
  form.field("metadata_hop_limit", instance.metadata_hop_limit);
  form.field("metadata_tags", instance.metadata_tags);
  form.field_unless("metadata_ipv6", instance.metadata_ipv6, "disabled");
  form.field_unless("auto_recovery", instance.auto_recovery, "default");
  form.field_unless("reboot_migration", instance.reboot_migration, "default");
  form.field("hostname_type", instance.hostname_type);
  form.field("dns_a_record", instance.dns_a_record);
  form.field("dns_aaaa_record", instance.dns_aaaa_record);
  form.field("managed_by", instance.managed_by);
  form.field("shutdown_behavior", attributes.shutdown_behavior);
  form.field("termination_protection", attributes.termination_protection);
  form.field("stop_protection", attributes.stop_protection);
  form.field("cpu_credits", attributes.cpu_credits);
}

void list_attachment(auto& form, auto& attached) {
  form.field("device", attached.device);
  form.field("delete_on_termination", attached.delete_on_termination);
  form.field("ebs_card", attached.ebs_card);
}

void list_volume(auto& form, auto& volume) {
  form.field("size_gib", volume.size);
  form.field("type", volume.type);
  form.field("iops", volume.iops);
  form.field("throughput", volume.throughput);
  form.field("encrypted", volume.encrypted);
  form.field("kms_key", volume.kms_key);
  form.field("multi_attach", volume.multi_attach);
}

Json place_of(const ec2::Instance& instance) {
  Writer place;
  list_place(place, instance);
  auto json = place.done();
  for (const auto& interface : instance.network_interfaces) {
    Writer one;
    list_interface(one, interface);
    json["network_interfaces"].push_back(one.done());
  }
  return json;
}

Json volume_of(const ec2::Instance& instance, const ec2::Volume& volume) {
  Writer captured;
  captured.field("id", volume.id);
  const auto attached =
      std::ranges::find(instance.volumes, volume.id, &ec2::AttachedVolume::volume);
  if (attached != instance.volumes.end()) {
    list_attachment(captured, *attached);
  }
  list_volume(captured, volume);
  return captured.done();
}

/// What is written in the JSON text, or what makes no sense in it.
class Reading {
 public:
  explicit Reading(const Json& configuration) : configuration_(configuration) {}

  Result<CapturedServer> run() {
    auto& [instance, attributes, volumes] = server_;
    instance.id = InstanceId(text_of(configuration_, "instance"));
    auto machine = reader_of("machine");
    list_machine(machine, instance);
    auto place = reader_of("place");
    list_place(place, instance);
    for (const auto& one : list_in(part("place"), "network_interfaces")) {
      Reader interface(one, status_);
      list_interface(interface, instance.network_interfaces.emplace_back());
    }
    auto options = reader_of("options");
    list_options(options, instance, attributes);
    for (const auto& one : list_in(configuration_, "volumes")) {
      read_volume(one);
    }
    for (const auto& [key, value] : part("tags").items()) {
      instance.tags.push_back({key, value.is_string() ? value.get<std::string>() : ""});
    }
    TRY_STATUS(std::move(status_));
    return std::move(server_);
  }

 private:
  static std::string text_of(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
  }

  const Json& part(const char* name) const {
    const auto found = configuration_.find(name);
    return found != configuration_.end() && found->is_object() ? *found : nothing_;
  }

  Reader reader_of(const char* name) { return {part(name), status_}; }

  /// Those of its items that are objects.
  static std::vector<Json> list_in(const Json& object, const char* name) {
    std::vector<Json> items;
    const auto found = object.find(name);
    if (found != object.end() && found->is_array()) {
      std::ranges::copy_if(*found, std::back_inserter(items),
                           [](const Json& item) { return item.is_object(); });
    }
    return items;
  }

  void read_volume(const Json& json) {
    Reader captured(json, status_);
    auto& volume = server_.volumes.emplace_back();
    captured.field("id", volume.id);
    list_volume(captured, volume);
    if (json.contains("device")) {
      auto& attached = server_.instance.volumes.emplace_back();
      attached.volume = volume.id;
      list_attachment(captured, attached);
    }
  }

  const Json& configuration_;
  const Json nothing_ = Json::object();
  Status status_;
  CapturedServer server_;
};

}  // namespace

std::string capture_configuration(const ec2::Instance& instance,
                                  const ec2::LaunchSettings& attributes,
                                  const std::vector<ec2::Volume>& volumes) {
  Json configuration;
  configuration["version"] = json_version;
  configuration["instance"] = instance.id.str();
  Writer machine;
  list_machine(machine, instance);
  configuration["machine"] = machine.done();
  configuration["place"] = place_of(instance);
  Writer options;
  list_options(options, instance, attributes);
  configuration["options"] = options.done();
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

Result<CapturedServer> read_configuration(const std::string& json) {
  const auto configuration = parse_bounded_json<Json>(json, configuration_limits);
  if (!configuration.is_object()) {
    return fail(ErrorKind::refused, "the configuration that was captured is not JSON");
  }
  if (const auto version = configuration.find("version");
      version == configuration.end() || *version != json_version) {
    return fail(ErrorKind::refused, "the configuration was captured by a newer pitstop",
                "use a newer pitstop for it");
  }
  auto server = Reading(configuration).run();
  if (!server) {
    return fail(within("the configuration that was captured", std::move(server).error()));
  }
  return server;
}

std::vector<CapturedVolume> captured_volumes(const std::string& json) {
  const auto configuration = parse_bounded_json<Json>(json, configuration_limits);
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
