// Images: made of servers, registered from snapshots, copied, taken back.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

using ec2::SnapshotState;

ec2::ImageRegistration registration_of(const std::vector<ec2::Snapshot>& snapshots) {
  ec2::ImageRegistration registration;
  registration.name = "contract-registered";
  registration.architecture = "x86_64";
  registration.virtualization = "hvm";
  registration.root_device_name = "/dev/xvda";
  registration.boot_mode = "uefi";
  registration.tags = {{"backup", "b-6"}};
  registration.volumes = {
      {"/dev/xvda", snapshots.at(0).id, "gp3", 3000, 125, true},
      {"/dev/sdf", snapshots.at(1).id, "gp3", 4000, 250, false},
  };
  return registration;
}

/// "x86_64 hvm /dev/xvda uefi"
Task<std::string> machine_of(Subject& subject, ImageId id) {
  const auto reply =
      needed("DescribeImages", co_await ask(subject, "DescribeImages", {{"ImageId.1", id.str()}}));
  const auto item = reply.root().child("imagesSet").child("item");
  co_return fmt::format("{} {} {} {}", item.child_value("architecture"),
                        item.child_value("virtualizationType"), item.child_value("rootDeviceName"),
                        item.child_value("bootMode"));
}

CONTRACT(MakesImages) {
  const auto server = co_await launch_with_data(subject, 2);
  co_await stop(subject, server.id);
  const ec2::ImageRequest request{.instance = server.id,
                                  .name = "contract-made",
                                  .description = "of a stopped server",
                                  .image_tags = {{"kind", "image"}},
                                  .snapshot_tags = {{"kind", "snapshot"}}};
  const auto id =
      needed("CreateImage", co_await ec2::create_image(subject.caller, request, Seconds(30)));
  subject.expect_refused("a name is taken once",
                         co_await ec2::create_image(subject.caller, request, Seconds(30)),
                         "InvalidAMIName.Duplicate");
  const auto image = co_await until(subject, id, "available");
  subject.expect("an image has its name and tags",
                 image.name == "contract-made" && told(image.tags) == "kind=image",
                 fmt::format("{} {}", image.name, told(image.tags)));
  subject.expect("an image has its server's platform and billing",
                 image.platform_details == server.platform_details &&
                     image.usage_operation == server.usage_operation,
                 fmt::format("{} {}", image.platform_details, image.usage_operation));
  const auto machine = co_await machine_of(subject, id);
  subject.expect("an image is for its server's machine",
                 machine == fmt::format("{} {} {} {}", server.architecture, server.virtualization,
                                        server.root_device_name, server.boot_mode),
                 machine);
  subject.expect("an image has a snapshot for each volume", image.snapshots.size() == 3,
                 fmt::format("{} snapshots", image.snapshots.size()));
  for (const auto& snapshot_id : image.snapshots) {
    const auto snapshot = co_await look_at(subject, snapshot_id);
    subject.expect("an available image stands on completed snapshots",
                   snapshot.state == SnapshotState::completed, snapshot_id.str());
    subject.expect("the snapshots of an image have their tags",
                   told(snapshot.tags) == "kind=snapshot", told(snapshot.tags));
    subject.expect(
        "the snapshots of an image are of the server's volumes",
        std::ranges::count(server.volumes, snapshot.volume, &ec2::AttachedVolume::volume) == 1,
        snapshot.volume.str());
  }
  const auto after = co_await look_at(subject, server.id);
  subject.expect("an image leaves its server stopped", after.state == ec2::InstanceState::stopped,
                 std::string(to_string(after.state)));
}

CONTRACT(LeavesVolumesOutOfImages) {
  const auto server = co_await launch_with_data(subject, 2);
  co_await stop(subject, server.id);
  const auto data = std::ranges::find_if(server.volumes, [&](const auto& attached) {
    return attached.device != server.root_device_name;
  });
  const ec2::ImageRequest request{.instance = server.id,
                                  .name = "contract-in-part",
                                  .description = "without a data volume",
                                  .exclude_devices = {data->device},
                                  .image_tags = {},
                                  .snapshot_tags = {}};
  const auto id =
      needed("CreateImage", co_await ec2::create_image(subject.caller, request, Seconds(30)));
  const auto image = co_await until(subject, id, "available");
  subject.expect("an image has no snapshot of a volume that is left out",
                 image.snapshots.size() == 2, fmt::format("{} snapshots", image.snapshots.size()));
}

CONTRACT(RegistersImages) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto snapshots = co_await complete_snapshots_of(subject, server.id);
  const auto registration = registration_of(snapshots);
  const auto id =
      needed("RegisterImage", co_await ec2::register_image(subject.caller, registration));
  const auto image = co_await until(subject, id, "available");
  subject.expect("a registered image has its tags", told(image.tags) == "backup=b-6",
                 told(image.tags));
  const std::set given{snapshots[0].id, snapshots[1].id};
  subject.expect("a registered image stands on the snapshots that were given",
                 std::set(image.snapshots.begin(), image.snapshots.end()) == given,
                 fmt::format("{} snapshots", image.snapshots.size()));
  const auto machine = co_await machine_of(subject, id);
  subject.expect("a registered image is for the machine that was given",
                 machine == "x86_64 hvm /dev/xvda uefi", machine);
  subject.expect_refused("a name is registered once",
                         co_await ec2::register_image(subject.caller, registration),
                         "InvalidAMIName.Duplicate");
}

CONTRACT(RefusesImagesOfNothing) {
  const auto server = co_await launch_with_data(subject, 1);
  auto registration = registration_of(co_await snapshots_of(subject, server.id));
  subject.expect_refused("an image of a pending snapshot is refused",
                         co_await ec2::register_image(subject.caller, registration));
  registration.volumes.pop_back();
  registration.volumes[0].snapshot = SnapshotId("snap-0123456789abcdef0");
  subject.expect_refused("an image of an unknown snapshot is refused",
                         co_await ec2::register_image(subject.caller, registration),
                         "InvalidSnapshot.NotFound");
  ec2::ImageRequest request;
  request.instance = InstanceId("i-0123456789abcdef0");
  request.name = "contract-of-nobody";
  subject.expect_refused("an image of an unknown server is refused",
                         co_await ec2::create_image(subject.caller, request, Seconds(30)),
                         "InvalidInstanceID.NotFound");
}

CONTRACT(LaunchesFromRegisteredImages) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto snapshots = co_await complete_snapshots_of(subject, server.id);
  const auto image = needed(
      "RegisterImage", co_await ec2::register_image(subject.caller, registration_of(snapshots)));
  co_await until(subject, image, "available");
  auto request = small_server(subject);
  request.image = image;
  const auto restored = co_await launch(subject, request);
  subject.expect("a server has the volumes of its image", restored.volumes.size() == 2,
                 fmt::format("{} volumes", restored.volumes.size()));
  for (const auto& mapped : registration_of(snapshots).volumes) {
    const auto found =
        std::ranges::find(restored.volumes, mapped.device, &ec2::AttachedVolume::device);
    const bool there = found != restored.volumes.end();
    subject.expect("a server has its volumes where its image says", there,
                   mapped.device + " is empty");
    if (!there) {
      continue;
    }
    subject.expect("a volume goes with its server as the image says",
                   found->delete_on_termination == mapped.delete_on_termination, mapped.device);
    const auto volume = co_await look_at(subject, found->volume);
    subject.expect("a volume is made as the image says",
                   volume.made_from == mapped.snapshot && volume.type == mapped.type &&
                       volume.iops == mapped.iops && volume.throughput == mapped.throughput,
                   fmt::format("{} {} {} {}", volume.made_from.str(), volume.type,
                               volume.iops.value_or(0), volume.throughput.value_or(0)));
  }
}

CONTRACT(CopiesImages) {
  const auto server = co_await launch_with_data(subject, 1);
  co_await stop(subject, server.id);
  const ec2::ImageRequest request{.instance = server.id,
                                  .name = "contract-original",
                                  .description = "of a stopped server",
                                  .image_tags = {{"kind", "image"}},
                                  .snapshot_tags = {}};
  const auto source =
      needed("CreateImage", co_await ec2::create_image(subject.caller, request, Seconds(30)));
  const ec2::ImageCopyRequest copy{.source_region = region,
                                   .source = source,
                                   .name = "contract-copy",
                                   .description = "a copy",
                                   .client_token = subject.new_token(),
                                   .image_tags = {{"kind", "copy"}},
                                   .snapshot_tags = {{"kind", "snapshot"}}};
  subject.expect_refused("a pending image is not copied",
                         co_await ec2::copy_image(subject.caller, copy));
  const auto original = co_await until(subject, source, "available");
  const auto id = needed("CopyImage", co_await ec2::copy_image(subject.caller, copy));
  const auto again = needed("CopyImage", co_await ec2::copy_image(subject.caller, copy));
  subject.expect("the same token never makes a second copy", again == id, again.str());
  const auto image = co_await until(subject, id, "available");
  subject.expect("a copy of an image has its own name", image.name == "contract-copy", image.name);
  subject.expect("a copy of an image has its own tags and none of its source",
                 told(image.tags) == "kind=copy", told(image.tags));
  subject.expect("a copy of an image has its source's platform and billing",
                 image.platform_details == original.platform_details &&
                     image.usage_operation == original.usage_operation,
                 fmt::format("{} {}", image.platform_details, image.usage_operation));
  const auto machine = co_await machine_of(subject, id);
  const auto machine_of_source = co_await machine_of(subject, source);
  subject.expect("a copy of an image is for its source's machine", machine == machine_of_source,
                 machine);
  subject.expect("a copy of an image has as many snapshots as its source",
                 image.snapshots.size() == original.snapshots.size(),
                 fmt::format("{} snapshots", image.snapshots.size()));
  for (const auto& snapshot_id : image.snapshots) {
    subject.expect("a copy of an image has snapshots of its own",
                   std::ranges::count(original.snapshots, snapshot_id) == 0, snapshot_id.str());
    const auto snapshot = co_await look_at(subject, snapshot_id);
    subject.expect("the snapshots of a copied image have their tags",
                   told(snapshot.tags) == "kind=snapshot", told(snapshot.tags));
  }
}

CONTRACT(TakesImagesBack) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto snapshots = co_await complete_snapshots_of(subject, server.id);
  const auto image = needed(
      "RegisterImage", co_await ec2::register_image(subject.caller, registration_of(snapshots)));
  co_await until(subject, image, "available");
  subject.expect_refused("a snapshot that an image stands on is not deleted",
                         co_await ec2::delete_snapshot(subject.caller, snapshots[0].id),
                         "InvalidSnapshot.InUse");
  needed("DeregisterImage", co_await ec2::deregister_image(subject.caller, image));
  subject.expect_refused("an image is not deregistered twice",
                         co_await ec2::deregister_image(subject.caller, image),
                         "InvalidAMIID.Unavailable");
  auto request = small_server(subject);
  request.image = image;
  subject.expect_refused("a deregistered image launches nothing",
                         co_await ec2::run_instance(subject.caller, request));
  const auto snapshot = co_await look_at(subject, snapshots[1].id);
  subject.expect("a deregistered image leaves its snapshots",
                 snapshot.state == SnapshotState::completed, "not completed");
  const auto deleted = co_await ec2::delete_snapshot(subject.caller, snapshots[1].id);
  subject.expect("a snapshot that no image stands on any more is deleted", deleted.has_value(),
                 deleted ? "" : deleted.error().message);
}

}  // namespace
}  // namespace pitstop::test
