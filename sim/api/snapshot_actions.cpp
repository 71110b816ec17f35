#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/snapshot_view.hpp"
#include "sim/api/tagging.hpp"
#include "sim/api/volume_rules.hpp"
#include "sim/cloud/snapshots.hpp"
#include "sim/cloud/volumes.hpp"

namespace pitstop::sim::actions {
namespace {

constexpr std::size_t most_excluded = 40;

SeenSnapshot seen_now(Region& region, const SnapshotId& id) {
  return {region, region.snapshots.at(id), region.now()};
}

struct SetRequest {
  InstanceId instance;
  bool exclude_boot_volume = false;
  std::vector<VolumeId> excluded;
  std::string description;
  bool copy_tags = false;
  Tags tags;
};

Answer<SetRequest> read_set_request(FormReader& form) {
  SetRequest request;
  TRY(request.instance, read_id<InstanceId>(form, "InstanceSpecification.InstanceId"));
  TRY(request.exclude_boot_volume, form.boolean("InstanceSpecification.ExcludeBootVolume"));
  for (auto& id : form.list("InstanceSpecification.ExcludeDataVolumeId")) {
    TRY_STATUS(check_id(volume_ids, id));
    request.excluded.emplace_back(std::move(id));
  }
  if (request.excluded.size() > most_excluded) {
    return refuse("InvalidParameterValue",
                  fmt::format("At most {} data volumes can be excluded.", most_excluded));
  }
  request.description = form.text("Description");
  TRY(const auto source, form.choice("CopyTagsFromSource", {"volume"}));
  request.copy_tags = !source.empty();
  TRY_STATUS(form.choice("Location", {"regional"}));
  TRY(auto tags, read_tag_specifications(form, {"snapshot"}));
  request.tags = std::move(tags["snapshot"]);
  return request;
}

/// The volumes that remain of an instance's own when the excluded ones are left out.
Answer<std::vector<VolumeId>> choose_volumes(const Instance& instance, const SetRequest& request) {
  const auto& root = instance.settings.root_device_name;
  for (const auto& id : request.excluded) {
    const auto* attachment = instance.find(id);
    if (attachment == nullptr || attachment->device == root) {
      return refuse("InvalidParameterValue",
                    fmt::format("The volume '{}' is not a data volume of the instance '{}'.",
                                id.str(), instance.id.str()));
    }
  }
  std::vector<VolumeId> chosen;
  for (const auto& attachment : instance.attachments) {
    const bool left_out = (request.exclude_boot_volume && attachment.device == root) ||
                          contains(request.excluded, attachment.volume);
    if (!left_out) {
      chosen.push_back(attachment.volume);
    }
  }
  if (chosen.empty()) {
    return refuse(
        "InvalidParameterValue",
        fmt::format("The instance '{}' has no volumes to take snapshots of.", instance.id.str()));
  }
  return chosen;
}

Answer<Tags> tags_for(const Volume& volume, const SetRequest& request) {
  if (!request.copy_tags) {
    return request.tags;
  }
  auto copied = volume.tags;
  std::erase_if(copied, [](const auto& tag) { return tag.first.starts_with("aws:"); });
  return with_tags(copied, request.tags);
}

}  // namespace

Answer<void> create_snapshot(ActionCall& call) {
  TRY(const auto volume, read_id<VolumeId>(call.form, "VolumeId"));
  SnapshotSpecification specification;
  specification.description = call.form.text("Description");
  TRY_STATUS(call.form.choice("Location", {"regional"}));
  TRY(auto tags, read_tag_specifications(call.form, {"snapshot"}));
  specification.tags = std::move(tags["snapshot"]);
  TRY_STATUS(call.admit());
  TRY(const auto id, sim::create_snapshot(call.region, volume, specification));
  write_snapshot(call.answer, seen_now(call.region, id));
  return {};
}

Answer<void> create_snapshots(ActionCall& call) {
  TRY(const auto request, read_set_request(call.form));
  TRY_STATUS(call.admit());
  TRY(const auto* const instance, find_instance(call.region, request.instance));
  TRY(const auto volumes, choose_volumes(*instance, request));
  std::vector<SnapshotSpecification> specifications;
  for (const auto& id : volumes) {
    TRY(auto tags, tags_for(call.region.volumes.at(id), request));
    specifications.push_back({request.description, std::move(tags)});
  }
  TRY(const auto made, sim::create_snapshots(call.region, volumes, specifications));
  auto set = call.answer.append_child("snapshotSet");
  for (const auto& id : made) {
    write_snapshot_info(set.append_child("item"), seen_now(call.region, id));
  }
  return {};
}

Answer<void> delete_snapshot(ActionCall& call) {
  TRY(const auto snapshot, read_id<SnapshotId>(call.form, "SnapshotId"));
  TRY_STATUS(call.admit());
  TRY_STATUS(sim::delete_snapshot(call.region, snapshot));
  xml::put_success(call.answer);
  return {};
}

Answer<void> copy_snapshot(ActionCall& call) {
  TRY(const auto source_region, call.form.required("SourceRegion"));
  TRY(const auto source_id, read_id<SnapshotId>(call.form, "SourceSnapshotId"));
  TRY(const bool encrypted, call.form.boolean("Encrypted"));
  const auto key = call.form.text("KmsKeyId");
  const auto presigned = call.form.text("PresignedUrl");
  call.form.text("DestinationRegion");  // only the signature of the PresignedUrl needs it
  SnapshotSpecification specification;
  specification.description = call.form.text("Description");
  TRY(auto tags, read_tag_specifications(call.form, {"snapshot"}));
  specification.tags = std::move(tags["snapshot"]);
  TRY_STATUS(call.admit());

  auto* const there = call.other_region(source_region);
  if (there == nullptr) {
    return refuse("InvalidParameterValue",
                  fmt::format("The source region '{}' is invalid", printable(source_region)));
  }
  TRY(const auto* const source, find_snapshot(*there, source_id));
  if (source->encrypted && presigned.empty()) {
    return refuse("MissingParameter", "The request must contain the parameter PresignedUrl");
  }
  const bool locked = encrypted || source->encrypted;
  TRY(const auto id, sim::copy_snapshot(call.region, *source, specification, locked,
                                        locked ? key_arn(call.region, key) : ""));
  xml::put(call.answer, "snapshotId", id.str());
  xml::put_tags(call.answer, specification.tags);
  return {};
}

}  // namespace pitstop::sim::actions
