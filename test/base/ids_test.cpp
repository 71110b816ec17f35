#include "base/ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <type_traits>

namespace pitstop {
namespace {

using testing::HasSubstr;

static_assert(!std::is_convertible_v<VolumeId, InstanceId>);
static_assert(!std::is_convertible_v<std::string, InstanceId>);

TEST(InstanceIds, HaveEightOrSeventeenDigits) {
  EXPECT_EQ(parse_instance_id("i-0123456789abcdef0")->str(), "i-0123456789abcdef0");
  EXPECT_EQ(parse_instance_id("i-1234abcd")->str(), "i-1234abcd");
  for (const auto* text :
       {"", "i", "i-", "i-123", "i-0123456789abcdef", "i-0123456789abcdef01", "I-1234abcd",
        "i-1234ABCD", "i-1234abcg", " i-1234abcd", "i-1234abcd\n", "vol-1234abcd", "web-server"}) {
    const auto id = parse_instance_id(text);
    ASSERT_FALSE(id) << text;
    EXPECT_EQ(id.error().kind, ErrorKind::usage);
    EXPECT_THAT(id.error().message, HasSubstr("is not an instance id"));
    EXPECT_THAT(id.error().hint, HasSubstr("i-0abc"));
  }
}

TEST(VolumeIds, HaveEightOrSeventeenDigits) {
  EXPECT_EQ(parse_volume_id("vol-0123456789abcdef0")->str(), "vol-0123456789abcdef0");
  EXPECT_EQ(parse_volume_id("vol-1234abcd")->str(), "vol-1234abcd");
  EXPECT_EQ(parse_volume_id("i-1234abcd").error().message, "\"i-1234abcd\" is not a volume id");
}

TEST(Ids, AreOrderedAndEqualByTheirText) {
  const std::set<SnapshotId> ids = {SnapshotId("snap-b"), SnapshotId("snap-a"),
                                    SnapshotId("snap-b")};
  EXPECT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids.begin()->str(), "snap-a");
  EXPECT_TRUE(SnapshotId().empty());
}

}  // namespace
}  // namespace pitstop
