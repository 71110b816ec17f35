#include "backup/shared_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/policy_names.hpp"

namespace pitstop {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

BackupOptions of_policy(const std::string& name) {
  BackupOptions options;
  options.policy = name;
  return options;
}

TEST(SharedOptions, AreThoseOfOneIfThereIsOne) {
  auto one = of_policy("web");
  one.guard_role = "role";
  one.exclude_volumes = {VolumeId("vol-1")};
  const auto shared = options_for_all({one});
  EXPECT_EQ(shared.policy, "web");
  EXPECT_EQ(shared.guard_role, "role");
  EXPECT_THAT(shared.exclude_volumes, ElementsAre(VolumeId("vol-1")));
}

TEST(SharedOptions, GiveEachPolicyWhatItAsksFor) {
  auto one = of_policy("online");
  one.approach = Approach::online;
  one.exclude_volumes = {VolumeId("vol-1"), VolumeId("vol-2")};
  one.max_downtime = std::chrono::minutes(10);
  one.set_tags = {{"a", "1"}, {"b", "1"}};
  one.begin_before = WallTime(Milliseconds(2000));
  auto other = of_policy("web");
  other.exclude_volumes = {VolumeId("vol-2")};
  other.drain = other.wait_pending = true;
  other.wait = false;
  other.accepted = {FindingCode::hibernation};
  other.guard_role = "role";
  other.set_tags = {{"b", "2"}, {"c", "2"}};
  other.begin_before = WallTime(Milliseconds(1000));
  const auto shared = options_for_all({one, other});
  EXPECT_EQ(shared.policy, "online web");
  EXPECT_EQ(shared.approach, Approach::stop) << "it is more than what the first asks for";
  EXPECT_THAT(shared.exclude_volumes, ElementsAre(VolumeId("vol-2"))) << "whole for both";
  EXPECT_EQ(shared.max_downtime, std::chrono::minutes(10));
  EXPECT_TRUE(shared.drain && shared.wait_pending && shared.wait);
  EXPECT_THAT(shared.accepted, ElementsAre(FindingCode::hibernation));
  EXPECT_EQ(shared.guard_role, "role");
  EXPECT_THAT(shared.set_tags,
              ElementsAre(ec2::Tag{"b", "2"}, ec2::Tag{"c", "2"}, ec2::Tag{"a", "1"}));
  EXPECT_EQ(shared.begin_before, WallTime(Milliseconds(1000)));
}

TEST(PolicyNames, AreFoundAmongOthers) {
  EXPECT_TRUE(is_for_policy("web", "web"));
  EXPECT_TRUE(is_for_policy("all web db", "web"));
  EXPECT_FALSE(is_for_policy("web-2", "web"));
  EXPECT_FALSE(is_for_policy("", "web"));
  EXPECT_THAT(policies_in(""), IsEmpty());
  EXPECT_THAT(policies_in(join_policies({"a", "b"})), ElementsAre("a", "b"));
}

TEST(PolicyNames, FindRoomInATag) {
  const std::string longest(64, 'x');
  EXPECT_EQ(most_policies_in_a_tag({longest, longest, longest, longest}), 3U);
  EXPECT_EQ(most_policies_in_a_tag({"a", "b"}), 2U);
}

}  // namespace
}  // namespace pitstop
