#include "sim/cloud/images.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim {
namespace {

/// AWS: "It can take some time before a name can be used again." So long it takes here.
constexpr Duration name_kept = std::chrono::minutes(1);

MappedVolume mapping_of(const Region& region, const Attachment& attachment,
                        const SnapshotId& snapshot) {
  const auto& volume = region.volumes.at(attachment.volume);
  return {attachment.device,
          snapshot,
          volume.size_gib,
          volume.type,
          volume.iops,
          volume.throughput,
          attachment.delete_on_termination};
}

/// What an image keeps of an instance: the machine, not where it stands.
InstanceSettings machine_of(const InstanceSettings& settings) {
  InstanceSettings machine;
  machine.architecture = settings.architecture;
  machine.virtualization = settings.virtualization;
  machine.boot_mode = settings.boot_mode;
  machine.tpm_support = settings.tpm_support;
  machine.uefi_data = settings.uefi_data;
  machine.platform_details = settings.platform_details;
  machine.usage_operation = settings.usage_operation;
  machine.root_device_name = settings.root_device_name;
  machine.root_device_type = settings.root_device_type;
  machine.ena_support = settings.ena_support;
  return machine;
}

}  // namespace

Answer<void> name_is_free(const Region& region, const std::string& name) {
  for (const auto& [id, image] : region.images) {
    const bool is_free = image.deregistered && *image.deregistered + name_kept <= region.now();
    if (!is_free && image.name == name) {
      return refuse("InvalidAMIName.Duplicate",
                    fmt::format("AMI name {} is already in use by AMI {}", name, id.str()));
    }
  }
  return {};
}

Answer<ImageId> create_image(Region& region, const ImageCreation& creation) {
  TRY(auto* const instance, find_instance(region, creation.instance));
  TRY_STATUS(name_is_free(region, creation.name));
  const bool running = instance->state() == InstanceState::running;
  if (!running && instance->state() != InstanceState::stopped) {
    return refuse(
        "IncorrectState",
        fmt::format("Instance is not in state 'running' or 'stopped': {}", instance->id.str()));
  }
  const bool reboots = running && !creation.no_reboot;
  if (contains(creation.excluded, instance->settings.root_device_name)) {
    return refuse("InvalidBlockDeviceMapping", "The root device cannot be left out of an image");
  }
  std::vector<Attachment> imaged;
  std::vector<VolumeId> volumes;
  for (const auto& attachment : instance->attachments) {
    if (contains(creation.excluded, attachment.device)) {
      continue;
    }
    imaged.push_back(attachment);
    volumes.push_back(attachment.volume);
    if (reboots) {
      quiesce(region, region.volumes.at(attachment.volume), FileSystem::clean);
    }
  }
  Image image;
  image.id = ImageId(region.new_id("ami"));
  const SnapshotSpecification specification{
      fmt::format("Created by CreateImage({}) for {}", instance->id.str(), image.id.str()),
      creation.snapshot_tags};
  const std::vector specifications(volumes.size(), specification);
  auto set = create_snapshots(region, volumes, specifications);
  if (reboots) {
    for (const auto& volume : volumes) {
      mount(region, region.volumes.at(volume));
    }
  }
  TRY(const auto snapshots, std::move(set));
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    image.volumes.push_back(mapping_of(region, imaged[i], snapshots[i]));
  }
  image.name = creation.name;
  image.description = creation.description;
  image.tags = creation.image_tags;
  image.settings = machine_of(instance->settings);
  image.created = region.now();
  const auto id = image.id;
  region.images.emplace(id, std::move(image));
  return id;
}

Answer<ImageId> register_image(Region& region, Image image) {
  TRY_STATUS(name_is_free(region, image.name));
  for (auto& mapped : image.volumes) {
    TRY(const auto* const snapshot, find_snapshot(region, mapped.snapshot));
    if (snapshot->state_at(region.now()) != SnapshotState::completed) {
      return refuse("IncorrectState",
                    fmt::format("The snapshot '{}' is not completed.", mapped.snapshot.str()));
    }
    mapped.size_gib = std::max(mapped.size_gib, snapshot->size_gib);
    if (mapped.device == image.settings.root_device_name && snapshot->billing) {
      image.settings.platform_details = snapshot->billing->platform_details;
      image.settings.usage_operation = snapshot->billing->usage_operation;
    }
  }
  image.id = ImageId(region.new_id("ami"));
  image.created = region.now();
  const auto id = image.id;
  region.images.emplace(id, std::move(image));
  return id;
}

Answer<void> deregister_image(Region& region, const ImageId& id) {
  TRY(auto* const image, find_image(region, id));
  image->deregistered = region.now();
  return {};
}

std::string image_state(const Region& region, const Image& image, Instant when) {
  bool pending = false;
  for (const auto& mapped : image.volumes) {
    const auto state = region.snapshots.at(mapped.snapshot).state_at(when);
    if (state == SnapshotState::error) {
      return "failed";
    }
    pending = pending || state == SnapshotState::pending;
  }
  return pending ? "pending" : "available";
}

Answer<Image*> find_image(Region& region, const ImageId& id) {
  const auto found = region.images.find(id);
  if (found == region.images.end()) {
    return refuse("InvalidAMIID.NotFound",
                  fmt::format("The image id '[{}]' does not exist", id.str()));
  }
  if (found->second.deregistered) {
    return refuse("InvalidAMIID.Unavailable",
                  fmt::format("The image ID '{}' is no longer available", id.str()));
  }
  return &found->second;
}

}  // namespace pitstop::sim
