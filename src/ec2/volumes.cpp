#include "ec2/volumes.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/contains.hpp"
#include "ec2/dry_run.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

Volume read_volume(const pugi::xml_node& item) {
  Volume volume;
  volume.id = VolumeId(xml::text(item, "volumeId"));
  volume.size = Gibibytes(xml::number(item, "size").value_or(0));
  volume.type = xml::text(item, "volumeType");
  volume.state = xml::text(item, "status");
  volume.zone = xml::text(item, "availabilityZone");
  volume.kms_key = xml::text(item, "kmsKeyId");
  volume.made_from = SnapshotId(xml::text(item, "snapshotId"));
  volume.created = xml::time(item, "createTime");
  volume.iops = xml::number(item, "iops");
  volume.throughput = xml::number(item, "throughput");
  volume.encrypted = xml::boolean(item, "encrypted");
  volume.multi_attach = xml::boolean(item, "multiAttachEnabled");
  volume.fast_restored = xml::boolean(item, "fastRestored");
  for (const auto& attachment : item.child("attachmentSet").children("item")) {
    volume.attachments.push_back({InstanceId(xml::text(attachment, "instanceId")),
                                  xml::text(attachment, "device"),
                                  xml::text(attachment, "status")});
  }
  volume.tags = xml::tags(item);
  return volume;
}

Call attachment_call(const char* action, const VolumeId& volume, const InstanceId& instance) {
  Call call{.action = action, .effect = Effect::settles};
  call.parameters.add("VolumeId", volume);
  call.parameters.add("InstanceId", instance);
  return call;
}

Call creation_call(const VolumeRequest& request) {
  Call call{.action = "CreateVolume", .effect = Effect::settles};  // thanks to the token
  call.parameters.add("AvailabilityZone", request.zone);
  call.parameters.add("SnapshotId", request.from);
  if (request.size) {
    call.parameters.add("Size", static_cast<std::int64_t>(*request.size));
  }
  call.parameters.add("VolumeType", request.type);
  call.parameters.add("Iops", request.iops);
  call.parameters.add("Throughput", request.throughput);
  call.parameters.add("VolumeInitializationRate", request.initialization_rate);
  if (request.multi_attach) {
    call.parameters.add("MultiAttachEnabled", true);
  }
  call.parameters.add("ClientToken", request.client_token);
  if (!request.outpost.empty()) {
    call.parameters.add("OutpostArn", request.outpost);
  }
  call.parameters.add_tag_specification(1, "volume", request.tags);
  return call;
}

Call attaching_call(const VolumeId& volume, const InstanceId& instance, const std::string& device) {
  Call call = attachment_call("AttachVolume", volume, instance);
  call.parameters.add("Device", device);
  return call;
}

}  // namespace

Task<Result<std::vector<Volume>>> describe_volumes(Caller& caller, std::vector<VolumeId> ids,
                                                   std::vector<Filter> filters) {
  CHECK(!ids.empty() || !filters.empty());
  Call call{.action = "DescribeVolumes"};
  call.parameters.add_list("VolumeId", ids);
  call.parameters.add_filters(filters);
  std::vector<Volume> volumes;
  const auto read = [&](const pugi::xml_node& item) { volumes.push_back(read_volume(item)); };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "volumeSet", read));
  co_return volumes;
}

Task<Result<VolumeId>> create_volume(Caller& caller, VolumeRequest request) {
  CHECK(!request.client_token.empty());
  CO_TRY(const Reply reply, co_await caller.call(creation_call(request)));
  CO_TRY(auto id, xml::required_text(reply.root(), "volumeId"));
  co_return VolumeId(std::move(id));
}

Task<Status> may_create_volume(Caller& caller, VolumeRequest request) {
  return dry_run(caller, creation_call(request));
}

Task<Status> attach_volume(Caller& caller, VolumeId volume, InstanceId instance,
                           std::string device) {
  CO_TRY_STATUS(co_await caller.call(attaching_call(volume, instance, device)));
  co_return Status();
}

// EC2 Developer Guide, "Error codes"; what passes by itself (IncorrectState, VolumeInUse while it
// leaves another server, a device that is about to become free) is not among them.
bool is_never_attached(const Error& refusal) {
  constexpr auto codes = std::to_array<std::string_view>({
      "AttachmentLimitExceeded",
      "EncryptedVolumesNotSupported",
      "InvalidParameterCombination",
      "InvalidVolume.ZoneMismatch",
      "UnsupportedOperation",
      "VolumeTypeNotAvailableInZone",
  });
  return contains(codes, refusal.code);
}

bool can_multi_attach(std::string_view volume_type) {
  return volume_type == "io1" || volume_type == "io2";
}

Task<Status> may_attach_volume(Caller& caller, VolumeId volume, InstanceId instance,
                               std::string device) {
  return dry_run(caller, attaching_call(volume, instance, device));
}

Task<Status> may_detach_volume(Caller& caller, VolumeId volume, InstanceId instance) {
  return dry_run(caller, attachment_call("DetachVolume", volume, instance));
}

Task<Status> detach_volume(Caller& caller, VolumeId volume, InstanceId instance) {
  Call call = attachment_call("DetachVolume", volume, instance);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

Task<Status> delete_volume(Caller& caller, VolumeId volume) {
  Call call{.action = "DeleteVolume", .effect = Effect::settles};
  call.parameters.add("VolumeId", volume);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace pitstop::ec2
