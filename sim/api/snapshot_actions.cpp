#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/ids.hpp"
#include "sim/api/presigned_url.hpp"
#include "sim/api/snapshot_view.hpp"
#include "sim/api/tagging.hpp"
#include "sim/api/volume_rules.hpp"
#include "sim/cloud/copies.hpp"
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
  std::string outpost;
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
  request.outpost = form.text("OutpostArn");
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
  return with_tags(without_amazons(volume.tags), request.tags);
}

struct CopyRequest {
  std::string source_region;
  SnapshotId source;
  bool is_presigned = false;
  SnapshotCopy copy;
};

/// Whether the copy was asked for at its source, too: needed for what is encrypted, and if it is
/// there, it has to be right.
Answer<bool> read_presigned_url(ActionCall& call, const CopyRequest& request) {
  const auto& here = call.region.name;
  const auto destination = call.form.optional_text("DestinationRegion").value_or(here);
  if (destination != here) {
    return refuse("InvalidParameterValue",
                  fmt::format("The destination region '{}' is not {}, where the request was sent",
                              printable(destination), here));
  }
  const auto url = call.form.text("PresignedUrl");
  if (!url.empty()) {
    TRY_STATUS(check_presigned_copy(url, {request.source_region, request.source.str(), here}));
  }
  return !url.empty();
}

Answer<CopyRequest> read_copy(ActionCall& call) {
  auto& form = call.form;
  CopyRequest request;
  TRY(request.source_region, form.required("SourceRegion"));
  TRY(request.source, read_id<SnapshotId>(form, "SourceSnapshotId"));
  TRY(request.is_presigned, read_presigned_url(call, request));
  TRY(const auto encrypted, form.optional_boolean("Encrypted"));
  if (encrypted == false) {
    return refuse("InvalidParameterValue", "The parameter Encrypted cannot be set to false");
  }
  auto& copy = request.copy;
  copy.encrypted = encrypted.has_value();
  copy.kms_key = form.text("KmsKeyId");
  copy.specification.description = form.text("Description");
  TRY(auto tags, read_tag_specifications(form, {"snapshot"}));
  copy.specification.tags = std::move(tags["snapshot"]);
  return request;
}

struct CopySource {
  const Region* region = nullptr;
  const Snapshot* snapshot = nullptr;
};

/// One of the account's own, or else one that another account shares with it.
Answer<CopySource> find_source(const ActionCall& call, const CopyRequest& request) {
  TRY(auto* const there, find_region(call, request.source_region));
  auto own = find_snapshot(*there, request.source);
  if (own) {
    return CopySource{there, *own};
  }
  for (auto* const foreign : call.foreign_regions(request.source_region)) {
    const auto found = find_snapshot(*foreign, request.source);
    if (found && (*found)->shared_with.contains(call.region.account)) {
      return CopySource{foreign, *found};
    }
  }
  return std::unexpected(std::move(own).error());
}

}  // namespace

Answer<void> create_snapshot(ActionCall& call) {
  TRY(const auto volume, read_id<VolumeId>(call.form, "VolumeId"));
  SnapshotSpecification specification;
  specification.description = call.form.text("Description");
  specification.outpost = call.form.text("OutpostArn");
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
    specifications.push_back({request.description, std::move(tags), request.outpost});
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
  TRY(const auto request, read_copy(call));
  TRY_STATUS(call.admit());
  TRY(const auto source, find_source(call, request));
  const auto& copy = request.copy;
  if (source.snapshot->encrypted && !request.is_presigned) {
    return refuse("MissingParameter", "The request must contain the parameter PresignedUrl");
  }
  if (!copy.kms_key.empty() && !copy.encrypted && !source.snapshot->encrypted) {
    return key_without_encryption();
  }
  TRY(const auto id, sim::copy_snapshot(call.region, *source.region, *source.snapshot, copy));
  xml::put(call.answer, "snapshotId", id.str());
  xml::put_tags(call.answer, copy.specification.tags);
  return {};
}

}  // namespace pitstop::sim::actions
