#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;

std::string tag(ApiBench& bench, const std::string& resource, const std::string& key,
                const std::string& value) {
  return bench
      .call("CreateTags", {{"ResourceId.1", resource}, {"Tag.1.Key", key}, {"Tag.1.Value", value}})
      .code();
}

TEST(ApiTags, EveryKindOfThingHasThem) {
  ApiBench bench;
  const auto snapshot =
      bench.call("CreateSnapshot", {{"VolumeId", bench.volume()}}).text("snapshotId");
  const auto address = bench.call("AllocateAddress").text("allocationId");
  const auto image = bench.call(
      "CreateImage", {{"InstanceId", bench.id()}, {"Name", "other"}, {"NoReboot", "true"}});
  EXPECT_EQ(image.code(), "SnapshotCreationPerVolumeRateExceeded");
  const auto reservation =
      bench
          .call("CreateCapacityReservation", {{"InstanceType", "t3.large"},
                                              {"InstancePlatform", "Linux/UNIX"},
                                              {"AvailabilityZone", "us-east-1a"},
                                              {"InstanceCount", "1"}})
          .text("//capacityReservationId");
  for (const auto& id : {bench.id(), bench.volume(), snapshot, address, reservation}) {
    EXPECT_EQ(tag(bench, id, "colour", "red"), "") << id;
  }
  const auto reply =
      bench.call("DescribeTags", {{"Filter.1.Name", "key"}, {"Filter.1.Value.1", "colour"}});
  EXPECT_THAT(reply.texts("tagSet/item/resourceType"),
              testing::UnorderedElementsAre("instance", "volume", "snapshot", "elastic-ip",
                                            "capacity-reservation"));
}

TEST(ApiTags, AThingThatIsNotThereCannotBeTaggedAndNothingIsDoneByHalves) {
  ApiBench bench;
  EXPECT_EQ(tag(bench, "snap-00000000", "a", "b"), "InvalidSnapshot.NotFound");
  EXPECT_EQ(tag(bench, "vol-00000000", "a", "b"), "InvalidVolume.NotFound");
  EXPECT_EQ(tag(bench, "ami-00000000", "a", "b"), "InvalidAMIID.NotFound");
  EXPECT_EQ(tag(bench, "i-0", "a", "b"), "InvalidInstanceID.Malformed");
  EXPECT_EQ(tag(bench, "table-1", "a", "b"), "InvalidID");
  EXPECT_EQ(bench
                .call("CreateTags", {{"ResourceId.1", bench.id()},
                                     {"ResourceId.2", "i-00000000"},
                                     {"Tag.1.Key", "a"},
                                     {"Tag.1.Value", "b"}})
                .code(),
            "InvalidInstanceID.NotFound");
  EXPECT_FALSE(bench.server().tags.contains("a"));
}

TEST(ApiTags, TheyAreAsLongAsEc2Allows) {
  ApiBench bench;
  std::string key;
  for (int i = 0; i < 127; ++i) {
    key += "ü";
  }
  EXPECT_EQ(tag(bench, bench.id(), key, std::string(256, 'v')), "");
  EXPECT_EQ(bench.server().tags.at(key).size(), 256U);
  EXPECT_EQ(tag(bench, bench.id(), key + "ü", ""), "InvalidParameterValue");
  EXPECT_EQ(tag(bench, bench.id(), "k", std::string(257, 'v')), "InvalidParameterValue");
  EXPECT_EQ(tag(bench, bench.id(), "", "v"), "InvalidParameterValue");
  EXPECT_EQ(tag(bench, bench.id(), "aws:mine", "v"), "InvalidParameterValue");
  EXPECT_EQ(tag(bench, bench.id(), "AWS:mine", "v"), "InvalidParameterValue");
}

TEST(ApiTags, AThingHasFiftyOfThem) {
  ApiBench bench;
  for (int i = static_cast<int>(bench.server().tags.size()); i < 50; ++i) {
    EXPECT_EQ(tag(bench, bench.id(), fmt::format("k{}", i), ""), "");
  }
  EXPECT_EQ(tag(bench, bench.id(), "one more", ""), "TagLimitExceeded");
  EXPECT_EQ(tag(bench, bench.id(), "k20", "changed"), "");
  bench.server().tags["aws:cloudformation:stack"] = "AWS's own do not count";
  EXPECT_EQ(tag(bench, bench.id(), "k20", "again"), "");
}

TEST(ApiTags, AKeyComesOnceInACall) {
  ApiBench bench;
  EXPECT_EQ(bench
                .call("CreateTags", {{"ResourceId.1", bench.id()},
                                     {"Tag.1.Key", "a"},
                                     {"Tag.1.Value", "1"},
                                     {"Tag.2.Key", "a"},
                                     {"Tag.2.Value", "2"}})
                .code(),
            "InvalidParameterValue");
  EXPECT_EQ(bench.call("CreateTags", {{"ResourceId.1", bench.id()}}).code(), "MissingParameter");
  EXPECT_EQ(bench.call("CreateTags", {{"Tag.1.Key", "a"}}).code(), "MissingParameter");
}

TEST(ApiTags, DeletingWithAnotherValueLeavesTheTag) {
  ApiBench bench;
  const auto drop = [&](const ApiParameters& more) {
    ApiParameters parameters{{"ResourceId.1", bench.id()}};
    parameters.insert(parameters.end(), more.begin(), more.end());
    return bench.call("DeleteTags", parameters).text("return");
  };
  EXPECT_EQ(drop({{"Tag.1.Key", "team"}, {"Tag.1.Value", "other"}}), "true");
  EXPECT_EQ(drop({{"Tag.1.Key", "team"}, {"Tag.1.Value", ""}}), "true");
  EXPECT_TRUE(bench.server().tags.contains("team"));
  EXPECT_EQ(drop({{"Tag.1.Key", "team"}, {"Tag.1.Value", "shop"}}), "true");
  EXPECT_FALSE(bench.server().tags.contains("team"));
  EXPECT_EQ(drop({{"Tag.1.Key", "Name"}}), "true");
  EXPECT_TRUE(bench.server().tags.empty());
  bench.server().tags = {{"a", "b"}, {"aws:x", "y"}};
  EXPECT_EQ(drop({}), "true");
  EXPECT_EQ(bench.server().tags, (sim::Tags{{"aws:x", "y"}}));
}

TEST(ApiTags, ASpecificationFitsWhatTheActionMakes) {
  ApiBench bench;
  const auto code = [&](const ApiParameters& more) {
    ApiParameters parameters{{"VolumeId", bench.volume()}};
    parameters.insert(parameters.end(), more.begin(), more.end());
    return bench.call("CreateSnapshot", parameters);
  };
  const auto wrong =
      code({{"TagSpecification.1.ResourceType", "volume"}, {"TagSpecification.1.Tag.1.Key", "a"}});
  EXPECT_EQ(wrong.code(), "InvalidParameterValue");
  EXPECT_EQ(wrong.message(), "'volume' is not a valid taggable resource type for this operation.");
  EXPECT_EQ(code({{"TagSpecification.1.ResourceType", "snapshot"}}).code(),
            "InvalidParameterValue");
  EXPECT_EQ(code({{"TagSpecification.1.Tag.1.Key", "a"}}).code(), "InvalidParameterValue");
  EXPECT_TRUE(bench.region().snapshots.empty());
}

TEST(ApiTags, TheyAreDescribedByTheirFilters) {
  ApiBench bench;
  const auto reply = bench.call("DescribeTags", {{"Filter.1.Name", "resource-id"},
                                                 {"Filter.1.Value.1", bench.id()},
                                                 {"Filter.2.Name", "resource-type"},
                                                 {"Filter.2.Value.1", "instance"}});
  EXPECT_THAT(reply.texts("tagSet/item/key"), ElementsAre("Name", "team"));
  EXPECT_EQ(bench.call("DescribeTags", {{"Filter.1.Name", "value"}, {"Filter.1.Value.1", "data*"}})
                .text("tagSet/item/resourceId"),
            bench.volume(1));
}

}  // namespace
}  // namespace pitstop::test
