#include "ec2/fast_restores.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ec2/launch.hpp"
#include "support/coroutine.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::ec2 {
namespace {

const std::vector<SnapshotId> some_snapshots{SnapshotId("snap-1"), SnapshotId("snap-2")};

constexpr auto of_some =
    "AvailabilityZone.1=us-east-1a&SourceSnapshotId.1=snap-1&SourceSnapshotId.2=snap-2";

VIRTUAL_TEST(FastRestores, AreAskedForBySnapshotAndZone) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeFastSnapshotRestores")
      .reply(
          "<fastSnapshotRestoreSet><item><snapshotId>snap-1</snapshotId>"
          "<availabilityZone>us-east-1a</availabilityZone><state>enabled</state>"
          "<stateTransitionReason>Client.UserInitiated - Lifecycle state transition"
          "</stateTransitionReason><ownerId>123456789012</ownerId>"
          "<enablingTime>2026-11-23T00:15:00.000Z</enablingTime>"
          "<optimizingTime>2026-11-23T00:16:00.250Z</optimizingTime>"
          "<enabledTime>2026-11-23T00:17:00.000Z</enabledTime></item>"
          "<item><snapshotId>snap-2</snapshotId><state>disabled</state></item>"
          "<item><snapshotId>snap-3</snapshotId><state>what-is-this</state></item>"
          "</fastSnapshotRestoreSet>");
  const auto all = co_await describe_fast_restores(caller, some_snapshots, "us-east-1a");
  CO_ASSERT_TRUE(all);
  CO_ASSERT_TRUE(all->size() == 3);
  EXPECT_EQ(caller.last_form(),
            "Filter.1.Name=snapshot-id&Filter.1.Value.1=snap-1&Filter.1.Value.2=snap-2"
            "&Filter.2.Name=availability-zone&Filter.2.Value.1=us-east-1a&MaxResults=200");
  const auto& first = all->front();
  EXPECT_EQ(first.snapshot, SnapshotId("snap-1"));
  EXPECT_EQ(first.zone, "us-east-1a");
  EXPECT_EQ(first.state, FastRestoreState::enabled);
  EXPECT_EQ(rfc3339(first.optimizing_since.value()), "2026-11-23T00:16:00.250Z");
  EXPECT_EQ(rfc3339(first.enabled_since.value()), "2026-11-23T00:17:00.000Z");
  EXPECT_TRUE(first.is_on());
  EXPECT_FALSE((*all)[1].is_on());
  EXPECT_EQ((*all)[1].optimizing_since, std::nullopt);
  EXPECT_EQ((*all)[1].enabled_since, std::nullopt);
  EXPECT_EQ((*all)[2].state, std::nullopt);
  EXPECT_TRUE((*all)[2].is_on()) << "what is not known may cost";
}

VIRTUAL_TEST(FastRestores, AreEnabledAndDisabledAsOftenAsOneLikes) {
  test::ScriptedCaller caller(time);
  caller.on("EnableFastSnapshotRestores")
      .reply(
          "<successful><item><snapshotId>snap-1</snapshotId><state>enabling</state></item>"
          "</successful><unsuccessful><item><snapshotId>snap-2</snapshotId>"
          "<fastSnapshotRestoreStateErrorSet><item><availabilityZone>us-east-1a</availabilityZone>"
          "<error><code>Some.Limit</code><message>five are enough</message></error></item>"
          "</fastSnapshotRestoreStateErrorSet></item></unsuccessful>");
  caller.on("DisableFastSnapshotRestores").reply("<successful/><unsuccessful/>");
  const auto enabled = co_await enable_fast_restores(caller, some_snapshots, "us-east-1a");
  EXPECT_EQ(caller.last_form(), of_some);
  CO_ASSERT_TRUE(enabled);
  CO_ASSERT_TRUE(enabled->size() == 1);
  EXPECT_EQ(enabled->front().snapshot, SnapshotId("snap-2"));
  EXPECT_EQ(enabled->front().code, "Some.Limit");
  EXPECT_EQ(enabled->front().message, "five are enough");
  const auto disabled = co_await disable_fast_restores(caller, some_snapshots, "us-east-1a");
  EXPECT_EQ(caller.last_form(), of_some);
  CO_ASSERT_TRUE(disabled);
  EXPECT_TRUE(disabled->empty());
  for (const auto& made : caller.calls()) {
    EXPECT_EQ(made.call.effect, Effect::settles) << made.call.action;
  }
}

VIRTUAL_TEST(FastRestores, AreChangedTenSnapshotsAtATime) {
  test::ScriptedCaller caller(time);
  caller.on("EnableFastSnapshotRestores").times(2).reply();
  std::vector<SnapshotId> twelve;
  for (int i = 1; i <= 12; ++i) {
    twelve.emplace_back("snap-" + std::to_string(i));
  }
  const auto enabled = co_await enable_fast_restores(caller, std::move(twelve), "us-east-1a");
  EXPECT_TRUE(enabled);
  EXPECT_EQ(caller.calls().size(), 2U);
  EXPECT_EQ(caller.last_form(),
            "AvailabilityZone.1=us-east-1a&SourceSnapshotId.1=snap-11&SourceSnapshotId.2=snap-12");
}

VIRTUAL_TEST(FastRestores, DisablingCanBeTriedDry) {
  test::ScriptedCaller caller(time);
  caller.on("DisableFastSnapshotRestores").fail_with_code("DryRunOperation", 412);
  const auto status = co_await may_disable_fast_restores(caller, some_snapshots, "us-east-1a");
  EXPECT_TRUE(status);
  EXPECT_EQ(caller.last_form(), std::string(of_some) + "&DryRun=true");
}

VIRTUAL_TEST(ZoneOfSubnet, IsWhereItIs) {
  test::ScriptedCaller caller(time);
  caller.on("DescribeSubnets")
      .reply(
          "<subnetSet><item><subnetId>subnet-1</subnetId>"
          "<availabilityZone>us-east-1b</availabilityZone></item></subnetSet>");
  caller.on("DescribeSubnets").reply("<subnetSet/>");
  const auto zone = co_await zone_of_subnet(caller, "subnet-1");
  EXPECT_EQ(zone, "us-east-1b");
  EXPECT_EQ(caller.last_form(), "SubnetId.1=subnet-1");
  const auto none = co_await zone_of_subnet(caller, "subnet-2");
  CO_ASSERT_TRUE(!none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace pitstop::ec2
