#include "ec2/images.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "ec2/dry_run.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

Image read_image(const pugi::xml_node& item) {
  Image image;
  image.id = ImageId(xml::text(item, "imageId"));
  image.name = xml::text(item, "name");
  image.description = xml::text(item, "description");
  image.state = xml::text(item, "imageState");
  image.created = xml::time(item, "creationDate");
  image.platform_details = xml::text(item, "platformDetails");
  image.usage_operation = xml::text(item, "usageOperation");
  for (const auto& code : item.child("productCodes").children("item")) {
    image.product_codes.push_back(xml::text(code, "productCode"));
  }
  for (const auto& mapping : item.child("blockDeviceMapping").children("item")) {
    if (auto snapshot = xml::text(mapping.child("ebs"), "snapshotId"); !snapshot.empty()) {
      image.snapshots.emplace_back(std::move(snapshot));
      image.devices.push_back(xml::text(mapping, "deviceName"));
    }
  }
  image.tags = xml::tags(item);
  return image;
}

void add_mapping(Parameters& parameters, std::size_t number, const MappedVolume& volume) {
  const auto prefix = fmt::format("BlockDeviceMapping.{}.", number);
  parameters.add(prefix + "DeviceName", volume.device);
  parameters.add(prefix + "Ebs.SnapshotId", volume.snapshot);
  parameters.add(prefix + "Ebs.VolumeType", volume.type);
  parameters.add(prefix + "Ebs.Iops", volume.iops);
  parameters.add(prefix + "Ebs.Throughput", volume.throughput);
  parameters.add(prefix + "Ebs.DeleteOnTermination", volume.delete_on_termination);
}

Call image_call(const ImageRequest& request) {
  Call call{.action = "CreateImage", .effect = Effect::creates};
  call.parameters.add("InstanceId", request.instance);
  call.parameters.add("Name", request.name);
  call.parameters.add("Description", request.description);
  call.parameters.add("NoReboot", true);
  for (std::size_t i = 0; i < request.exclude_devices.size(); ++i) {
    const auto prefix = fmt::format("BlockDeviceMapping.{}.", i + 1);
    call.parameters.add(prefix + "DeviceName", request.exclude_devices[i]);
    call.parameters.add(prefix + "NoDevice", "");
  }
  call.parameters.add_tag_specification(1, "image", request.image_tags);
  // Numbers without a gap: EC2 reads a list up to the first that is missing.
  call.parameters.add_tag_specification(request.image_tags.empty() ? 1 : 2, "snapshot",
                                        request.snapshot_tags);
  return call;
}

}  // namespace

Task<Result<std::vector<Image>>> describe_images(Caller& caller, std::vector<ImageId> ids,
                                                 std::vector<Filter> filters) {
  CHECK(!ids.empty() || !filters.empty());
  Call call{.action = "DescribeImages"};
  call.parameters.add_list("ImageId", ids);
  if (ids.empty()) {
    call.parameters.add("Owner.1", "self");
  }
  call.parameters.add_filters(filters);
  std::vector<Image> images;
  const auto read = [&](const pugi::xml_node& item) { images.push_back(read_image(item)); };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "imagesSet", read));
  co_return images;
}

Task<Result<ImageId>> create_image(Caller& caller, ImageRequest request, Duration longest) {
  Call call = image_call(request);
  call.patience = Duration{};
  call.attempt_timeout = std::chrono::ceil<Milliseconds>(longest);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  CO_TRY(auto id, xml::required_text(reply.root(), "imageId"));
  co_return ImageId(std::move(id));
}

Task<Status> may_create_image(Caller& caller, ImageRequest request) {
  return dry_run(caller, image_call(request));
}

Task<Result<ImageId>> register_image(Caller& caller, ImageRegistration registration) {
  Call call{.action = "RegisterImage", .effect = Effect::creates};
  auto& parameters = call.parameters;
  parameters.add("Name", registration.name);
  parameters.add("Description", registration.description);
  parameters.add("Architecture", registration.architecture);
  parameters.add("VirtualizationType", registration.virtualization);
  parameters.add("RootDeviceName", registration.root_device_name);
  parameters.add("EnaSupport", registration.ena_support);
  parameters.add_unless_empty("SriovNetSupport", registration.sriov_net_support);
  parameters.add_unless_empty("BootMode", registration.boot_mode);
  parameters.add_unless_empty("TpmSupport", registration.tpm_support);
  parameters.add_unless_empty("UefiData", registration.uefi_data);
  parameters.add_unless_empty("ImdsSupport", registration.imds_support);
  parameters.add_unless_empty("KernelId", registration.kernel);
  parameters.add_unless_empty("RamdiskId", registration.ramdisk);
  for (std::size_t i = 0; i < registration.volumes.size(); ++i) {
    add_mapping(parameters, i + 1, registration.volumes[i]);
  }
  parameters.add_tag_specification(1, "image", registration.tags);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  CO_TRY(auto id, xml::required_text(reply.root(), "imageId"));
  co_return ImageId(std::move(id));
}

Task<Status> deregister_image(Caller& caller, ImageId image) {
  Call call{.action = "DeregisterImage", .effect = Effect::settles};
  call.parameters.add("ImageId", image);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace pitstop::ec2
