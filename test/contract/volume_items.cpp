// Volumes: making, attaching, detaching and deleting them, as a restore does.

#include <fmt/format.h>

#include "contract/cloud.hpp"

namespace pitstop::test {
namespace {

const VolumeId unknown_volume("vol-0123456789abcdef0");

ec2::VolumeRequest volume_from(Subject& subject, SnapshotId snapshot) {
  ec2::VolumeRequest request;
  request.zone = zone;
  request.from = std::move(snapshot);
  request.type = "gp3";
  request.client_token = subject.new_token();
  return request;
}

CONTRACT(MakesVolumesFromSnapshots) {
  const auto server = co_await launch(subject);
  const auto set = co_await complete_snapshots_of(subject, server.id);
  auto request = volume_from(subject, set[0].id);
  request.iops = 4000;
  request.tags = {{"restored", "yes"}};
  const auto id = needed("CreateVolume", co_await ec2::create_volume(subject.caller, request));
  const auto volume = co_await until(subject, id, "available");
  subject.expect("a volume made from a snapshot has its size", volume.size == set[0].size,
                 fmt::format("{} GiB", static_cast<int>(volume.size)));
  subject.expect("a volume tells what it was made from", volume.made_from == set[0].id,
                 volume.made_from.str());
  subject.expect("a volume is as it was asked for",
                 volume.type == "gp3" && volume.iops == 4000 && volume.zone == zone &&
                     told(volume.tags) == "restored=yes",
                 fmt::format("{} {} {} {}", volume.type, volume.iops.value_or(0), volume.zone,
                             told(volume.tags)));
  const auto again =
      needed("a second CreateVolume", co_await ec2::create_volume(subject.caller, request));
  subject.expect("the same token never makes a second volume", again == id, again.str());
  request.client_token = subject.new_token();
  const auto other =
      needed("a second CreateVolume", co_await ec2::create_volume(subject.caller, request));
  subject.expect("another token makes another volume", other != id, other.str());
}

CONTRACT(RefusesWrongVolumes) {
  const auto server = co_await launch(subject);
  const auto set = co_await snapshots_of(subject, server.id);
  subject.expect_refused(
      "a pending snapshot makes no volume",
      co_await ec2::create_volume(subject.caller, volume_from(subject, set[0].id)),
      "IncorrectState");
  const SnapshotId unknown("snap-0123456789abcdef0");
  subject.expect_refused("an unknown snapshot makes no volume",
                         co_await ec2::create_volume(subject.caller, volume_from(subject, unknown)),
                         "InvalidSnapshot.NotFound");
  co_await until(subject, set[0].id, ec2::SnapshotState::completed);
  auto elsewhere = volume_from(subject, set[0].id);
  elsewhere.zone = "us-east-1x";
  subject.expect_refused("there is no volume in an unknown zone",
                         co_await ec2::create_volume(subject.caller, elsewhere));
  subject.expect_refused(
      "a volume smaller than its snapshot is refused",
      co_await ask(subject, "CreateVolume",
                   {{"AvailabilityZone", zone}, {"SnapshotId", set[0].id.str()}, {"Size", "1"}}));
}

CONTRACT(AttachesVolumes) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto other = co_await launch(subject);
  const auto volume = co_await make_volume(subject);
  const auto attach = [&](const VolumeId& which, const InstanceId& to, const char* device) {
    return ec2::attach_volume(subject.caller, which, to, device);
  };
  subject.expect_refused("a busy device takes no second volume",
                         co_await attach(volume, server.id, "/dev/sdf"), "InvalidParameterValue");
  subject.expect_refused("an unknown volume is not attached",
                         co_await attach(unknown_volume, server.id, "/dev/sdg"),
                         "InvalidVolume.NotFound");
  needed("AttachVolume", co_await attach(volume, server.id, "/dev/sdg"));
  const auto attached = co_await until(subject, volume, "in-use");
  subject.expect("an attached volume shows where",
                 attached.attachments.size() == 1 &&
                     attached.attachments[0].instance == server.id &&
                     attached.attachments[0].device == "/dev/sdg",
                 fmt::format("{} attachments", attached.attachments.size()));
  subject.expect_refused("a volume in use is not attached to another server",
                         co_await attach(volume, other.id, "/dev/sdg"), "VolumeInUse");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a server shows a volume that was attached", after.volumes.size() == 3,
                 fmt::format("{} volumes", after.volumes.size()));
}

CONTRACT(AttachesNothingTooEarly) {
  const auto volume = co_await make_volume(subject);
  const auto launched =
      needed("RunInstances", co_await ec2::run_instance(subject.caller, small_server(subject)));
  subject.expect_refused(
      "a pending server gets no volume attached",
      co_await ec2::attach_volume(subject.caller, volume, launched.id, "/dev/sdf"),
      "IncorrectState");
}

CONTRACT(AttachesNothingAcrossZones) {
  const auto server = co_await launch(subject);
  const auto reply = needed(
      "CreateVolume",
      co_await ask(subject, "CreateVolume", {{"AvailabilityZone", "us-east-1b"}, {"Size", "1"}}));
  const VolumeId volume(reply.root().child_value("volumeId"));
  co_await until(subject, volume, "available");
  subject.expect_refused("a volume of another zone is not attached",
                         co_await ec2::attach_volume(subject.caller, volume, server.id, "/dev/sdf"),
                         "InvalidVolume.ZoneMismatch");
}

CONTRACT(DetachesNoRootOfARunningServer) {
  const auto server = co_await launch(subject);
  subject.expect_refused("the root volume of a running server is not detached",
                         co_await ec2::detach_volume(subject.caller, root_of(server), server.id),
                         "OperationNotPermitted");
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a running server keeps its root volume", after.volumes.size() == 1, "it is gone");
}

CONTRACT(DetachesVolumes) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto root = root_of(server);
  const auto data = at(server, "/dev/sdf").volume;
  const auto other = co_await launch(subject);
  subject.expect_refused("a volume is not detached from a server that does not have it",
                         co_await ec2::detach_volume(subject.caller, data, other.id),
                         "InvalidAttachment.NotFound");
  co_await stop(subject, server.id);
  for (const auto& volume : {root, data}) {
    needed("DetachVolume", co_await ec2::detach_volume(subject.caller, volume, server.id));
    const auto free = co_await until(subject, volume, "available");
    subject.expect("a detached volume is attached to nothing", free.attachments.empty(),
                   fmt::format("{} attachments", free.attachments.size()));
    subject.expect_refused("a volume is not detached twice",
                           co_await ec2::detach_volume(subject.caller, volume, server.id),
                           "IncorrectState");
  }
  const auto after = co_await look_at(subject, server.id);
  subject.expect("a server does not show volumes that were detached", after.volumes.empty(),
                 fmt::format("{} volumes", after.volumes.size()));
}

CONTRACT(DeletesVolumes) {
  const auto server = co_await launch_with_data(subject, 1);
  const auto data = at(server, "/dev/sdf").volume;
  subject.expect_refused("an attached volume is not deleted",
                         co_await ec2::delete_volume(subject.caller, data), "VolumeInUse");
  const auto volume = co_await make_volume(subject);
  needed("DeleteVolume", co_await ec2::delete_volume(subject.caller, volume));
  subject.expect_refused("a deleted volume is not described any more",
                         co_await ec2::describe_volumes(subject.caller, {volume}, {}),
                         "InvalidVolume.NotFound");
  subject.expect_refused("a volume is not deleted twice",
                         co_await ec2::delete_volume(subject.caller, volume),
                         "InvalidVolume.NotFound");
}

}  // namespace
}  // namespace pitstop::test
