// The snapshots of an interrupted run, as EC2 shows them to whoever recovers it.

#include "backup/adopting.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backup/captured_configuration.hpp"
#include "backup/server_tools.hpp"
#include "support/coroutine.hpp"
#include "support/pit_bench.hpp"
#include "support/scripted_caller.hpp"

namespace pitstop::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

/// A snapshot with the tags of a run that backed up two volumes.
std::string snapshot(int number, std::string_view description = "pitstop b-1 of i-1") {
  ec2::Tags tags = pack_configuration(
      R"({"volumes": [{"id": "vol-1", "device": "/dev/sda1"}, {"id": "vol-2", "device": "/dev/sdf"}]})");
  tags.push_back({"pitstop:backup", "b-1"});
  tags.push_back({"pitstop:consistency", "at-rest"});
  std::string items;
  for (const auto& tag : tags) {
    items += fmt::format("<item><key>{}</key><value>{}</value></item>", tag.key, tag.value);
  }
  return fmt::format(
      "<item><snapshotId>snap-{0}</snapshotId><volumeId>vol-{0}</volumeId><status>completed"
      "</status><volumeSize>8</volumeSize><startTime>2026-01-01T00:00:00.000Z</startTime>"
      "<description>{2}</description><tagSet>{1}</tagSet></item>",
      number, items, description);
}

class Adopting : public testing::Test {
 protected:
  /// The looks for the snapshots see so many of them, one look after the other.
  Adopted adopt(const std::vector<int>& seen, bool may_have_snapshots = true) {
    for (const int count : seen) {
      std::string items;
      for (int number = 1; number <= count; ++number) {
        items += snapshot(number);
      }
      caller.on("DescribeSnapshots").reply("<snapshotSet>" + items + "</snapshotSet>");
    }
    caller.on("CreateTags").always().reply();
    caller.on("DescribeInstances")
        .always()
        .reply(fmt::format(
            "<reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><launchTime>{}"
            "</launchTime></item></instancesSet></item></reservationSet>",
            launched));
    Stranded stranded;
    stranded.instance.id = InstanceId("i-1");
    stranded.run = RunId("r-1");
    stranded.may_have_snapshots = may_have_snapshots;
    Adopted adopted;
    bench.time.run(adopt_into(adopted, *this, stranded));
    bench.time.drain();
    return adopted;
  }

  static Task<void> adopt_into(Adopted& adopted, Adopting& test, const Stranded& stranded) {
    auto fleet = test.bench.tools();
    FleetTools tools{test.caller,    fleet.pace,         fleet.clock,          fleet.random,
                     fleet.observer, fleet.interruption, fleet.usual_patience, fleet.logbook,
                     nullptr,        fleet.here};
    OwnCaller own(tools);
    SharedCalls shared(tools, 1);
    PitLane lane({}, {LaneTicket{}});
    Turn turn(lane, {});
    const Tools own_tools = tools_of_a_server(tools, own, shared, turn);
    adopted = co_await adopt_snapshots(own_tools, stranded, true);
  }

  std::string launched = "2026-01-01T00:01:00.000Z";
  PitBench bench;
  ScriptedCaller caller{bench.time};
};

TEST_F(Adopting, WaitsUntilTheWholeSetIsVisible) {
  const auto adopted = adopt({0, 1, 2});
  EXPECT_TRUE(adopted.status) << adopted.status.error().message;
  EXPECT_THAT(caller.calls_of("DescribeSnapshots"), SizeIs(3));
  EXPECT_EQ(adopted.backup, BackupId("b-1"));
  EXPECT_EQ(adopted.consistency, Consistency::at_rest);
  ASSERT_THAT(adopted.snapshots, SizeIs(2));
  EXPECT_EQ(adopted.snapshots[1].device, "/dev/sdf");
  EXPECT_TRUE(adopted.completed);
}

TEST_F(Adopting, KnowsASetThatStaysIncomplete) {
  const auto adopted = adopt(std::vector<int>(40, 1));
  ASSERT_FALSE(adopted.status);
  EXPECT_THAT(adopted.status.error().message, HasSubstr("no snapshot of vol-2"));
  EXPECT_THAT(adopted.snapshots, SizeIs(1));
}

/// EC2's times decide, not those of the host that recovers.
TEST_F(Adopting, ClaimsNoMoreThanEC2sTimesShow) {
  launched = "2026-01-01T00:00:00.000Z";
  const auto adopted = adopt({2});
  EXPECT_TRUE(adopted.status);
  EXPECT_EQ(adopted.consistency, Consistency::crash);
  EXPECT_THAT(bench.seen.warnings(), HasSubstr("after it was started again"));
}

TEST_F(Adopting, ClaimsNothingThatCannotBeTold) {
  launched = "";
  EXPECT_EQ(adopt({2}).consistency, Consistency::crash);
}

/// Whoever may only call CreateTags has no part in a backup.
TEST_F(Adopting, LeavesOutWhatOnlyCarriesTheTags) {
  caller.on("DescribeSnapshots")
      .reply("<snapshotSet>" + snapshot(1) + snapshot(2) + snapshot(3, "somebody's") +
             "</snapshotSet>");
  const auto adopted = adopt({});
  EXPECT_TRUE(adopted.status) << adopted.status.error().message;
  EXPECT_THAT(adopted.snapshots, SizeIs(2));
}

TEST_F(Adopting, LooksOnceWhereNoneWereAskedFor) {
  const auto adopted = adopt({0}, false);
  ASSERT_FALSE(adopted.status);
  EXPECT_THAT(adopted.status.error().message, HasSubstr("before there were snapshots"));
}

}  // namespace
}  // namespace pitstop::test
