// A replacement of volumes as the journal keeps it, and as tags of volumes tell it.

#include <gtest/gtest.h>

#include "backup/swap.hpp"

namespace pitstop {
namespace {

Swap some_swap() {
  Swap swap{.restore = RestoreId("rs-0123456789ab")};
  ec2::VolumeRequest from_snapshot;
  from_snapshot.from = SnapshotId("snap-1");
  swap.volumes = {{.device = "/dev/xvda",
                   .out = VolumeId("vol-old"),
                   .in = {},
                   .request = from_snapshot,
                   .delete_on_termination = true,
                   .out_deletes_on_termination = true},
                  {.device = "/dev/sdf",
                   .out = {},
                   .in = VolumeId("vol-found"),
                   .out_deletes_on_termination = false}};
  return swap;
}

TEST(SwapText, IsReadAsItWasWritten) {
  const auto text = to_text(some_swap());
  EXPECT_EQ(text,
            "rs-0123456789ab; /dev/xvda vol-old - goes goes snap-1; /dev/sdf - vol-found stays "
            "stays -");
  const auto read = parse_swap(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_text(*read), text);
  EXPECT_EQ(read->restore, RestoreId("rs-0123456789ab"));
  ASSERT_EQ(read->volumes.size(), 2U);
  EXPECT_EQ(read->volumes[0].request->from, SnapshotId("snap-1"));
  EXPECT_TRUE(read->volumes[0].in.empty());
  EXPECT_FALSE(read->volumes[1].request);
}

TEST(SwapText, NamesNoVolumesWhereItIsNone) {
  for (const auto* text : {"", "rs-0123456789ab", "rs-0123456789ab;", "rs-1; /dev/xvda vol-1",
                           "rs-1; a b c d e f g", ";;;"}) {
    EXPECT_FALSE(parse_swap(text)) << text;
  }
}

TEST(SwappedInTags, NameTheServer) {
  const auto swap = some_swap();
  ec2::Volume volume;
  volume.id = VolumeId("vol-new");
  volume.tags = swapped_in_tags(swap.restore, InstanceId("i-1"), swap.volumes[0]);
  const auto read = parse_swapped_in(volume);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->server, InstanceId("i-1"));
  EXPECT_EQ(read->device, "/dev/xvda");
  EXPECT_TRUE(read->request);
  volume.tags[1].value = "/dev/xvda vol-old goes goes made";
  ASSERT_TRUE(parse_swapped_in(volume)) << "as older versions write it";
  EXPECT_TRUE(parse_swapped_in(volume)->server.empty());
}

}  // namespace
}  // namespace pitstop
