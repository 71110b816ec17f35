#include "ec2/copies.hpp"

#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

void add_encryption(Parameters& parameters, const CopyEncryption& encryption) {
  if (encryption.encrypted) {
    parameters.add("Encrypted", true);
  }
  parameters.add_unless_empty("KmsKeyId", encryption.key);
}

void add_source(Parameters& parameters, const SnapshotCopyRequest& request) {
  parameters.add("SourceRegion", request.source_region);
  parameters.add("SourceSnapshotId", request.source);
  parameters.add("DestinationRegion", request.destination_region);
}

Call copy_call(const SnapshotCopyRequest& request) {
  Call call{.action = "CopySnapshot", .effect = Effect::creates};
  auto& parameters = call.parameters;
  add_source(parameters, request);
  parameters.add_unless_empty("PresignedUrl", request.presigned_url);
  parameters.add("Description", request.description);
  add_encryption(parameters, request.encryption);
  parameters.add_tag_specification(1, "snapshot", request.tags);
  return call;
}

}  // namespace

Parameters presigned_parameters(const SnapshotCopyRequest& request) {
  Parameters parameters;
  parameters.add("Action", "CopySnapshot");
  parameters.add("Version", api_version);
  add_source(parameters, request);
  return parameters;
}

Task<Result<SnapshotId>> copy_snapshot(Caller& caller, SnapshotCopyRequest request) {
  CO_TRY(const Reply reply, co_await caller.call(copy_call(request)));
  CO_TRY(auto id, xml::required_text(reply.root(), "snapshotId"));
  co_return SnapshotId(std::move(id));
}

Task<Result<ImageId>> copy_image(Caller& caller, ImageCopyRequest request) {
  Call call{.action = "CopyImage", .effect = Effect::settles};
  auto& parameters = call.parameters;
  parameters.add("SourceRegion", request.source_region);
  parameters.add("SourceImageId", request.source);
  parameters.add("Name", request.name);
  parameters.add("Description", request.description);
  parameters.add("ClientToken", request.client_token);
  add_encryption(parameters, request.encryption);
  parameters.add_tag_specification(1, "image", request.image_tags);
  parameters.add_tag_specification(2, "snapshot", request.snapshot_tags);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  CO_TRY(auto id, xml::required_text(reply.root(), "imageId"));
  co_return ImageId(std::move(id));
}

}  // namespace pitstop::ec2
