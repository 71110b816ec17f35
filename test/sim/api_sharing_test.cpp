// Who else may copy a snapshot: ModifySnapshotAttribute and DescribeSnapshotAttribute.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "copy_bench.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto vault = "222222222222";
constexpr auto lab = "333333333333";

ApiReply modify_sharing(ApiBench& bench, const std::string& snapshot, ApiParameters change) {
  change.emplace_back("SnapshotId", snapshot);
  return bench.call("ModifySnapshotAttribute", std::move(change));
}

ApiReply described_sharing(ApiBench& bench, const std::string& snapshot) {
  return bench.call("DescribeSnapshotAttribute",
                    {{"SnapshotId", snapshot}, {"Attribute", "createVolumePermission"}});
}

std::vector<std::string> accounts_of(ApiBench& bench, const std::string& snapshot) {
  return described_sharing(bench, snapshot).texts("createVolumePermission/item/userId");
}

TEST(ApiSharing, ASnapshotIsSharedWithNobodyAtFirst) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 0);
  const auto reply = described_sharing(bench, id);
  EXPECT_EQ(reply.text("snapshotId"), id);
  EXPECT_EQ(reply.count("createVolumePermission"), 1U);
  EXPECT_EQ(reply.count("createVolumePermission/item"), 0U);
}

TEST(ApiSharing, AccountsAreAddedAndRemovedInEitherForm) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 0);
  EXPECT_EQ(modify_sharing(bench, id,
                           {{"Attribute", "createVolumePermission"},
                            {"OperationType", "add"},
                            {"UserId.1", lab},
                            {"UserId.2", vault}})
                .text("return"),
            "true");
  EXPECT_THAT(accounts_of(bench, id), ElementsAre(vault, lab));
  EXPECT_TRUE(
      modify_sharing(bench, id, {{"OperationType", "remove"}, {"UserId.1", lab}}).succeeded());
  EXPECT_THAT(accounts_of(bench, id), ElementsAre(vault));
  EXPECT_TRUE(
      modify_sharing(bench, id, {{"CreateVolumePermission.Add.1.UserId", lab}}).succeeded());
  EXPECT_THAT(accounts_of(bench, id), ElementsAre(vault, lab));
  EXPECT_TRUE(modify_sharing(bench, id,
                             {{"CreateVolumePermission.Remove.1.UserId", lab},
                              {"CreateVolumePermission.Remove.2.UserId", vault}})
                  .succeeded());
  EXPECT_THAT(accounts_of(bench, id), IsEmpty());
  EXPECT_TRUE(
      modify_sharing(bench, id, {{"OperationType", "remove"}, {"UserId.1", lab}}).succeeded())
      << "what is not there need not be removed";
}

TEST(ApiSharing, WhatIsNoChangeIsRefused) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 0);
  ApiParameters many{{"OperationType", "add"}};
  for (int i = 1; i <= 501; ++i) {
    many.emplace_back("UserId." + std::to_string(i), vault);
  }
  for (const auto& [change, code] : std::vector<std::pair<ApiParameters, std::string>>{
           {{}, "MissingParameter"},
           {{{"OperationType", "add"}}, "MissingParameter"},
           {{{"UserId.1", vault}}, "MissingParameter"},
           {{{"OperationType", "give"}, {"UserId.1", vault}}, "InvalidParameterValue"},
           {{{"Attribute", "productCodes"}, {"OperationType", "add"}, {"UserId.1", vault}},
            "InvalidParameterValue"},
           {{{"OperationType", "add"}, {"UserId.1", "1234"}}, "InvalidUserID.Malformed"},
           {{{"OperationType", "add"}, {"UserId.1", "2222-2222-222"}}, "InvalidUserID.Malformed"},
           {{{"CreateVolumePermission.Add.1.UserId", "self"}}, "InvalidUserID.Malformed"},
           {{{"OperationType", "add"}, {"UserGroup.1", "all"}}, "MissingParameter"},
           {{{"CreateVolumePermission.Add.1.UserId", vault},
             {"CreateVolumePermission.Add.2.Group", "all"}},
            "InvalidUserID.Malformed"},
           {{{"CreateVolumePermission.Add.1.UserId", vault},
             {"CreateVolumePermission.Remove.1.UserId", lab}},
            "InvalidParameterCombination"},
           {many, "InvalidParameterValue"},
       }) {
    EXPECT_EQ(modify_sharing(bench, id, change).code(), code);
  }
  EXPECT_THAT(accounts_of(bench, id), IsEmpty());
}

TEST(ApiSharing, WhatIsEncryptedByTheKeyOfEbsIsNotShared) {
  ApiBench bench(encrypted_scenario());
  const auto by_own_key = finished_snapshot(bench, 1);
  const ApiParameters add{{"OperationType", "add"}, {"UserId.1", vault}};
  const auto refused = modify_sharing(bench, by_own_key, add);
  EXPECT_EQ(refused.code(), "OperationNotPermitted");
  EXPECT_EQ(refused.message(), "Encrypted snapshots with EBS default key cannot be shared");
  EXPECT_THAT(accounts_of(bench, by_own_key), IsEmpty());
  EXPECT_TRUE(modify_sharing(bench, by_own_key, {{"OperationType", "remove"}, {"UserId.1", vault}})
                  .succeeded());

  const auto by_another = finished_snapshot(bench, 2);
  EXPECT_TRUE(modify_sharing(bench, by_another, add).succeeded());
  EXPECT_THAT(accounts_of(bench, by_another), ElementsAre(vault));
}

TEST(ApiSharing, ASnapshotThatIsNotThereIsNeitherSharedNorDescribed) {
  ApiBench bench;
  const std::string id = "snap-0123456789abcdef0";
  EXPECT_EQ(modify_sharing(bench, id, {{"OperationType", "add"}, {"UserId.1", vault}}).code(),
            "InvalidSnapshot.NotFound");
  EXPECT_EQ(described_sharing(bench, id).code(), "InvalidSnapshot.NotFound");
  EXPECT_EQ(bench.call("DescribeSnapshotAttribute", {{"SnapshotId", id}}).code(),
            "MissingParameter");
  EXPECT_EQ(
      bench.call("DescribeSnapshotAttribute", {{"SnapshotId", id}, {"Attribute", "productCodes"}})
          .code(),
      "InvalidParameterValue");
}

TEST(ApiSharing, HasADryRunAndCanBeDenied) {
  ApiBench bench;
  const auto id = finished_snapshot(bench, 0);
  const ApiParameters dry{{"OperationType", "add"}, {"UserId.1", vault}, {"DryRun", "true"}};
  EXPECT_EQ(modify_sharing(bench, id, dry).code(), "DryRunOperation");
  EXPECT_THAT(accounts_of(bench, id), IsEmpty());
  bench.simulator.deny({"ModifySnapshotAttribute"});
  EXPECT_EQ(modify_sharing(bench, id, dry).code(), "UnauthorizedOperation");
}

}  // namespace
}  // namespace pitstop::test
