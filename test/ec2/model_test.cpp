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
