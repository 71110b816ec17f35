#include "backup/captured_configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "backup/down_tag.hpp"
#include "base/bounded_json.hpp"
#include "base/packing.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view tag_prefix = "pitstop:config.";
constexpr std::string_view format_mark = "z1:";
constexpr int json_version = 1;

/// Tags hold 12 kB of it, and whoever may write tags may write others. A server with 128 volumes
/// and the longest tags needs less than half of that, and nests four deep.
constexpr JsonLimits limits{.bytes = std::size_t{256} << 10, .depth = 16};

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
  form.field("host", instance.host);
}

void list_interface(auto& form, auto& interface) {
  form.field("id", interface.id);
  form.field("subnet", interface.subnet);
  form.field("private_ip", interface.private_ip);
  form.field("device_index", interface.device_index);
  form.field("elastic_ip", interface.public_ip_is_elastic);
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
  form.field("shutdown_behavior", attributes.shutdown_behavior);
  form.field("termination_protection", attributes.termination_protection);
  form.field("stop_protection", attributes.stop_protection);
}

void list_attachment(auto& form, auto& attached) {
  form.field("device", attached.device);
  form.field("delete_on_termination", attached.delete_on_termination);
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
  const auto json = inflated(*bytes, limits.bytes);
  if (!json) {
    return damaged("a part is missing or altered");
  }
  if (!is_bounded_json(*json, limits)) {
    return damaged("it nests deeper than any that pitstop writes");
  }
  return *json;
}

Result<CapturedServer> read_configuration(const std::string& json) {
  const auto configuration = parse_bounded_json<Json>(json, limits);
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
  const auto configuration = parse_bounded_json<Json>(json, limits);
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
