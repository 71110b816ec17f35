#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api_bench.hpp"
#include "sim/cloud/fast_restores.hpp"

namespace pitstop::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto here = "us-east-1a";

/// Complete snapshots of the volume of 100 GiB, and what is done with them.
class ApiFastRestores : public testing::Test {
 protected:
  std::string snapshot() {
    const auto id =
        bench.call("CreateSnapshot", {{"VolumeId", bench.volume(1)}}).text("snapshotId");
    bench.pass(std::chrono::minutes(10));
    return id;
  }

  ApiReply change(std::string_view action, const std::vector<std::string>& snapshots,
                  const std::string& zone = here) {
    ApiParameters parameters{{"AvailabilityZone.1", zone}};
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      parameters.emplace_back("SourceSnapshotId." + std::to_string(i + 1), snapshots[i]);
    }
    return bench.call(action, parameters);
  }
  ApiReply enable(const std::vector<std::string>& snapshots, const std::string& zone = here) {
    return change("EnableFastSnapshotRestores", snapshots, zone);
  }
  ApiReply disable(const std::vector<std::string>& snapshots) {
    return change("DisableFastSnapshotRestores", snapshots);
  }

  std::string state() {
    return bench.call("DescribeFastSnapshotRestores").text("fastSnapshotRestoreSet/item/state");
  }

  /// Whether a volume that is made of it now is.
  std::string is_restored_fast(const std::string& snapshot, const ApiParameters& more = {},
                               const std::string& zone = here) {
    ApiParameters order{{"AvailabilityZone", zone}, {"SnapshotId", snapshot}};
    order.insert(order.end(), more.begin(), more.end());
    const auto made = bench.call("CreateVolume", order);
    EXPECT_EQ(made.text("fastRestored"), "") << "CreateVolume does not say";
    return bench.call("DescribeVolumes", {{"VolumeId.1", made.text("volumeId")}})
        .text("volumeSet/item/fastRestored");
  }

  Duration charged(const std::string& snapshot) {
    const auto key = sim::key_of_fast_restore(SnapshotId(snapshot), here);
    return sim::charged(bench.region().fast_restores.at(key), bench.region().now());
  }

  static constexpr auto refusal = "unsuccessful/item/fastSnapshotRestoreStateErrorSet/item/error/";

  ApiBench bench;
};

TEST_F(ApiFastRestores, AreOptimizedForAnHourATebibyte) {
  const auto id = snapshot();
  const auto enabled = enable({id});
  ASSERT_TRUE(enabled.succeeded()) << enabled;
  EXPECT_EQ(enabled.text("successful/item/snapshotId"), id);
  EXPECT_EQ(enabled.text("successful/item/availabilityZone"), here);
  EXPECT_EQ(enabled.text("successful/item/state"), "enabling");
  EXPECT_EQ(enabled.count("unsuccessful/item"), 0U);
  bench.pass(Seconds(20));
  EXPECT_EQ(state(), "optimizing");
  bench.pass(std::chrono::minutes(5));
  EXPECT_EQ(state(), "optimizing") << "5.9 minutes for 100 GiB";
  bench.pass(std::chrono::minutes(1));
  EXPECT_EQ(state(), "enabled");
  EXPECT_EQ(disable({id}).text("successful/item/state"), "disabling");
  bench.pass(Seconds(20));
  EXPECT_EQ(state(), "disabled");
}

TEST_F(ApiFastRestores, ASecondTimeChangesNothing) {
  const auto id = snapshot();
  enable({id});
  bench.pass(std::chrono::minutes(7));
  EXPECT_EQ(enable({id}).text("successful/item/state"), "enabled");
  disable({id});
  EXPECT_EQ(disable({id}).text("successful/item/state"), "disabling");
  EXPECT_EQ(enable({id}).text(std::string(refusal) + "code"), "IncorrectState");
  bench.pass(Seconds(20));
  const auto again = disable({id});
  EXPECT_EQ(again.text("unsuccessful/item/snapshotId"), id);
  EXPECT_THAT(again.text(std::string(refusal) + "message"), HasSubstr("is not enabled"));
  EXPECT_EQ(enable({id}).text("successful/item/state"), "enabling");
}

TEST_F(ApiFastRestores, FillAVolumeThatFindsACredit) {
  const auto id = snapshot();
  EXPECT_EQ(is_restored_fast(id), "false");
  enable({id});
  bench.pass(std::chrono::minutes(4));
  EXPECT_EQ(is_restored_fast(id), "false") << "it is not enabled yet";
  bench.pass(std::chrono::minutes(3));
  EXPECT_EQ(is_restored_fast(id, {{"VolumeInitializationRate", "100"}}), "false");
  EXPECT_EQ(is_restored_fast(id, {}, "us-east-1b"), "false") << "in that zone it is not";
  EXPECT_EQ(is_restored_fast(id), "true");
  EXPECT_EQ(is_restored_fast(id), "false") << "10 credits an hour";
  bench.pass(std::chrono::minutes(6));
  EXPECT_EQ(is_restored_fast(id), "true");
  bench.pass(std::chrono::hours(9));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(is_restored_fast(id), "true") << i;
  }
  EXPECT_EQ(is_restored_fast(id), "false") << "the bucket holds 10";
}

TEST_F(ApiFastRestores, ALargeSnapshotHasItsFirstCreditWhenItIsEnabled) {
  const auto id = snapshot();
  bench.region().snapshots.at(SnapshotId(id)).size_gib = 4096;
  enable({id});
  bench.pass(std::chrono::hours(4));
  EXPECT_EQ(is_restored_fast(id, {{"Size", "4096"}}), "false");
  bench.pass(Seconds(30));
  EXPECT_EQ(is_restored_fast(id, {{"Size", "4096"}}), "true");
  bench.pass(std::chrono::minutes(239));
  EXPECT_EQ(is_restored_fast(id, {{"Size", "4096"}}), "false");
}

TEST_F(ApiFastRestores, AreOfFiveSnapshotsOfARegionAtMost) {
  std::vector<std::string> all;
  for (int i = 0; i < 6; ++i) {
    all.push_back(snapshot());
  }
  const auto reply = enable(all);
  EXPECT_EQ(reply.count("successful/item"), 5U);
  EXPECT_EQ(reply.text("unsuccessful/item/snapshotId"), all.back());
  EXPECT_EQ(reply.text(std::string(refusal) + "code"), "ResourceLimitExceeded");
  EXPECT_EQ(enable({all.front()}, "us-east-1b").count("successful/item"), 1U)
      << "another zone of one of them";
  disable({all.front()});
  EXPECT_EQ(enable({all.back()}).count("successful/item"), 0U)
      << "the first has it in the other zone";
  disable({all[1]});
  EXPECT_EQ(enable({all.back()}).count("successful/item"), 1U);
}

TEST_F(ApiFastRestores, EndWithTheirSnapshot) {
  const auto id = snapshot();
  enable({id});
  bench.call("DeleteSnapshot", {{"SnapshotId", id}});
  EXPECT_EQ(bench.call("DescribeFastSnapshotRestores").count("fastSnapshotRestoreSet/item"), 0U);
  bench.pass(std::chrono::hours(5));
  EXPECT_EQ(charged(id), Duration(std::chrono::hours(1)));
}

TEST_F(ApiFastRestores, AreChargedByTheMinuteAndAnHourAtLeastEachTime) {
  const auto id = snapshot();
  enable({id});
  bench.pass(std::chrono::minutes(10));
  EXPECT_EQ(charged(id), Duration(std::chrono::hours(1)));
  bench.pass(std::chrono::minutes(80));
  disable({id});
  bench.pass(std::chrono::hours(10));
  EXPECT_EQ(charged(id), Duration(std::chrono::minutes(90)));
  enable({id});
  EXPECT_EQ(charged(id), Duration(std::chrono::minutes(150)));
}

TEST_F(ApiFastRestores, TheirFiltersFindThem) {
  const auto one = snapshot();
  const auto other = snapshot();
  enable({one, other});
  enable({one}, "us-east-1b");
  const auto found = [&](const std::string& name, const std::string& value) {
    return bench
        .call("DescribeFastSnapshotRestores",
              {{"Filter.1.Name", name}, {"Filter.1.Value.1", value}})
        .count("fastSnapshotRestoreSet/item");
  };
  EXPECT_EQ(found("snapshot-id", one), 2U);
  EXPECT_EQ(found("availability-zone", "us-east-1b"), 1U);
  EXPECT_EQ(found("availability-zone-id", "use1-az1"), 2U);
  EXPECT_EQ(found("state", "enabling"), 3U);
  EXPECT_EQ(found("owner-id", "123456789012"), 3U);
  const auto page = bench.call("DescribeFastSnapshotRestores", {{"MaxResults", "2"}});
  EXPECT_EQ(page.count("fastSnapshotRestoreSet/item"), 2U);
  const auto rest =
      bench.call("DescribeFastSnapshotRestores", {{"NextToken", page.text("nextToken")}});
  EXPECT_EQ(rest.count("fastSnapshotRestoreSet/item"), 1U);
}

TEST_F(ApiFastRestores, RefuseWhatMakesNoSense) {
  const auto id = snapshot();
  const auto code = [&](const ApiParameters& parameters) {
    return bench.call("EnableFastSnapshotRestores", parameters).code();
  };
  EXPECT_EQ(code({{"AvailabilityZone.1", here}}), "MissingParameter");
  EXPECT_EQ(code({{"SourceSnapshotId.1", id}}), "MissingParameter");
  EXPECT_EQ(code({{"SourceSnapshotId.1", id},
                  {"AvailabilityZone.1", here},
                  {"AvailabilityZoneId.1", "use1-az1"}}),
            "InvalidParameterCombination");
  EXPECT_EQ(code({{"SourceSnapshotId.1", id}, {"AvailabilityZone.1", "moon-1a"}}),
            "InvalidParameterValue");
  ApiParameters eleven{{"AvailabilityZone.1", here}};
  for (int i = 1; i <= 11; ++i) {
    eleven.emplace_back("SourceSnapshotId." + std::to_string(i), id);
  }
  EXPECT_EQ(code(eleven), "InvalidRequest");
  bench.region().snapshots.at(SnapshotId(id)).size_gib = 20'000;
  EXPECT_EQ(enable({id}).text(std::string(refusal) + "code"), "InvalidParameterValue");
  const auto pending = bench.call("CreateSnapshot", {{"VolumeId", bench.volume()}});
  EXPECT_EQ(enable({pending.text("snapshotId")}).text(std::string(refusal) + "code"),
            "IncorrectState");
  EXPECT_EQ(enable({"snap-0123456789abcdef0"}).text(std::string(refusal) + "code"),
            "InvalidSnapshot.NotFound");
}

}  // namespace
}  // namespace pitstop::test
