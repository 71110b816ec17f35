#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/instance_types.hpp"
#include "sim/api/network.hpp"
#include "sim/api/tagging.hpp"
#include "sim/api/visible.hpp"
#include "sim/api/volume_rules.hpp"
#include "sim/api/volume_view.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim::actions {
namespace {

/// The zone by its name or by its id.
Answer<std::string> read_zone(ActionCall& call) {
  const auto zones = call.region.zones();
  const auto id = call.form.text("AvailabilityZoneId");
  const auto named = std::ranges::find(zones, id, zone_id);
  if (!id.empty() && named != zones.end()) {
    return *named;
  }
  return call.form.required("AvailabilityZone");
}

struct VolumeRequest {
  PlannedVolume plan;
  std::optional<int> size;
  bool multi_attach = false;
};

Answer<VolumeRequest> read_volume(FormReader& form) {
  VolumeRequest request;
  auto& plan = request.plan;
  plan.type = form.optional_text("VolumeType").value_or("gp2");
  plan.snapshot = SnapshotId(form.text("SnapshotId"));
  if (!plan.snapshot.empty()) {
    TRY_STATUS(check_id(snapshot_ids, plan.snapshot.str()));
  }
  TRY(request.size, form.number("Size"));
  TRY(plan.iops, form.number("Iops"));
  TRY(plan.throughput, form.number("Throughput"));
  TRY(plan.encrypted, form.boolean("Encrypted"));
  plan.kms_key = form.text("KmsKeyId");
  TRY(request.multi_attach, form.boolean("MultiAttachEnabled"));
  TRY(plan.initialization_rate, form.number("VolumeInitializationRate"));
  const auto rate = plan.initialization_rate;
  TRY(auto tags, read_tag_specifications(form, {"volume"}));
  plan.tags = std::move(tags["volume"]);
  if (!request.size && plan.snapshot.empty()) {
    return refuse("MissingParameter", "The request must contain the parameter size/snapshot");
  }
  if (rate && (*rate < 100 || *rate > 300 || plan.snapshot.empty())) {
    return refuse("InvalidParameterValue",
                  "VolumeInitializationRate must be between 100 and 300, with a snapshot");
  }
  if (!plan.kms_key.empty() && !plan.encrypted) {
    return key_without_encryption();
  }
  if (request.multi_attach && !plan.type.starts_with("io")) {
    return refuse("InvalidParameterCombination",
                  fmt::format("Multi-Attach is not supported for {} volumes.", plan.type));
  }
  return request;
}

/// As big as the snapshot unless the call says how big.
Answer<void> choose_size(Region& region, VolumeRequest& request) {
  auto& plan = request.plan;
  if (request.size) {
    plan.size_gib = *request.size;
  }
  if (!plan.snapshot.empty()) {
    TRY(const auto* const snapshot, find_snapshot(region, plan.snapshot));
    plan.size_gib = request.size ? plan.size_gib : snapshot->size_gib;
  }
  return check_volume(plan);
}

/// AttachVolume's documentation: too many for the type, and Multi-Attach where there is none.
Answer<void> check_room(const Region& region, const InstanceId& id) {
  const auto instance = region.instances.find(id);
  if (instance == region.instances.end()) {
    return {};
  }
  const auto* type = instance_type(instance->second.settings.type);
  if (type == nullptr || type->most_volumes() == 0) {
    return {};
  }
  const auto taken = instance->second.attachments.size() + (type->shares_attachments() ? 1 : 0);
  if (std::cmp_less(taken, type->most_volumes())) {
    return {};
  }
  return refuse("AttachmentLimitExceeded",
                fmt::format("The instance '{}' has {} attachments, the most that {} takes.",
                            id.str(), taken, type->name));
}

/// How the instance has the volume; empty if it does not.
Attachment attachment_of(const Region& region, const InstanceId& id, const VolumeId& volume) {
  const auto instance = region.instances.find(id);
  const auto* found = instance != region.instances.end() ? instance->second.find(volume) : nullptr;
  return found != nullptr ? *found : Attachment();
}

}  // namespace

Answer<void> create_volume(ActionCall& call) {
  TRY(const auto zone, read_zone(call));
  TRY(auto request, read_volume(call.form));
  const auto token = call.form.text("ClientToken");
  const auto outpost = call.form.text("OutpostArn");
  TRY_STATUS(call.admit());
  TRY_STATUS(choose_size(call.region, request));
  choose_key(call.region, request.plan);
  TRY(const auto id, sim::create_volume(call.region, request.plan, zone, token));
  auto& volume = call.region.volumes.at(id);
  volume.multi_attach = request.multi_attach;
  volume.outpost = outpost;
  write_volume(call.answer, {call.region, volume, call.region.now()});
  return {};
}

Answer<void> attach_volume(ActionCall& call) {
  TRY(const auto volume, read_id<VolumeId>(call.form, "VolumeId"));
  TRY(const auto instance, read_id<InstanceId>(call.form, "InstanceId"));
  TRY(const auto device, call.form.required("Device"));
  TRY_STATUS(call.admit());
  TRY_STATUS(check_room(call.region, instance));
  TRY_STATUS(sim::attach_volume(call.region, volume, instance, device));
  write_attachment(call.answer, call.region, instance,
                   *call.region.instances.at(instance).find(volume), "attaching");
  return {};
}

Answer<void> detach_volume(ActionCall& call) {
  TRY(const auto id, read_id<VolumeId>(call.form, "VolumeId"));
  std::optional<InstanceId> instance;
  if (call.form.has("InstanceId")) {
    TRY(instance, read_id<InstanceId>(call.form, "InstanceId"));
  }
  const auto device = call.form.text("Device");
  TRY_STATUS(call.form.boolean("Force"));
  TRY_STATUS(call.admit());
  TRY(const auto* const volume, find_volume(call.region, id));
  if (!instance && !volume->attached_to.empty()) {
    instance = volume->attached_to.front();
  }
  const auto attachment = instance ? attachment_of(call.region, *instance, id) : Attachment();
  if (!device.empty() && device != attachment.device) {
    return refuse("InvalidAttachment.NotFound",
                  fmt::format("The volume '{}' is not attached as device '{}'.", id.str(),
                              printable(device)));
  }
  TRY_STATUS(sim::detach_volume(call.region, id, instance));
  write_attachment(call.answer, call.region, *instance, attachment, "detaching");
  return {};
}

Answer<void> delete_volume(ActionCall& call) {
  TRY(const auto volume, read_id<VolumeId>(call.form, "VolumeId"));
  TRY_STATUS(call.admit());
  TRY_STATUS(sim::delete_volume(call.region, volume));
  xml::put_success(call.answer);
  return {};
}

Answer<void> describe_volumes(ActionCall& call) {
  const Catalogue<SeenVolume> catalogue{"VolumeId", volume_ids, volume_filters(), "volumeSet",
                                        write_described_volume};
  TRY_STATUS(call.form.boolean("IncludeManagedResources"));
  return describe(call, catalogue, call.region.volumes, [&](const Volume& volume) {
    return is_there(volume, call.seen) ? std::optional<SeenVolume>({call.region, volume, call.seen})
                                       : std::nullopt;
  });
}

}  // namespace pitstop::sim::actions
