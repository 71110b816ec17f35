// CopyImage.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "copy_bench.hpp"

namespace pitstop::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::string begun_image(ApiBench& bench, const std::string& name) {
  const auto made = bench.call("CreateImage", {{"InstanceId", bench.id()},
                                               {"Name", name},
                                               {"NoReboot", "true"},
                                               {"TagSpecification.1.ResourceType", "image"},
                                               {"TagSpecification.1.Tag.1.Key", "team"},
                                               {"TagSpecification.1.Tag.1.Value", "shop"}});
  EXPECT_TRUE(made.succeeded()) << made;
  return made.text("imageId");
}

std::string finished_image(ApiBench& bench, const std::string& name) {
  const auto id = begun_image(bench, name);
  bench.pass(std::chrono::minutes(10));
  return id;
}

ApiReply copy(ApiBench& bench, const std::string& image, const std::string& name,
              const ApiParameters& more = {}) {
  return bench.call("CopyImage", image_copy_of(image, name, more), far);
}

ApiReply described_image(ApiBench& bench, const ApiReply& made) {
  return bench.call("DescribeImages", {{"ImageId.1", made.text("imageId")}}, far);
}

ApiParameters tagged_copy() {
  return {{"TagSpecification.1.ResourceType", "image"},
          {"TagSpecification.1.Tag.1.Key", "copy-of"},
          {"TagSpecification.1.Tag.1.Value", "nightly"},
          {"TagSpecification.2.ResourceType", "snapshot"},
          {"TagSpecification.2.Tag.1.Key", "part-of"},
          {"TagSpecification.2.Tag.1.Value", "nightly"}};
}

TEST(ApiImageCopies, StandOnCopiesOfTheSnapshots) {
  auto scenario = api_scenario();
  scenario.servers.front().platform = "Windows";
  ApiBench bench(scenario);
  const auto source = finished_image(bench, "nightly");
  const auto made = copy(bench, source, "far nightly", {{"Description", "a copy"}});
  ASSERT_TRUE(made.succeeded()) << made;
  auto shown = described_image(bench, made);
  EXPECT_EQ(shown.text("//imageState"), "pending");
  EXPECT_EQ(shown.text("//name"), "far nightly");
  EXPECT_EQ(shown.text("//description"), "a copy");
  EXPECT_EQ(shown.text("//platformDetails"), "Windows");
  EXPECT_EQ(shown.text("//usageOperation"), "RunInstances:0002");
  EXPECT_THAT(shown.texts("//blockDeviceMapping/item/deviceName"),
              ElementsAre("/dev/xvda", "/dev/xvdf"));
  EXPECT_THAT(shown.texts("//ebs/deleteOnTermination"), ElementsAre("true", "false"));
  EXPECT_THAT(shown.texts("//ebs/volumeSize"), ElementsAre("8", "100"));

  const auto snapshots = bench.call("DescribeSnapshots", {}, far);
  EXPECT_THAT(snapshots.texts("//volumeId"), ElementsAre("vol-ffffffff", "vol-ffffffff"));
  EXPECT_THAT(snapshots.texts("//description"),
              Each(HasSubstr("Copied for DestinationAmi " + made.text("imageId") +
                             " from SourceAmi " + source + " for SourceSnapshot snap-")));
  bench.pass(std::chrono::minutes(10));
  shown = described_image(bench, made);
  EXPECT_EQ(shown.text("//imageState"), "available");
  EXPECT_THAT(shown.texts("//ebs/snapshotId"),
              testing::UnorderedElementsAreArray(snapshots.texts("snapshotSet/item/snapshotId")));
}

TEST(ApiImageCopies, LaunchWhatTheirSourceWas) {
  ApiBench bench;
  const auto made = copy(bench, finished_image(bench, "nightly"), "far nightly");
  bench.pass(std::chrono::minutes(10));
  const auto launched = bench.call("RunInstances",
                                   {{"ImageId", made.text("imageId")},
                                    {"InstanceType", "t3.small"},
                                    {"MinCount", "1"},
                                    {"MaxCount", "1"}},
                                   far);
  ASSERT_TRUE(launched.succeeded()) << launched;
  std::vector<std::string> lineages;
  for (const auto& [id, volume] : bench.simulator.region(far).volumes) {
    lineages.push_back(volume.contents.lineage);
  }
  EXPECT_THAT(lineages, UnorderedElementsAre(bench.volume(0), bench.volume(1)));
}

TEST(ApiImageCopies, HaveTheTagsThatAreAskedFor) {
  ApiBench bench;
  const auto source = finished_image(bench, "nightly");
  bench.region().images.at(ImageId(source)).tags["aws:secret"] = "x";
  auto with_own = tagged_copy();
  with_own.emplace_back("CopyImageTags", "true");
  EXPECT_THAT(described_image(bench, copy(bench, source, "first", with_own))
                  .texts("imagesSet/item/tagSet/item/key"),
              UnorderedElementsAre("copy-of", "team"));
  EXPECT_THAT(described_image(bench, copy(bench, source, "second", tagged_copy()))
                  .texts("imagesSet/item/tagSet/item/key"),
              ElementsAre("copy-of"));
  EXPECT_THAT(bench.call("DescribeSnapshots", {}, far).texts("//tagSet/item/key"),
              ElementsAre("part-of", "part-of", "part-of", "part-of"));
}

TEST(ApiImageCopies, AreMadeOnceByToken) {
  ApiBench bench;
  const auto source = finished_image(bench, "nightly");
  const ApiParameters token{{"ClientToken", "t"}};
  const auto made = copy(bench, source, "far nightly", token);
  EXPECT_EQ(copy(bench, source, "far nightly", token).text("imageId"), made.text("imageId"));
  EXPECT_THAT(bench.simulator.region(far).images, SizeIs(1));
  EXPECT_THAT(bench.simulator.region(far).snapshots, SizeIs(2));
  EXPECT_EQ(copy(bench, source, "another", token).code(), "IdempotentParameterMismatch");
  EXPECT_EQ(copy(bench, source, "far nightly").code(), "InvalidAMIName.Duplicate");
}

TEST(ApiImageCopies, AreOfAvailableImagesOfTheAccount) {
  ApiBench bench;
  const auto source = begun_image(bench, "nightly");
  const auto pending = copy(bench, source, "far nightly");
  EXPECT_EQ(pending.code(), "InvalidAMIID.Unavailable");
  EXPECT_EQ(pending.message(), "The AMI ID '" + source +
                                   "' is currently pending and may not be used for this operation");
  bench.pass(std::chrono::minutes(10));
  EXPECT_EQ(copy(bench, "ami-0123456789abcdef0", "unknown").code(), "InvalidAMIID.NotFound");
  EXPECT_EQ(bench.call("CopyImage", image_copy_of(source, "nightly")).code(),
            "InvalidAMIName.Duplicate");
  EXPECT_TRUE(bench.call("CopyImage", image_copy_of(source, "near nightly")).succeeded());
  EXPECT_EQ(bench
                .call("CopyImage",
                      {{"SourceRegion", "moon"}, {"SourceImageId", source}, {"Name", "lunar"}})
                .code(),
            "InvalidParameterValue");

  auto scenario = api_scenario();
  scenario.account = "222222222222";
  scenario.seed = 2;
  sim::Simulator vault(bench.time, scenario);
  vault.add_neighbour(bench.simulator);
  EXPECT_EQ(call(vault, "CopyImage", image_copy_of(source, "theirs")).code(),
            "InvalidAMIID.NotFound");
}

TEST(ApiImageCopies, AreWellFormedOrRefused) {
  ApiBench bench;
  const auto source = finished_image(bench, "nightly");
  EXPECT_EQ(copy(bench, source, "x").code(), "InvalidAMIName.Malformed");
  EXPECT_EQ(copy(bench, "nightly", "far nightly").code(), "InvalidAMIID.Malformed");
  EXPECT_EQ(copy(bench, source, "far nightly", {{"KmsKeyId", "alias/far"}}).code(),
            "InvalidParameterDependency");
  EXPECT_EQ(copy(bench, source, "far nightly", {{"DryRun", "true"}}).code(), "DryRunOperation");
  EXPECT_TRUE(bench.simulator.region(far).images.empty());
}

TEST(ApiImageCopies, FailIfAKeyCannotBeUsed) {
  ApiBench bench(encrypted_scenario());
  const auto source = finished_image(bench, "nightly");
  const auto encrypted = [&](const std::string& name, const std::string& key) {
    return copy(bench, source, name, {{"Encrypted", "true"}, {"KmsKeyId", key}});
  };
  const auto good = encrypted("good", "alias/far");
  const auto bad = encrypted("bad", "alias/lost");
  EXPECT_EQ(described_image(bench, bad).text("//imageState"), "pending");
  bench.pass(std::chrono::minutes(10));
  EXPECT_EQ(described_image(bench, bad).text("//imageState"), "failed");
  const auto shown = described_image(bench, good);
  EXPECT_EQ(shown.text("//imageState"), "available");
  EXPECT_THAT(shown.texts("//ebs/encrypted"), ElementsAre("true", "true", "true"));
}

TEST(ApiImageCopies, CountAmongTheCopiesInProgressAndAreNotRefused) {
  ApiBench bench;
  const auto source = finished_image(bench, "nightly");
  const auto snapshot = bench.region().snapshots.begin()->first.str();
  for (int i = 0; i < 11; ++i) {
    EXPECT_TRUE(copy(bench, source, "copy-" + std::to_string(i)).succeeded()) << i;
  }
  EXPECT_EQ(bench.call("CopySnapshot", copy_of(snapshot), far).code(), "ResourceLimitExceeded");
}

}  // namespace
}  // namespace pitstop::test
