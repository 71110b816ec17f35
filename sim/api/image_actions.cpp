#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/block_devices.hpp"
#include "sim/api/image_view.hpp"
#include "sim/api/tagging.hpp"
#include "sim/api/visible.hpp"
#include "sim/api/volume_rules.hpp"
#include "sim/cloud/copies.hpp"

namespace pitstop::sim::actions {
namespace {

Answer<std::string> read_name(FormReader& form) {
  TRY(auto name, form.required("Name"));
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()[]./-'@_";
  if (name.size() < 3 || name.size() > 128 ||
      name.find_first_not_of(allowed) != std::string::npos) {
    return refuse("InvalidAMIName.Malformed",
                  "AMI names must be between 3 and 128 characters long, and may contain letters, "
                  "numbers, '(', ')', '.', '-', '/' and '_'");
  }
  return name;
}

struct Registration {
  Image image;
  std::vector<BlockDevice> devices;
};

// What is left out is as EC2 has it, which no image of today wants: i386 and paravirtual.
Answer<Registration> read_registration(FormReader& form) {
  Registration registration;
  auto& image = registration.image;
  auto& machine = image.settings;
  TRY(image.name, read_name(form));
  image.description = form.text("Description");
  TRY(machine.architecture,
      form.choice("Architecture", {"i386", "x86_64", "arm64", "x86_64_mac", "arm64_mac"}, "i386"));
  TRY(machine.virtualization,
      form.choice("VirtualizationType", {"hvm", "paravirtual"}, "paravirtual"));
  TRY(machine.root_device_name, form.required("RootDeviceName"));
  TRY(machine.ena_support, form.boolean("EnaSupport"));
  TRY(machine.boot_mode, form.choice("BootMode", {"legacy-bios", "uefi", "uefi-preferred"}));
  TRY(machine.tpm_support, form.choice("TpmSupport", {"v2.0"}));
  TRY(image.imds_support, form.choice("ImdsSupport", {"v2.0"}));
  TRY(image.sriov_net_support, form.choice("SriovNetSupport", {"simple"}));
  machine.uefi_data = form.text("UefiData");
  TRY(registration.devices, read_block_devices(form));
  if (!contains(registration.devices, machine.root_device_name, &BlockDevice::name)) {
    return refuse("InvalidBlockDeviceMapping", "The root device is not in the mapping");
  }
  TRY(auto tags, read_tag_specifications(form, {"image"}));
  image.tags = std::move(tags["image"]);
  return registration;
}

Answer<ImageCopy> read_image_copy(FormReader& form) {
  ImageCopy copy;
  TRY(copy.name, read_name(form));
  TRY(copy.source, read_id<ImageId>(form, "SourceImageId"));
  TRY(copy.source_region, form.required("SourceRegion"));
  copy.description = form.text("Description");
  copy.client_token = form.text("ClientToken");
  TRY(copy.copies_tags, form.boolean("CopyImageTags"));
  TRY(copy.encrypted, form.boolean("Encrypted"));
  copy.kms_key = form.text("KmsKeyId");
  if (!copy.kms_key.empty() && !copy.encrypted) {
    return key_without_encryption();
  }
  TRY(auto tags, read_tag_specifications(form, {"image", "snapshot"}));
  copy.image_tags = std::move(tags["image"]);
  copy.snapshot_tags = std::move(tags["snapshot"]);
  return copy;
}

/// Of the account's own images only.
Answer<ImageId> copy_anew(ActionCall& call, const ImageCopy& copy) {
  TRY(auto* const there, find_region(call, copy.source_region));
  TRY(const auto* const source, find_image(*there, copy.source));
  TRY(auto tags,
      with_tags(copy.copies_tags ? without_amazons(source->tags) : Tags(), copy.image_tags));
  return sim::copy_image(call.region, *there, *source, copy, std::move(tags));
}

/// Those of the ids, or all there are.
std::map<ImageId, const Image*> images_asked(const Region& region,
                                             const std::vector<std::string>& ids) {
  std::map<ImageId, const Image*> images;
  for (const auto& id : ids) {
    const auto found = region.images.find(ImageId(id));
    if (found != region.images.end()) {
      images.emplace(found->first, &found->second);
    }
  }
  if (ids.empty()) {
    for (const auto& [id, image] : region.images) {
      images.emplace(id, &image);
    }
  }
  images.emplace(amazon_image().id, &amazon_image());
  return images;
}

bool is_owned_by_one_of(const SeenImage& seen, const std::vector<std::string>& owners) {
  return owners.empty() || contains(owners, seen.owner()) ||
         contains(owners, seen.is_amazons() ? "amazon" : "self");
}

}  // namespace

Answer<void> create_image(ActionCall& call) {
  ImageCreation creation;
  TRY(creation.instance, read_id<InstanceId>(call.form, "InstanceId"));
  TRY(creation.name, read_name(call.form));
  creation.description = call.form.text("Description");
  TRY(creation.no_reboot, call.form.boolean("NoReboot"));
  TRY(const auto devices, read_block_devices(call.form));
  for (const auto& device : devices) {
    if (!device.removed) {
      return refuse("UnsupportedOperation",
                    "ec2sim's images change no volume: only NoDevice is taken");
    }
    creation.excluded.push_back(device.name);
  }
  TRY_STATUS(call.form.choice("SnapshotLocation", {"regional"}));
  TRY(auto tags, read_tag_specifications(call.form, {"image", "snapshot"}));
  creation.image_tags = std::move(tags["image"]);
  creation.snapshot_tags = std::move(tags["snapshot"]);
  TRY_STATUS(call.admit());
  TRY(const auto id, sim::create_image(call.region, creation));
  xml::put(call.answer, "imageId", id.str());
  return {};
}

Answer<void> copy_image(ActionCall& call) {
  TRY(const auto copy, read_image_copy(call.form));
  TRY_STATUS(call.admit());
  TRY(auto id, copied_before(call.region, copy));
  if (!id) {
    TRY(id, copy_anew(call, copy));
  }
  xml::put(call.answer, "imageId", id->str());
  return {};
}

Answer<void> register_image(ActionCall& call) {
  TRY(auto registration, read_registration(call.form));
  TRY_STATUS(call.admit());
  TRY(registration.image.volumes, map_volumes(call.region, registration.devices));
  TRY(const auto id, sim::register_image(call.region, std::move(registration.image)));
  xml::put(call.answer, "imageId", id.str());
  return {};
}

Answer<void> deregister_image(ActionCall& call) {
  TRY(const auto id, read_id<ImageId>(call.form, "ImageId"));
  TRY(const bool with_snapshots, call.form.boolean("DeleteAssociatedSnapshots"));
  TRY_STATUS(call.admit());
  TRY_STATUS(sim::deregister_image(call.region, id));
  xml::put_success(call.answer);
  if (with_snapshots) {
    auto results = call.answer.append_child("deleteSnapshotResultSet");
    for (const auto& mapped : call.region.images.at(id).volumes) {
      const auto deleted = sim::delete_snapshot(call.region, mapped.snapshot);
      auto item = results.append_child("item");
      xml::put(item, "snapshotId", mapped.snapshot.str());
      xml::put(item, "returnCode", deleted ? "success" : "skipped");
    }
  }
  return {};
}

Answer<void> describe_images(ActionCall& call) {
  const Catalogue<SeenImage> catalogue{"ImageId", image_ids, image_filters(), "imagesSet",
                                       write_image};
  const auto owners = call.form.list("Owner");
  TRY_STATUS(call.form.boolean("IncludeDeprecated"));
  TRY_STATUS(call.form.boolean("IncludeDisabled"));
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  auto set = call.answer.append_child(catalogue.set);
  return for_each_asked(
      call, catalogue, inquiry, images_asked(call.region, inquiry.ids),
      [&](const Image* image) {
        return is_there(*image, call.seen)
                   ? std::optional<SeenImage>({call.region, *image, call.seen})
                   : std::nullopt;
      },
      [&](const SeenImage& seen) {
        if (is_owned_by_one_of(seen, owners)) {
          write_image(set.append_child("item"), seen);
        }
      });
}

}  // namespace pitstop::sim::actions
