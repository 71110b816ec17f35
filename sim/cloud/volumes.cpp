#include "sim/cloud/volumes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/result.hpp"
#include "sim/cloud/fast_restores.hpp"

namespace pitstop::sim {

namespace {

constexpr double block_mib = 0.5;

/// The contents of what a volume is made of, and how much of it was ever written.
void fill(Region& region, Volume& volume, const PlannedVolume& plan) {
  if (const auto source = region.snapshots.find(plan.snapshot); source != region.snapshots.end()) {
    volume.contents = source->second.caught;
    volume.used_bytes = source->second.full_bytes;
    volume.billing = source->second.billing;
    // Its first snapshot copies all of it: another volume, another chain.
    return;
  }
  volume.contents.lineage = volume.id.str();
  volume.used_bytes = plan.used_bytes.value_or(static_cast<std::uint64_t>(plan.size_gib) << 29);
}

Answer<void> check_source(Region& region, const PlannedVolume& plan) {
  if (plan.snapshot.empty()) {
    return {};
  }
  const auto source = region.snapshots.find(plan.snapshot);
  if (source == region.snapshots.end() || source->second.deleted) {
    return refuse("InvalidSnapshot.NotFound",
                  fmt::format("The snapshot '{}' does not exist.", plan.snapshot.str()));
  }
  if (source->second.state_at(region.now()) != SnapshotState::completed) {
    return refuse("IncorrectState", fmt::format("Snapshot is in invalid state - {}",
                                                to_string(source->second.state_at(region.now()))));
  }
  if (plan.size_gib < source->second.size_gib) {
    return refuse("InvalidParameterValue",
                  fmt::format("The specified size is less than that of the snapshot {} ({} GiB)",
                              plan.snapshot.str(), source->second.size_gib));
  }
  return {};
}

bool running(const Instance& instance) {
  return instance.state() == InstanceState::running || instance.state() == InstanceState::pending;
}

}  // namespace

Answer<VolumeId> create_volume(Region& region, const PlannedVolume& plan, const std::string& zone,
                               const std::string& client_token) {
  if (!client_token.empty()) {
    for (const auto& [id, volume] : region.volumes) {
      if (volume.client_token == client_token) {
        return id;
      }
    }
  }
  if (!contains(region.zones(), zone) && !zone.starts_with(region.name + "-")) {
    return refuse("InvalidZone.NotFound", fmt::format("The zone '{}' does not exist.", zone));
  }
  TRY_STATUS(check_source(region, plan));
  Volume volume;
  volume.id = VolumeId(region.new_id("vol"));
  volume.size_gib = plan.size_gib;
  volume.type = plan.type;
  volume.zone = zone;
  volume.iops = plan.iops;
  volume.throughput = plan.throughput;
  volume.encrypted = plan.encrypted;
  volume.kms_key = plan.kms_key;
  volume.made_from = plan.snapshot;
  volume.tags = plan.tags;
  volume.client_token = client_token;
  volume.created = region.now();
  volume.mib_per_second_written = plan.mib_per_second_written;
  volume.snapshot_pace = plan.snapshot_pace.value_or(region.snapshot_pace);
  volume.random = region.chance_for(volume.id.str());
  fill(region, volume, plan);
  volume.fast_restored = !plan.initialization_rate && take_credit(region, plan.snapshot, zone);
  const auto id = volume.id;
  region.volumes.emplace(id, std::move(volume));
  return id;
}

Answer<void> attach_volume(Region& region, const VolumeId& volume_id, const InstanceId& instance_id,
                           const std::string& device) {
  TRY(auto* const volume, find_volume(region, volume_id));
  TRY(auto* const instance, find_instance(region, instance_id));
  if (!volume->attached_to.empty() && !volume->multi_attach) {
    return refuse("VolumeInUse",
                  fmt::format("{} is already attached to an instance", volume_id.str()));
  }
  if (volume->zone != instance->settings.zone) {
    return refuse("InvalidVolume.ZoneMismatch",
                  fmt::format("The volume '{}' is not in the same availability zone as instance "
                              "'{}'",
                              volume_id.str(), instance_id.str()));
  }
  if (contains(instance->attachments, device, &Attachment::device)) {
    return refuse("InvalidParameterValue",
                  fmt::format("Invalid value '{}' for unixDevice. Attachment point {} is already "
                              "in use",
                              device, device));
  }
  // As seen in ansible-collections/amazon.aws#497.
  if (instance->state() != InstanceState::running && instance->state() != InstanceState::stopped) {
    return refuse("IncorrectState",
                  fmt::format("Instance '{}' is not 'running'.", instance_id.str()));
  }
  instance->attachments.push_back({device, volume_id, false, region.now()});
  volume->attached_to.push_back(instance_id);
  if (running(*instance)) {
    mount(region, *volume);
  }
  return {};
}

Answer<void> detach_volume(Region& region, const VolumeId& volume_id,
                           std::optional<InstanceId> instance_id) {
  TRY(auto* const volume, find_volume(region, volume_id));
  auto& owners = volume->attached_to;
  const auto owner = instance_id ? std::ranges::find(owners, *instance_id) : owners.begin();
  if (owner == owners.end() && !owners.empty()) {
    return refuse("InvalidAttachment.NotFound",
                  fmt::format("The volume '{}' is not attached to instance '{}'.", volume_id.str(),
                              instance_id->str()));
  }
  if (owner == owners.end()) {
    return refuse("IncorrectState",
                  fmt::format("Volume '{}' is in the 'available' state.", volume_id.str()));
  }
  auto& instance = region.instances.at(*owner);
  const auto* attachment = instance.find(volume_id);
  if (is_root_device(instance.settings, attachment->device) &&
      instance.state() != InstanceState::stopped) {
    return refuse("OperationNotPermitted",
                  fmt::format("Unable to detach root volume '{}' from instance '{}'",
                              volume_id.str(), instance.id.str()));
  }
  if (running(instance)) {
    quiesce(region, *volume, FileSystem::cut_off);
  }
  std::erase_if(instance.attachments,
                [&](const Attachment& each) { return each.volume == volume_id; });
  owners.erase(owner);
  return {};
}

Answer<void> delete_volume(Region& region, const VolumeId& volume_id) {
  TRY(auto* const volume, find_volume(region, volume_id));
  if (!volume->attached_to.empty()) {
    return refuse("VolumeInUse", fmt::format("Volume {} is currently attached to {}",
                                             volume_id.str(), volume->attached_to.front().str()));
  }
  volume->deleted = region.now();
  return {};
}

Answer<Volume*> find_volume(Region& region, const VolumeId& id) {
  const auto found = region.volumes.find(id);
  if (found == region.volumes.end() || found->second.deleted) {
    return refuse("InvalidVolume.NotFound",
                  fmt::format("The volume '{}' does not exist.", id.str()));
  }
  return &found->second;
}

void settle(Region& region, Volume& volume) {
  if (!volume.writing_since) {
    return;
  }
  const double blocks =
      seconds(region.now() - *volume.writing_since) * volume.mib_per_second_written / block_mib;
  const auto whole = static_cast<std::uint64_t>(blocks);
  volume.contents.writes += whole;
  // What is not yet a whole block goes on being written.
  if (whole > 0) {
    const double took = static_cast<double>(whole) * block_mib / volume.mib_per_second_written;
    *volume.writing_since +=
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(took));
  }
}

void mount(Region& region, Volume& volume) {
  settle(region, volume);
  // Mounting writes: a snapshot from before it can be told from one after it.
  ++volume.contents.writes;
  volume.contents.file_system = FileSystem::mounted;
  if (!volume.writing_since) {
    volume.writing_since = region.now();
  }
}

void quiesce(Region& region, Volume& volume, FileSystem left) {
  settle(region, volume);
  volume.writing_since.reset();
  volume.contents.file_system = left;
}

}  // namespace pitstop::sim
