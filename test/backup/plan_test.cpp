#include "backup/plan.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/contains.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

ec2::Volume volume(const std::string& id, ec2::Tags tags = {}) {
  ec2::Volume made;
  made.id = VolumeId(id);
  made.size = ec2::Gibibytes(10);
  made.tags = std::move(tags);
  return made;
}

ec2::Instance server() {
  ec2::Instance instance;
  instance.id = InstanceId("i-0123456789abcdef0");
  instance.state = ec2::InstanceState::running;
  instance.root_device_name = "/dev/sda1";
  instance.root_device_type = "ebs";
  instance.volumes = {{"/dev/sda1", VolumeId("vol-1"), true},
                      {"/dev/sdf", VolumeId("vol-2"), false}};
  return instance;
}

Planned plan(const ec2::Instance& instance, const std::vector<ec2::Volume>& volumes,
             const BackupOptions& options = {}) {
  return make_plan(instance, {}, volumes, options, RunId("r-1"), BackupId("b-1"));
}

TEST(Plan, RefusesWhatCannotBeBackedUpBeforeAnythingHappens) {
  const std::vector<ec2::Volume> volumes{volume("vol-1"), volume("vol-2")};
  using enum ec2::InstanceState;
  for (const auto state : {pending, stopping, shutting_down, terminated}) {
    auto instance = server();
    instance.state = state;
    const auto refused = plan(instance, volumes);
    ASSERT_FALSE(refused.has_value()) << to_string(state);
    EXPECT_EQ(refused.error().code, FindingCode::state);
    EXPECT_FALSE(refused.error().hint.empty());
  }
  auto without_ebs = server();
  without_ebs.root_device_type = "instance-store";
  EXPECT_FALSE(plan(without_ebs, volumes).has_value());
  auto bare = server();
  bare.volumes.clear();
  EXPECT_FALSE(plan(bare, volumes).has_value());
  EXPECT_FALSE(plan(server(), {volume("vol-1")}).has_value()) << "vol-2 is not described";
}

TEST(Plan, AsksForDetachedVolumesOneByOne) {
  auto spare = volume("vol-3", {{"disk", "archive"}});
  spare.state = "available";
  const auto made = plan(server(), {volume("vol-1"), volume("vol-2"), spare},
                         {.approach = Approach::unmounted, .detached_volumes = {spare.id}});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->attached_volumes(), std::vector{VolumeId("vol-2")});
  EXPECT_EQ(made->detached_volumes(), std::vector{spare.id});
  const auto request = snapshot_request_for(*made, spare.id, Consistency::unmounted, WallTime());
  EXPECT_EQ(request.volume, spare.id);
  EXPECT_EQ(ec2::find_tag(request.tags, "pitstop:backup"), "b-1");
  EXPECT_EQ(individual_tags(*made, spare.id), (ec2::Tags{{"disk", "archive"}}));
  spare.state = "creating";
  EXPECT_FALSE(plan(server(), {volume("vol-1"), volume("vol-2"), spare},
                    {.approach = Approach::unmounted, .detached_volumes = {spare.id}}));
}

TEST(Plan, LeavesOutWhatIsExcluded) {
  const auto made =
      plan(server(), {volume("vol-1"), volume("vol-2")}, {.exclude_volumes = {VolumeId("vol-2")}});
  ASSERT_TRUE(made.has_value());
  const auto request = snapshot_request(*made, Consistency::at_rest, WallTime());
  EXPECT_FALSE(request.exclude_boot_volume);
  EXPECT_EQ(request.exclude_data_volumes, std::vector{VolumeId("vol-2")});
  EXPECT_FALSE(plan(server(), {volume("vol-1"), volume("vol-2")},
                    {.exclude_volumes = {VolumeId("vol-1"), VolumeId("vol-2")}})
                   .has_value());
}

TEST(Plan, RefusesMoreExclusionsThanEc2Takes) {
  auto instance = server();
  std::vector<ec2::Volume> volumes{volume("vol-1"), volume("vol-2")};
  BackupOptions options;
  for (int i = 0; i < 41; ++i) {
    const auto id = fmt::format("vol-x{}", i);
    instance.volumes.push_back({fmt::format("/dev/x{}", i), VolumeId(id), false});
    volumes.push_back(volume(id));
    options.exclude_volumes.emplace_back(id);
  }
  EXPECT_FALSE(plan(instance, volumes, options).has_value());
  options.exclude_volumes.pop_back();
  EXPECT_TRUE(plan(instance, volumes, options).has_value());
}

TEST(Plan, TagsThatAllVolumesShareGoIntoTheCallAndTheOthersComeLater) {
  const auto made =
      plan(server(), {volume("vol-1", {{"env", "prod"}, {"disk", "root"}, {"Name", "x"}}),
                      volume("vol-2", {{"env", "prod"}, {"disk", "data"}, {"aws:x", "y"}})});
  ASSERT_TRUE(made.has_value());
  EXPECT_TRUE(contains(made->common_tags, ec2::Tag{"env", "prod"}));
  EXPECT_FALSE(contains(made->common_tags, "disk", &ec2::Tag::key));
  const ec2::Tags expected{{"pitstop:device", "/dev/sdf"}, {"disk", "data"}};
  EXPECT_EQ(individual_tags(*made, VolumeId("vol-2")), expected);
}

TEST(Plan, ATagOfTheUserWinsOverTheNameOfTheServer) {
  const auto made =
      plan(server(), {volume("vol-1"), volume("vol-2")}, {.set_tags = {{"Name", "nightly"}}});
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(ec2::find_tag(made->common_tags, "Name"), "nightly");
}

TEST(Plan, NeverAsksForMoreTagsThanEc2Allows) {
  ec2::Tags many;
  for (int i = 0; i < 50; ++i) {
    many.push_back({fmt::format("key-{}", i), fmt::format("value-{}", i)});
  }
  const auto full = plan(server(), {volume("vol-1", many), volume("vol-2", many)});
  ASSERT_TRUE(full.has_value());
  const auto request = snapshot_request(*full, Consistency::at_rest, WallTime());
  EXPECT_LE(request.tags.size() + individual_tags(*full, VolumeId("vol-1")).size(), ec2::most_tags);
  EXPECT_TRUE(contains(full->findings, FindingCode::tag_lost, &Finding::code))
      << "what finds no room is said";

  const auto refused = plan(server(), {volume("vol-1"), volume("vol-2")}, {.set_tags = many});
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().hint.find("--set-tag"), std::string::npos);
}

TEST(Plan, SaysThatThePublicAddressWillChange) {
  auto instance = server();
  instance.public_ip = "203.0.113.7";
  instance.network_interfaces = {{"eni-1", "subnet-1", "10.0.0.5", 0, false}};
  const std::vector<ec2::Volume> volumes{volume("vol-1"), volume("vol-2")};
  const auto found = plan(instance, volumes)->findings;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].code, FindingCode::public_address);
  instance.network_interfaces[0].public_ip_is_elastic = true;
  EXPECT_TRUE(plan(instance, volumes)->findings.empty());
}

}  // namespace
}  // namespace pitstop
