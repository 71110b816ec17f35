// CopySnapshot: from another region or another account, by which keys, and how many at once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "copy_bench.hpp"
#include "sim/cloud/snapshots.hpp"

namespace pitstop::test {
namespace {

TEST(ApiCopies, ACopyComesFromAnotherRegion) {
  ApiBench bench;
  const auto id = bench.call("CreateSnapshot", {{"VolumeId", bench.volume(1)}}).text("snapshotId");
  const auto copy = copy_of(id, {{"Description", "far away"},
                                 {"Encrypted", "true"},
                                 {"TagSpecification.1.ResourceType", "snapshot"},
                                 {"TagSpecification.1.Tag.1.Key", "a"},
                                 {"TagSpecification.1.Tag.1.Value", "b"}});
  EXPECT_EQ(bench.call("CopySnapshot", copy, far).code(), "IncorrectState");
  bench.pass(std::chrono::minutes(10));
  const auto made = bench.call("CopySnapshot", copy, far);
  ASSERT_TRUE(made.succeeded()) << made;
  EXPECT_EQ(made.text("tagSet/item/key"), "a");
  const auto reply = bench.call("DescribeSnapshots", {}, far);
  EXPECT_EQ(reply.text("//snapshotSet/item/snapshotId"), made.text("snapshotId"));
  EXPECT_EQ(reply.text("//volumeId"), "vol-ffffffff");
  EXPECT_EQ(reply.text("//encrypted"), "true");
  EXPECT_TRUE(reply.text("//kmsKeyId").starts_with("arn:aws:kms:eu-west-1:"));
  EXPECT_EQ(bench.call("CopySnapshot", {{"SourceRegion", "moon"}, {"SourceSnapshotId", id}}).code(),
            "InvalidParameterValue");
}

TEST(ApiCopies, ACopyHasNoTagsButItsOwn) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 1);
  bench.region().snapshots.at(SnapshotId(id)).tags = {{"backup", "b-1"}};
  const auto made = bench.call("CopySnapshot", copy_of(id), far).text("snapshotId");
  EXPECT_EQ(described_snapshot(bench.simulator, made, far).count("//tagSet/item"), 0U);
}

TEST(ApiCopies, NoMoreThanTwentyAreInProgress) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 1);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(bench.call("CopySnapshot", copy_of(id), far).succeeded()) << i;
  }
  const auto refused = bench.call("CopySnapshot", copy_of(id), far);
  EXPECT_EQ(refused.code(), "ResourceLimitExceeded");
  EXPECT_EQ(refused.message(),
            "Too many snapshot copies in progress. The limit is 20 for this destination region.");
  EXPECT_TRUE(bench.call("CopySnapshot", copy_of(id), "eu-central-1").succeeded());
  bench.pass(std::chrono::minutes(2));
  EXPECT_TRUE(bench.call("CopySnapshot", copy_of(id), far).succeeded());
}

TEST(ApiCopies, OneThatIsDeletedWhilePendingGoesWhenItHasEnded) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 1);
  const auto made = bench.call("CopySnapshot", copy_of(id), far).text("snapshotId");
  EXPECT_TRUE(bench.call("DeleteSnapshot", {{"SnapshotId", made}}, far).succeeded());
  EXPECT_EQ(described_snapshot(bench.simulator, made, far).text("//status"), "pending");
  bench.pass(std::chrono::minutes(2));
  EXPECT_EQ(described_snapshot(bench.simulator, made, far).code(), "InvalidSnapshot.NotFound");
}

TEST(ApiCopies, OneCanFailAtAnyTime) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 1);
  const auto made = bench.call("CopySnapshot", copy_of(id), far).text("snapshotId");
  sim::fail_snapshot(bench.simulator.region(far), SnapshotId(made), "the disk is worn out");
  bench.pass(std::chrono::minutes(2));
  const auto shown = described_snapshot(bench.simulator, made, far);
  EXPECT_EQ(shown.text("//status"), "error");
  EXPECT_EQ(shown.text("//statusMessage"), "the disk is worn out");
}

TEST(ApiCopies, AKeyIsTakenByAnyOfItsNames) {
  ApiBench bench(encrypted_scenario());
  const auto id = finished_snapshot(bench, 0);
  const auto arn = arn_of_key(bench, "far");
  for (const auto& name : {arn, arn.substr(arn.find('/') + 1), std::string("alias/far"),
                           std::string("arn:aws:kms:eu-west-1:123456789012:alias/far")}) {
    const auto made =
        bench.call("CopySnapshot", copy_of(id, {{"Encrypted", "true"}, {"KmsKeyId", name}}), far);
    ASSERT_TRUE(made.succeeded()) << made;
    bench.pass(std::chrono::minutes(10));
    const auto shown = described_snapshot(bench.simulator, made.text("snapshotId"), far);
    EXPECT_EQ(shown.text("//kmsKeyId"), arn) << name;
    EXPECT_EQ(shown.text("//status"), "completed") << name;
  }
}

TEST(ApiCopies, AKeyThatCannotBeUsedLetsACopyFailLater) {
  ApiBench bench(encrypted_scenario());
  const auto id = finished_snapshot(bench, 0);
  const auto near = sim::arn_of(bench.region(), bench.region().keys.front());
  for (const auto& name : {std::string("alias/lost"), std::string("alias/nobodys"), near}) {
    const auto made =
        bench.call("CopySnapshot", copy_of(id, {{"Encrypted", "true"}, {"KmsKeyId", name}}), far);
    ASSERT_TRUE(made.succeeded()) << made;
    const auto look = [&] {
      return described_snapshot(bench.simulator, made.text("snapshotId"), far);
    };
    EXPECT_EQ(look().text("//status"), "pending");
    bench.pass(Seconds(30));
    EXPECT_EQ(look().text("//status"), "error") << name;
    EXPECT_EQ(look().text("//statusMessage"), "Given key ID is not accessible");
  }
}

TEST(ApiCopies, TheKeyOfTheSourceIsNeededToo) {
  ApiBench bench(encrypted_scenario());
  const auto id = finished_snapshot(bench, 2);
  bench.region().keys.front().state = "Disabled";
  const auto made =
      bench.call("CopySnapshot",
                 copy_of(id, {{"PresignedUrl", presigned_url(presigned_parameters(id))}}), far);
  bench.pass(Seconds(30));
  EXPECT_EQ(
      described_snapshot(bench.simulator, made.text("snapshotId"), far).text("//statusMessage"),
      "Given key ID is not accessible");
}

TEST(ApiCopies, AKeyIsForWhatIsEncrypted) {
  ApiBench bench(encrypted_scenario());
  const ApiParameters key{{"KmsKeyId", "alias/far"}};
  EXPECT_EQ(bench.call("CopySnapshot", copy_of(finished_snapshot(bench, 0), key), far).code(),
            "InvalidParameterDependency");
  const auto encrypted = finished_snapshot(bench, 1);
  auto copy = copy_of(encrypted, key);
  copy.emplace_back("PresignedUrl", presigned_url(presigned_parameters(encrypted)));
  EXPECT_TRUE(bench.call("CopySnapshot", copy, far).succeeded());
  copy.emplace_back("Encrypted", "false");
  EXPECT_EQ(bench.call("CopySnapshot", copy, far).code(), "InvalidParameterValue");
}

TEST(ApiCopies, ACopyOfAnEncryptedOneIsEncryptedByTheKeyOfEbsThere) {
  ApiBench bench(encrypted_scenario());
  const auto id = finished_snapshot(bench, 2);
  EXPECT_EQ(bench.call("CopySnapshot", copy_of(id), far).code(), "MissingParameter");
  const auto made =
      bench.call("CopySnapshot",
                 copy_of(id, {{"PresignedUrl", presigned_url(presigned_parameters(id))}}), far);
  ASSERT_TRUE(made.succeeded()) << made;
  const auto shown = described_snapshot(bench.simulator, made.text("snapshotId"), far);
  EXPECT_EQ(shown.text("//encrypted"), "true");
  EXPECT_EQ(shown.text("//kmsKeyId"), sim::key_arn(bench.simulator.region(far), ""));
}

TEST(ApiCopies, APresignedUrlHasToBeOfTheSameCopy) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 0);
  const auto code = [&](const std::string& url) {
    return bench.call("CopySnapshot", copy_of(id, {{"PresignedUrl", url}}), far).code();
  };
  const auto right = presigned_parameters(id);
  EXPECT_EQ(code(presigned_url(right)), "");
  EXPECT_EQ(code("http://127.0.0.1:4599?" + canonical_query(right)), "");
  for (const auto& url : {std::string("https://"), std::string("ftp://ec2.amazonaws.com/"),
                          std::string("https://ec2.us-east-1.amazonaws.com/"),
                          "ec2.us-east-1.amazonaws.com/?" + canonical_query(right)}) {
    EXPECT_EQ(code(url), "InvalidParameterValue") << url;
  }
  for (const auto& [name, value] :
       ApiParameters{{"Action", "DescribeSnapshots"},
                     {"Version", "2014-01-01"},
                     {"SourceRegion", far},
                     {"SourceSnapshotId", "snap-0123456789abcdef0"},
                     {"DestinationRegion", "us-east-1"},
                     {"X-Amz-Algorithm", "AWS4-HMAC-SHA1"},
                     {"X-Amz-Credential", "KEY/20260101/eu-west-1/ec2/aws4_request"},
                     {"X-Amz-Credential", "KEY/20260101/us-east-1/s3/aws4_request"},
                     {"X-Amz-Credential", "KEY/20260102/us-east-1/ec2/aws4_request"},
                     {"X-Amz-Credential", "/20260101/us-east-1/ec2/aws4_request"},
                     {"X-Amz-Date", "2026-01-01T00:10:00Z"},
                     {"X-Amz-Expires", "0"},
                     {"X-Amz-Expires", "604801"},
                     {"X-Amz-Expires", "soon"},
                     {"X-Amz-SignedHeaders", "x-amz-date"},
                     {"X-Amz-Signature", std::string(63, 'a')},
                     {"X-Amz-Signature", std::string(64, 'g')}}) {
    auto wrong = right;
    std::ranges::find(wrong, name, &ApiParameters::value_type::first)->second = value;
    EXPECT_EQ(code(presigned_url(wrong)), "InvalidParameterValue") << name << '=' << value;
    std::erase_if(wrong, [&](const auto& each) { return each.first == name; });
    EXPECT_EQ(code(presigned_url(wrong)), "InvalidParameterValue") << "without " << name;
  }
}

TEST(ApiCopies, GoWhereTheRequestIsSent) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 0);
  const ApiParameters there{{"DestinationRegion", far}};
  EXPECT_TRUE(bench.call("CopySnapshot", copy_of(id, there), far).succeeded());
  EXPECT_EQ(bench.call("CopySnapshot", copy_of(id, there)).code(), "InvalidParameterValue");
}

/// Another account, "222222222222", that knows the first one. Its ids are others.
class ApiForeignCopies : public testing::Test {
 protected:
  ApiForeignCopies() { vault.add_neighbour(bench.simulator); }

  static sim::Scenario of_the_vault() {
    auto scenario = api_scenario();
    scenario.account = "222222222222";
    scenario.seed = 2;
    return scenario;
  }

  ApiReply copy(const std::string& id, const std::string& region = far) {
    return call(vault, "CopySnapshot", copy_of(id), region);
  }

  void share(const std::string& id, const std::string& operation = "add") {
    EXPECT_TRUE(
        bench
            .call("ModifySnapshotAttribute",
                  {{"SnapshotId", id}, {"OperationType", operation}, {"UserId.1", "222222222222"}})
            .succeeded());
  }

  ApiBench bench;
  sim::Simulator vault{bench.time, of_the_vault()};
};

TEST_F(ApiForeignCopies, AreMadeOfWhatIsSharedWithThem) {
  const auto id = finished_snapshot(bench, 1);
  EXPECT_EQ(copy(id).code(), "InvalidSnapshot.NotFound");
  share(id);
  const auto made = copy(id);
  ASSERT_TRUE(made.succeeded()) << made;
  bench.pass(std::chrono::minutes(10));
  const auto shown = described_snapshot(vault, made.text("snapshotId"), far);
  EXPECT_EQ(shown.text("//status"), "completed");
  EXPECT_EQ(shown.text("//ownerId"), "222222222222");
  const auto copied = vault.region(far).snapshots.at(SnapshotId(made.text("snapshotId")));
  EXPECT_EQ(copied.caught, bench.region().snapshots.at(SnapshotId(id)).caught);
  share(id, "remove");
  EXPECT_EQ(copy(id).code(), "InvalidSnapshot.NotFound");
}

TEST_F(ApiForeignCopies, AreMadeInTheSameRegionToo) {
  const auto id = finished_snapshot(bench, 1);
  share(id);
  EXPECT_TRUE(copy(id, "us-east-1").succeeded());
}

TEST_F(ApiForeignCopies, ComeFromTheRegionThatIsNamed) {
  const auto id = finished_snapshot(bench, 1);
  share(id);
  EXPECT_EQ(call(vault, "CopySnapshot", {{"SourceRegion", far}, {"SourceSnapshotId", id}}).code(),
            "InvalidSnapshot.NotFound");
}

TEST_F(ApiForeignCopies, AreNotWhatAnAccountSees) {
  const auto id = finished_snapshot(bench, 1);
  share(id);
  EXPECT_EQ(described_snapshot(vault, id, "us-east-1").code(), "InvalidSnapshot.NotFound");
  EXPECT_EQ(call(vault, "DeleteSnapshot", {{"SnapshotId", id}}).code(), "InvalidSnapshot.NotFound");
}

TEST_F(ApiForeignCopies, AreNotMadeOfPendingOnes) {
  const auto id = bench.call("CreateSnapshot", {{"VolumeId", bench.volume(1)}}).text("snapshotId");
  share(id);
  EXPECT_EQ(copy(id).code(), "IncorrectState");
}

TEST_F(ApiForeignCopies, AreNotMadeByAStranger) {
  const auto id = finished_snapshot(bench, 1);
  share(id);
  auto scenario = of_the_vault();
  sim::Simulator stranger(bench.time, scenario);
  EXPECT_EQ(call(stranger, "CopySnapshot", copy_of(id), far).code(), "InvalidSnapshot.NotFound");
}

TEST_F(ApiForeignCopies, AreOfOnesOwnFirst) {
  auto scenario = of_the_vault();
  scenario.seed = 1;  // and so the same ids as the first account's
  sim::Simulator twin(bench.time, scenario);
  twin.add_neighbour(bench.simulator);
  const auto id = finished_snapshot(bench, 1);
  share(id);
  const auto& volume = twin.region().instances.begin()->second.attachments.at(1).volume;
  EXPECT_EQ(call(twin, "CreateSnapshot", {{"VolumeId", volume.str()}}).text("snapshotId"), id);
  EXPECT_EQ(call(twin, "CopySnapshot", copy_of(id), far).code(), "IncorrectState")
      << "its own one is pending, the other account's is not";
}

}  // namespace
}  // namespace pitstop::test
