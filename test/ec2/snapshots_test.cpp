#include "ec2/snapshots.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

SnapshotSetRequest some_set() {
  return {.instance = InstanceId("i-1"),
          .exclude_boot_volume = true,
          .exclude_data_volumes = {VolumeId("vol-8"), VolumeId("vol-9")},
          .description = "pitstop",
          .tags = {{"pitstop:backup", "b-1"}}};
}

constexpr auto set_parameters =
    "InstanceSpecification.InstanceId=i-1&InstanceSpecification.ExcludeBootVolume=true"
    "&InstanceSpecification.ExcludeDataVolumeId.1=vol-8"
    "&InstanceSpecification.ExcludeDataVolumeId.2=vol-9&Description=pitstop"
    "&TagSpecification.1.ResourceType=snapshot&TagSpecification.1.Tag.1.Key=pitstop%3Abackup"
    "&TagSpecification.1.Tag.1.Value=b-1";

Task<Result<Snapshot>> described(VirtualTime& time, std::string elements) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeSnapshots").reply("<snapshotSet><item>" + elements + "</item></snapshotSet>");
  std::vector<SnapshotId> ids{SnapshotId("snap-1")};
  CO_TRY(auto snapshots, co_await describe_snapshots(caller, std::move(ids), {}));
  co_return snapshots.at(0);
}

VIRTUAL_TEST(DescribeSnapshots, AsksForTheAccountsOwn) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeSnapshots").reply("<snapshotSet/>");
  std::vector<SnapshotId> ids{SnapshotId("snap-1")};
  std::vector<Filter> filters{{"tag:pitstop:backup", {"b-1"}}};
  const auto snapshots = co_await describe_snapshots(caller, std::move(ids), std::move(filters));
  EXPECT_TRUE(snapshots);
  EXPECT_EQ(caller.last_form(),
            "SnapshotId.1=snap-1&Owner.1=self&Filter.1.Name=tag%3Apitstop%3Abackup"
            "&Filter.1.Value.1=b-1");
}

VIRTUAL_TEST(LockedSnapshots, AreThoseWhoseLockHasNotEnded) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeLockedSnapshots")
      .reply(
          "<snapshotSet><item><snapshotId>snap-1</snapshotId><lockState>governance</lockState>"
          "</item><item><snapshotId>snap-2</snapshotId><lockState>expired</lockState></item>"
          "</snapshotSet>");
  const auto locked = co_await locked_snapshots(caller);
  CO_ASSERT_TRUE(locked);
  EXPECT_THAT(*locked, testing::ElementsAre(SnapshotId("snap-1")));
}

VIRTUAL_TEST(DescribeSnapshots, ReadsASnapshot) {
  const auto snapshot = co_await described(
      time,
      "<snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><status>error</status>"
      "<statusMessage>Given key ID is not accessible</statusMessage>"
      "<startTime>2026-11-23T00:16:00.250Z</startTime><progress>45%</progress>"
      "<ownerId>123456789012</ownerId><volumeSize>150</volumeSize>"
      "<description>pitstop b-1 of i-1</description><storageTier>archive</storageTier>"
      "<restoreExpiryTime>2026-11-30T00:16:00.250Z</restoreExpiryTime>"
      "<encrypted>true</encrypted><tagSet><item><key>a</key><value>b</value></item></tagSet>");
  CO_ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->id, SnapshotId("snap-1"));
  EXPECT_EQ(snapshot->volume, VolumeId("vol-1"));
  EXPECT_EQ(snapshot->state, SnapshotState::error);
  EXPECT_EQ(snapshot->state_message, "Given key ID is not accessible");
  EXPECT_EQ(snapshot->progress, 45);
  EXPECT_EQ(snapshot->size, Gibibytes(150));
  EXPECT_EQ(rfc3339(snapshot->started.value()), "2026-11-23T00:16:00.250Z");
  EXPECT_TRUE(snapshot->encrypted);
  EXPECT_EQ(snapshot->description, "pitstop b-1 of i-1");
  EXPECT_EQ(snapshot->storage_tier, "archive");
  EXPECT_EQ(rfc3339(snapshot->usable_until.value()), "2026-11-30T00:16:00.250Z");
  EXPECT_EQ(snapshot->tags, (Tags{{"a", "b"}}));
}

VIRTUAL_TEST(DescribeSnapshots, TheStateComesAsStatusAsStateOrNotAtAll) {
  struct Case {
    const char* elements;
    std::optional<SnapshotState> state;
  };
  for (const auto& [elements, state] :
       {Case{"<status>pending</status>", SnapshotState::pending},
        Case{"<state>completed</state>", SnapshotState::completed},
        Case{"<status> recoverable\n</status>", SnapshotState::recoverable},
        Case{"<state>recovering</state>", SnapshotState::recovering},
        Case{"<volumeId>vol-1</volumeId>", std::nullopt}, Case{"<status/>", std::nullopt},
        Case{"<status>what-is-this</status>", std::nullopt}}) {
    const auto snapshot = co_await described(time, elements);
    EXPECT_EQ(snapshot.value().state, state) << elements;
  }
}

VIRTUAL_TEST(DescribeSnapshots, AnAbsentOrEmptyProgressSaysNothing) {
  struct Case {
    const char* elements;
    std::optional<int> progress;
  };
  for (const auto& [elements, progress] :
       {Case{"<status>pending</status>", std::nullopt}, Case{"<progress/>", std::nullopt},
        Case{"<progress>0%</progress>", 0}, Case{"<progress> 7 % </progress>", 7}}) {
    const auto snapshot = co_await described(time, elements);
    EXPECT_EQ(snapshot.value().progress, progress) << elements;
  }
}

VIRTUAL_TEST(CreateSnapshots, AsksForAllVolumesAtOnce) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshots")
      .reply(
          "<snapshotSet><item><snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId>"
          "<state>pending</state><progress/></item>"
          "<item><snapshotId>snap-2</snapshotId><volumeId>vol-2</volumeId></item></snapshotSet>");
  const auto snapshots = co_await create_snapshots(caller, some_set(), Seconds(90));
  CO_ASSERT_TRUE(snapshots);
  CO_ASSERT_TRUE(snapshots->size() == 2);
  EXPECT_EQ((*snapshots)[0].state, SnapshotState::pending);
  EXPECT_EQ((*snapshots)[1].state, std::nullopt) << "some endpoints leave it out";
  EXPECT_EQ(caller.last_form(), set_parameters);
  EXPECT_EQ(caller.calls().back().call.effect, Effect::creates);
  EXPECT_EQ(caller.calls().back().call.patience, Duration()) << "who repeats it looks before";
  EXPECT_EQ(caller.calls().back().call.attempt_timeout, Milliseconds(Seconds(90)));
}

VIRTUAL_TEST(CreateSnapshots, AnAnswerWithoutSnapshotsLeavesTheFateUnknown) {
  for (const auto* answer : {"<snapshotSet/>", "<snapshotSet><item/></snapshotSet>", ""}) {
    test::ScriptedCaller caller(time);
    caller.on("CreateSnapshots").reply(answer);
    const auto snapshots = co_await create_snapshots(caller, some_set(), Seconds(90));
    CO_ASSERT_TRUE(!snapshots);
    EXPECT_EQ(snapshots.error().kind, ErrorKind::unknown_fate);
  }
}

VIRTUAL_TEST(CreateSnapshots, CanBeTriedDry) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshots").fail_with_code("DryRunOperation", 412);
  const auto status = co_await may_create_snapshots(caller, some_set());
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(), std::string(set_parameters) + "&DryRun=true");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::asks);
}

VIRTUAL_TEST(CreateSnapshot, ReadsTheSnapshotThatStandsInTheRoot) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshot")
      .reply(
          "<snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><status>pending</status>"
          "<startTime>2026-11-23T00:16:00.000Z</startTime><progress>60%</progress>");
  Tags tags{{"Name", "web"}};
  const auto snapshot =
      co_await create_snapshot(caller, {VolumeId("vol-1"), "by hand", tags}, Seconds(90));
  CO_ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->id, SnapshotId("snap-1"));
  EXPECT_EQ(snapshot->state, SnapshotState::pending);
  EXPECT_EQ(snapshot->progress, 60);
  EXPECT_EQ(caller.last_form(),
            "VolumeId=vol-1&Description=by+hand&TagSpecification.1.ResourceType=snapshot"
            "&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=web");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::creates);
}

VIRTUAL_TEST(CreateSnapshot, CanBeTriedDry) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshot").fail_with_code("DryRunOperation", 412);
  const auto status = co_await may_create_snapshot(caller, {VolumeId("vol-1"), "", {}});
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(), "VolumeId=vol-1&Description=&DryRun=true");
}

VIRTUAL_TEST(CreateSnapshot, AnAnswerWithoutAnIdLeavesTheFateUnknown) {
  test::ScriptedCaller caller(time);
  caller.on("CreateSnapshot").reply("<status>pending</status>");
  const auto snapshot = co_await create_snapshot(caller, {VolumeId("vol-1"), "", {}}, Seconds(90));
  CO_ASSERT_TRUE(!snapshot);
  EXPECT_EQ(snapshot.error().kind, ErrorKind::unknown_fate);
}

VIRTUAL_TEST(DeleteSnapshot, CanBeRepeated) {
  test::ScriptedCaller caller(time);
  caller.on("DeleteSnapshot").reply();
  const auto status = co_await delete_snapshot(caller, SnapshotId("snap-1"));
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(), "SnapshotId=snap-1");
  EXPECT_EQ(caller.calls().back().call.effect, Effect::settles);
}

}  // namespace
}  // namespace pitstop::ec2
