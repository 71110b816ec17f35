#include "backup/fast_restore.hpp"

#include <gtest/gtest.h>

#include "backup/ending_fast_restore.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

Duration expected_of_gib(std::int64_t size) {
  return expected_of({SnapshotId("snap-1"), ec2::Gibibytes(size)});
}

TEST(FastRestorePlan, TakesAnHourATebibyte) {
  EXPECT_EQ(expected_of_gib(1024), Duration(std::chrono::hours(1)));
  EXPECT_EQ(expected_of_gib(16 << 10), Duration(std::chrono::hours(16)));
  EXPECT_EQ(expected_of_gib(8), Duration(std::chrono::minutes(6))) << "until the first credit";
  const FastRestorePlan plan{.restore = {},
                             .zone = {},
                             .sources = {{SnapshotId("snap-1"), ec2::Gibibytes(8)},
                                         {SnapshotId("snap-2"), ec2::Gibibytes(512)}}};
  EXPECT_EQ(plan.expected(), Duration(std::chrono::minutes(30)));
}

TEST(FastRestoreTag, SaysWhichRestoreWhereAndSinceWhen) {
  const FastRestoreTag tag{RestoreId("rs-0123456789ab"), "us-east-1a",
                           *parse_rfc3339("2026-11-23T00:16:00.250Z")};
  EXPECT_EQ(to_string(tag), "rs-0123456789ab us-east-1a 2026-11-23T00:16:00.250Z");
  EXPECT_EQ(fast_restore_in({{"Name", "web"}, {fast_restore_tag_key, to_string(tag)}}), tag);
}

TEST(FastRestoreTag, OfSomebodyElseIsNone) {
  EXPECT_EQ(fast_restore_in({}), std::nullopt);
  for (const auto* value :
       {"", "yes", "rs-1 us-east-1a", "rs-1 us-east-1a yesterday",
        "rs-1 us-east-1a 2026-11-23T00:16:00Z and more", " us-east-1a 2026-11-23T00:16:00Z"}) {
    EXPECT_EQ(fast_restore_in({{fast_restore_tag_key, value}}), std::nullopt) << value;
  }
}

TEST(FastRestoreTag, ThatSnapshotsShareIsOfOneRestore) {
  std::vector<ec2::Snapshot> snapshots(4);
  snapshots[0].tags = {{fast_restore_tag_key, "rs-1 us-east-1a 2026-11-23T00:16:00.000Z"}};
  snapshots[1].tags = {{fast_restore_tag_key, "rs-2 us-east-1a 2026-11-23T00:16:00.000Z"}};
  snapshots[3].tags = snapshots[0].tags;
  const auto all = fast_restores_of(snapshots);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].tag.restore, RestoreId("rs-1"));
  EXPECT_EQ(all[0].snapshots.size(), 2U);
  EXPECT_EQ(all[1].snapshots.size(), 1U);
}

}  // namespace
}  // namespace pitstop
