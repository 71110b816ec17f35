#include "sim/api/image_view.hpp"

#include <fmt/format.h>

#include <array>

#include "sim/cloud/images.hpp"

namespace pitstop::sim {
namespace {

constexpr std::string_view amazons_account = "137112412989";

Image made_by_amazon() {
  Image image;
  image.id = ImageId("ami-0000000000000000a");
  image.name = "al2023-ami-simulated-kernel-6.1-x86_64";
  image.description = "Amazon Linux 2023, simulated";
  image.created = Instant::min();
  image.settings.boot_mode = "uefi-preferred";
  image.imds_support = "v2.0";
  MappedVolume root;
  root.device = image.settings.root_device_name;
  root.size_gib = 8;
  root.type = "gp3";
  image.volumes.push_back(std::move(root));
  return image;
}

WallTime creation(const SeenImage& seen) {
  constexpr WallTime long_ago = std::chrono::sys_days(std::chrono::year(2025) / 11 / 1);
  return seen.is_amazons() ? long_ago : seen.region.schedule.wall(seen.image.created);
}

/// Offers one text of each volume that is mapped.
template <class Text>
void offer_mapped(const SeenImage& seen, Match& match, Text text) {
  for (const auto& mapped : seen.image.volumes) {
    match.offer(text(mapped));
  }
}

const InstanceSettings& settings(const SeenImage& seen) {
  return seen.image.settings;
}

constexpr auto filters_of_images = std::to_array<FilterRow<SeenImage>>({
    {"architecture", [](const auto& i, auto& m) { m.offer(settings(i).architecture); }},
    {"block-device-mapping.delete-on-termination",
     [](const auto& i, auto& m) {
       offer_mapped(
           i, m, [](const MappedVolume& v) { return v.delete_on_termination ? "true" : "false"; });
     }},
    {"block-device-mapping.device-name",
     [](const auto& i, auto& m) { offer_mapped(i, m, [](const auto& v) { return v.device; }); }},
    {"block-device-mapping.snapshot-id",
     [](const auto& i, auto& m) {
       offer_mapped(i, m, [](const auto& v) { return v.snapshot.str(); });
     }},
    {"block-device-mapping.volume-size",
     [](const auto& i, auto& m) {
       offer_mapped(i, m, [](const auto& v) { return std::to_string(v.size_gib); });
     }},
    {"block-device-mapping.volume-type",
     [](const auto& i, auto& m) { offer_mapped(i, m, [](const auto& v) { return v.type; }); }},
    {"creation-date", [](const auto& i, auto& m) { m.offer_time(creation(i)); }},
    {"description", [](const auto& i, auto& m) { m.offer(i.image.description); }},
    {"ena-support", [](const auto& i, auto& m) { m.offer_boolean(settings(i).ena_support); }},
    {"hypervisor", [](const auto&, auto& m) { m.offer("xen"); }},
    {"image-id", [](const auto& i, auto& m) { m.offer(i.image.id.str()); }},
    {"image-type", [](const auto&, auto& m) { m.offer("machine"); }},
    {"is-public", [](const auto& i, auto& m) { m.offer_boolean(i.is_amazons()); }},
    {"name", [](const auto& i, auto& m) { m.offer(i.image.name); }},
    {"owner-alias",
     [](const auto& i, auto& m) {
       if (i.is_amazons()) {
         m.offer("amazon");
       }
     }},
    {"owner-id", [](const auto& i, auto& m) { m.offer(i.owner()); }},
    {"root-device-name", [](const auto& i, auto& m) { m.offer(settings(i).root_device_name); }},
    {"root-device-type", [](const auto& i, auto& m) { m.offer(settings(i).root_device_type); }},
    {"state", [](const auto& i, auto& m) { m.offer(i.state()); }},
    {"virtualization-type", [](const auto& i, auto& m) { m.offer(settings(i).virtualization); }},
});

void write_mapping(xml::Element item, const SeenImage& seen) {
  auto mapping = item.append_child("blockDeviceMapping");
  for (const auto& mapped : seen.image.volumes) {
    auto device = mapping.append_child("item");
    xml::put(device, "deviceName", mapped.device);
    auto ebs = device.append_child("ebs");
    xml::put_unless_empty(ebs, "snapshotId", mapped.snapshot.str());
    xml::put_number(ebs, "volumeSize", mapped.size_gib);
    xml::put_boolean(ebs, "deleteOnTermination", mapped.delete_on_termination);
    xml::put(ebs, "volumeType", mapped.type);
    if (mapped.iops) {
      xml::put_number(ebs, "iops", *mapped.iops);
    }
    if (mapped.throughput) {
      xml::put_number(ebs, "throughput", *mapped.throughput);
    }
    const auto snapshot = seen.region.snapshots.find(mapped.snapshot);
    xml::put_boolean(ebs, "encrypted",
                     snapshot != seen.region.snapshots.end() && snapshot->second.encrypted);
  }
}

void write_machine(xml::Element item, const Image& image) {
  const auto& machine = image.settings;
  xml::put(item, "architecture", machine.architecture);
  xml::put(item, "imageType", "machine");
  if (machine.platform_details.starts_with("Windows")) {
    xml::put(item, "platform", "windows");
  }
  xml::put(item, "platformDetails", machine.platform_details);
  xml::put(item, "usageOperation", machine.usage_operation);
  xml::put(item, "rootDeviceType", machine.root_device_type);
  xml::put(item, "rootDeviceName", machine.root_device_name);
  xml::put(item, "virtualizationType", machine.virtualization);
  xml::put(item, "hypervisor", "xen");
  xml::put_boolean(item, "enaSupport", machine.ena_support);
  xml::put_unless_empty(item, "sriovNetSupport", image.sriov_net_support);
  xml::put_unless_empty(item, "bootMode", machine.boot_mode);
  xml::put_unless_empty(item, "tpmSupport", machine.tpm_support);
  xml::put_unless_empty(item, "imdsSupport", image.imds_support);
}

}  // namespace

const Image& amazon_image() {
  static const Image image = made_by_amazon();
  return image;
}

std::string_view SeenImage::owner() const {
  return is_amazons() ? amazons_account : std::string_view(region.account);
}

std::string SeenImage::state() const {
  return is_amazons() ? "available" : image_state(region, image, seen);
}

std::span<const FilterRow<SeenImage>> image_filters() {
  return filters_of_images;
}

void write_image(xml::Element item, const SeenImage& seen) {
  const auto& image = seen.image;
  xml::put(item, "imageId", image.id.str());
  xml::put(item, "imageLocation", fmt::format("{}/{}", seen.owner(), image.name));
  const auto state = seen.state();
  xml::put(item, "imageState", state);
  if (state == "failed") {
    auto reason = item.append_child("stateReason");
    xml::put(reason, "code", "Server.InternalError");
    xml::put(reason, "message", "Server.InternalError: Internal error on creation");
  }
  xml::put(item, "imageOwnerId", seen.owner());
  if (seen.is_amazons()) {
    xml::put(item, "imageOwnerAlias", "amazon");
  }
  xml::put_time(item, "creationDate", creation(seen));
  xml::put_boolean(item, "isPublic", seen.is_amazons());
  xml::put(item, "name", image.name);
  xml::put_unless_empty(item, "description", image.description);
  write_machine(item, image);
  write_mapping(item, seen);
  xml::put_tags(item, image.tags);
}

Answer<const Image*> find_any_image(Region& region, const ImageId& id) {
  if (id == amazon_image().id) {
    return &amazon_image();
  }
  return find_image(region, id);
}

}  // namespace pitstop::sim
