#include "backup/snapshot_description.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/tag_keys.hpp"

namespace pitstop {
namespace {

using Kind = SnapshotDescription::Kind;

const BackupId backup("b-0123456789ab");
const InstanceId instance("i-0abc1234def567890");
const ec2::Tags tags{{"pitstop:backup", "b-0123456789ab"},
                     {"pitstop:config.1", "z1:abc"},
                     {consistency_tag_key, "at-rest"},
                     {"Name", "web-1"}};

TEST(SnapshotDescription, SaysWhatItWasMadeAs) {
  const auto text = describe_backup(backup, instance, tags);
  EXPECT_THAT(text, testing::MatchesRegex(
                        "pitstop b-0123456789ab of i-0abc1234def567890, tags sha256:[0-9a-f]+"));
  EXPECT_LE(text.size(), 255U) << "EC2 takes no more";
  const auto read = parse_snapshot_description(text).value();
  EXPECT_EQ(read.kind, Kind::backup);
  EXPECT_EQ(read.backup, backup);
  EXPECT_EQ(read.instance, instance);
  EXPECT_TRUE(has_tags_as_made(read, tags));
  const auto copy = parse_snapshot_description(describe_copy(backup, instance, "eu-west-1", tags));
  EXPECT_EQ(copy.value().kind, Kind::copy);
  EXPECT_EQ(copy.value().copied_from, "eu-west-1");
  const auto first =
      parse_snapshot_description(describe_pre_snapshot(RunId("r-1"), instance, backup, tags));
  EXPECT_EQ(first.value().kind, Kind::pre_snapshot);
  EXPECT_EQ(first.value().run, RunId("r-1"));
  EXPECT_EQ(first.value().backup, backup);
  EXPECT_TRUE(has_tags_as_made(*first, tags));
}

TEST(SnapshotDescription, IsReadAsEarlierVersionsWroteIt) {
  const auto read = parse_snapshot_description("pitstop b-1 of i-1").value();
  EXPECT_EQ(read.kind, Kind::backup);
  EXPECT_TRUE(read.digest.empty());
  EXPECT_EQ(parse_snapshot_description("pitstop b-1 of i-1, copied from us-east-1").value().kind,
            Kind::copy);
}

TEST(SnapshotDescription, IsNothingElse) {
  for (const auto* text :
       {"", "golden", "pitstop", "pitstop b-1", "pitstop b-1 of ", "pitstop x-1 of i-1",
        "pitstop b-1 of vol-1", "pitstop b-1 of i-1, and more", "pitstop  b-1 of i-1",
        "pitstop r-1 of i-1", "pitstop r-1 of i-1, pre-snapshot",
        "pitstop b-1 of i-1, pre-snapshot b-2", "a pitstop b-1 of i-1",
        "pitstop b-1 of i-1, tags sha256:", "pitstop b-1 of i-1,",
        "Created by CreateImage(i-1) for ami-1"}) {
    EXPECT_FALSE(parse_snapshot_description(text)) << text;
  }
}

TEST(SnapshotDescription, NoTwoListsOfTagsHaveOneDigest) {
  const auto digest = [](const ec2::Tags& of) {
    return parse_snapshot_description(describe_backup(backup, instance, of)).value().digest;
  };
  const auto with = [](const std::string& key, const std::string& value) {
    auto more = tags;
    more.push_back({key, value});
    return more;
  };
  EXPECT_NE(digest(tags), digest(with("pitstop:policy", "weekly")));
  EXPECT_NE(digest(with("pitstop:policy", "")), digest(tags));
  EXPECT_NE(digest({{"pitstop:config.1", "a\n17:pitstop:config.2=1:b"}}),
            digest({{"pitstop:config.1", "a"}, {"pitstop:config.2", "b"}}));
  EXPECT_EQ(digest(tags), digest(with("team", "ops"))) << "that of a user";
  EXPECT_EQ(digest(tags), digest(with("pitstop:device", "/dev/xvda"))) << "it comes later";
  auto turned = tags;
  std::ranges::reverse(turned);
  EXPECT_EQ(digest(tags), digest(turned)) << "EC2 keeps no order";
}

}  // namespace
}  // namespace pitstop
