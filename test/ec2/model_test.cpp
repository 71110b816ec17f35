#include "ec2/model.hpp"

#include <gtest/gtest.h>

namespace pitstop::ec2 {
namespace {

TEST(ParseProgress, ReadsEveryFormThatEc2Writes) {
  EXPECT_EQ(parse_progress("0%"), 0);
  EXPECT_EQ(parse_progress("45%"), 45);
  EXPECT_EQ(parse_progress("45"), 45);
  EXPECT_EQ(parse_progress(" 7 % "), 7);
  EXPECT_EQ(parse_progress("100%"), 100);
}

TEST(ParseProgress, NothingIsNotZero) {
  EXPECT_EQ(parse_progress(""), std::nullopt);
  EXPECT_EQ(parse_progress("  "), std::nullopt);
  EXPECT_EQ(parse_progress("%"), std::nullopt);
}

TEST(ParseProgress, GarbageSaysNothing) {
  for (const auto* garbage : {"n/a", "45%%", "4 5%", "0x10%", "45.5%", "%45", "99999999999999%"}) {
    EXPECT_EQ(parse_progress(garbage), std::nullopt) << garbage;
  }
}

TEST(ParseProgress, StaysBetweenZeroAndAHundred) {
  EXPECT_EQ(parse_progress("150%"), 100);
  EXPECT_EQ(parse_progress("-3%"), 0);
}

Instance with_root(std::string root, std::vector<std::string> devices) {
  Instance instance;
  instance.state = InstanceState::stopped;
  instance.root_device_name = std::move(root);
  for (auto& device : devices) {
    instance.volumes.push_back({std::move(device), VolumeId("vol-1")});
  }
  return instance;
}

TEST(RootDevice, IsAsTheMappingNamesIt) {
  EXPECT_EQ(root_device_of(with_root("/dev/xvda", {"/dev/sdf", "/dev/xvda"})), "/dev/xvda");
  EXPECT_EQ(root_device_of(with_root("/dev/sda1", {"/dev/sdf", "/dev/sda"})), "/dev/sda");
  EXPECT_EQ(root_device_of(with_root("/dev/sda", {"/dev/sda1", "/dev/sdf"})), "/dev/sda1");
  EXPECT_EQ(root_device_of(with_root("", {"/dev/sdf"})), "");
}

TEST(RootDevice, IsTheOnlyVolumeOfAServerThatRuns) {
  auto instance = with_root("/dev/sda1", {"/dev/xvda"});
  EXPECT_EQ(root_device_of(instance), "/dev/sda1") << "its root volume may be detached";
  instance.state = InstanceState::running;
  EXPECT_EQ(root_device_of(instance), "/dev/xvda");
  instance.volumes.push_back({"/dev/sdf", VolumeId("vol-2")});
  EXPECT_EQ(root_device_of(instance), "/dev/sda1");
}

TEST(RootDevice, IsNotGuessedAmongSeveral) {
  EXPECT_EQ(root_device_of(with_root("/dev/sda", {"/dev/sda1", "/dev/sda2"})), "/dev/sda");
}

TEST(Model, StatesHaveEc2sNames) {
  EXPECT_EQ(to_string(InstanceState::shutting_down), "shutting-down");
  EXPECT_EQ(to_string(InstanceState::stopped), "stopped");
  EXPECT_EQ(to_string(SnapshotState::recoverable), "recoverable");
}

TEST(Model, TheNameOfAnInstanceIsItsTag) {
  Instance instance;
  EXPECT_EQ(instance.name(), std::nullopt);
  instance.tags = {{"name", "no"}, {"Name", ""}};
  EXPECT_EQ(instance.name(), "");
  EXPECT_EQ(find_tag(instance.tags, "name"), "no");
}

}  // namespace
}  // namespace pitstop::ec2
