#include "sim/api/block_devices.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/volume_rules.hpp"
#include "sim/cloud/snapshots.hpp"

namespace pitstop::sim {
namespace {

Answer<BlockDevice> read_block_device(FormReader& form, const std::string& item) {
  BlockDevice device;
  TRY(device.name, form.required(item + "DeviceName"));
  device.removed = form.optional_text(item + "NoDevice").has_value();
  device.is_ephemeral = form.optional_text(item + "VirtualName").has_value();
  const auto ebs = item + "Ebs.";
  TRY(device.gib, form.number(ebs + "VolumeSize"));
  device.type = form.text(ebs + "VolumeType");
  TRY(device.iops, form.number(ebs + "Iops"));
  TRY(device.throughput, form.number(ebs + "Throughput"));
  TRY(device.encrypted, form.optional_boolean(ebs + "Encrypted"));
  device.kms_key = form.text(ebs + "KmsKeyId");
  TRY(device.initialization_rate, form.number(ebs + "VolumeInitializationRate"));
  const auto rate = device.initialization_rate;
  if (rate && (*rate < 100 || *rate > 300)) {
    return refuse("InvalidParameterValue", "VolumeInitializationRate must be between 100 and 300");
  }
  TRY(device.delete_on_termination, form.optional_boolean(ebs + "DeleteOnTermination"));
  device.snapshot = SnapshotId(form.text(ebs + "SnapshotId"));
  if (!device.snapshot.empty()) {
    TRY_STATUS(check_id(snapshot_ids, device.snapshot.str()));
  }
  return device;
}

std::unexpected<ApiError> wrong_mapping(std::string text) {
  return refuse("InvalidBlockDeviceMapping", std::move(text));
}

/// Lays what the call says over what the image has.
void change(PlannedVolume& plan, const BlockDevice& device) {
  plan.type = device.type.empty() ? plan.type : device.type;
  plan.iops = device.iops ? device.iops : plan.iops;
  plan.throughput = device.throughput ? device.throughput : plan.throughput;
  plan.encrypted = device.encrypted.value_or(plan.encrypted);
  plan.kms_key = device.kms_key.empty() ? plan.kms_key : device.kms_key;
  plan.delete_on_termination = device.delete_on_termination.value_or(plan.delete_on_termination);
  plan.snapshot = device.snapshot.empty() ? plan.snapshot : device.snapshot;
  plan.size_gib = device.gib.value_or(static_cast<int>(plan.size_gib));
  plan.initialization_rate = device.initialization_rate;
}

/// A device that the image does not have.
Answer<PlannedVolume> new_volume(Region& region, const BlockDevice& device) {
  PlannedVolume plan;
  plan.device = device.name;
  plan.type = "gp2";
  if (!device.snapshot.empty()) {
    TRY(const auto* const snapshot, find_snapshot(region, device.snapshot));
    plan.size_gib = snapshot->size_gib;
  } else if (!device.gib) {
    return wrong_mapping(
        fmt::format("The device {} has neither a size nor a snapshot", printable(device.name)));
  }
  change(plan, device);
  return plan;
}

PlannedVolume as_in_image(const MappedVolume& mapped) {
  PlannedVolume plan;
  plan.device = mapped.device;
  plan.size_gib = mapped.size_gib;
  plan.type = mapped.type;
  plan.iops = mapped.iops;
  plan.throughput = mapped.throughput;
  plan.delete_on_termination = mapped.delete_on_termination;
  plan.snapshot = mapped.snapshot;
  return plan;
}

}  // namespace

Answer<std::vector<BlockDevice>> read_block_devices(FormReader& form) {
  std::vector<BlockDevice> devices;
  for (const auto& item : form.items("BlockDeviceMapping")) {
    TRY(auto device, read_block_device(form, item));
    if (std::ranges::find(devices, device.name, &BlockDevice::name) != devices.end()) {
      return wrong_mapping(
          fmt::format("The device {} is mapped more than once", printable(device.name)));
    }
    devices.push_back(std::move(device));
  }
  return devices;
}

Answer<std::vector<PlannedVolume>> plan_volumes(Region& region, const Image& image,
                                                const std::vector<BlockDevice>& devices) {
  std::vector<PlannedVolume> plans;
  std::ranges::transform(image.volumes, std::back_inserter(plans), as_in_image);
  for (const auto& device : devices) {
    const auto same = std::ranges::find(plans, device.name, &PlannedVolume::device);
    if (device.removed && same != plans.end()) {
      plans.erase(same);
    } else if (device.removed || device.is_ephemeral) {
      continue;
    } else if (same != plans.end()) {
      change(*same, device);
    } else {
      TRY(auto plan, new_volume(region, device));
      plans.push_back(std::move(plan));
    }
  }
  for (auto& plan : plans) {
    TRY_STATUS(check_volume(plan));
    choose_key(region, plan);
  }
  return plans;
}

Answer<std::vector<MappedVolume>> map_volumes(Region& region,
                                              const std::vector<BlockDevice>& devices) {
  std::vector<MappedVolume> mapped;
  for (const auto& device : devices) {
    if (device.removed || device.is_ephemeral) {
      continue;
    }
    if (device.snapshot.empty()) {
      return wrong_mapping(fmt::format("The device {} has no snapshot", printable(device.name)));
    }
    if (device.encrypted || !device.kms_key.empty()) {
      return wrong_mapping(fmt::format(
          "the encrypted flag cannot be specified since device {} has a snapshot specified.",
          printable(device.name)));
    }
    TRY(auto plan, new_volume(region, device));
    TRY_STATUS(check_volume(plan));
    mapped.push_back({plan.device, plan.snapshot, plan.size_gib, plan.type, plan.iops,
                      plan.throughput, device.delete_on_termination.value_or(true)});
  }
  return mapped;
}

}  // namespace pitstop::sim
