#include "restore/restore_volumes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace pitstop {
namespace {

using testing::HasSubstr;

/// A backup of so many volumes, all of a server that had them elsewhere.
BackupSet of_volumes(int count) {
  ec2::Instance server;
  server.id = InstanceId("i-1");
  server.zone = "us-east-1a";
  BackupSet set;
  set.backup = BackupId("b-1");
  set.instance = server.id;
  set.state = SetState::complete;
  set.tags = pack_configuration(capture_configuration(server, {}, {}));
  for (int i = 0; i < count; ++i) {
    set.snapshots.push_back({.id = SnapshotId(fmt::format("snap-{}", i)),
                             .volume = VolumeId(fmt::format("vol-{}", i)),
                             .device = "/dev/xvda",
                             .state = ec2::SnapshotState::completed,
                             .state_message = {},
                             .progress = {},
                             .full_bytes = {}});
  }
  return set;
}

VolumeWishes attached_to_a_server(const std::string& platform, std::optional<int> room = {}) {
  ec2::Instance target;
  target.id = InstanceId("i-2");
  target.type = "m7i.large";
  target.zone = "us-east-1a";
  target.platform_details = platform;
  target.root_device_name = "/dev/xvda";
  target.volumes = {{"/dev/xvda", VolumeId("vol-root")}, {"/dev/sdg", VolumeId("vol-g")}};
  return {.attach_to = target, .room = room};
}

Result<VolumesPlan> plan(int count, const VolumeWishes& wishes) {
  return plan_volumes(RestoreId("rs-1"), of_volumes(count), wishes);
}

TEST(RestoreVolumes, FindDevicesForFortyAndMore) {
  for (const auto* platform : {"Linux/UNIX", "Windows"}) {
    const auto planned = plan(62, attached_to_a_server(platform));
    ASSERT_TRUE(planned) << planned.error().message;
    const std::set<std::string> devices(planned->devices.begin(), planned->devices.end());
    EXPECT_EQ(devices.size(), 62U) << "each has a place of its own";
    EXPECT_FALSE(devices.contains("/dev/sdg"));
    EXPECT_FALSE(devices.contains("/dev/xvda"));
    EXPECT_TRUE(devices.contains("/dev/sdp"));
    EXPECT_TRUE(devices.contains(std::string(platform) == "Windows" ? "xvdba" : "/dev/xvdba"));
  }
}

TEST(RestoreVolumes, AreRefusedWhereThereIsNoDeviceLeft) {
  const auto planned = plan(63, attached_to_a_server("Linux/UNIX"));
  ASSERT_FALSE(planned);
  EXPECT_THAT(planned.error().message, HasSubstr("has no room for another volume"));
}

TEST(RestoreVolumes, AreRefusedWhereTheTypeTakesNoMore) {
  EXPECT_TRUE(plan(3, attached_to_a_server("Linux/UNIX", 3)));
  const auto planned = plan(4, attached_to_a_server("Linux/UNIX", 3));
  ASSERT_FALSE(planned);
  EXPECT_THAT(planned.error().message, HasSubstr("can have 3 more volumes; these are 4"));
}

}  // namespace
}  // namespace pitstop
