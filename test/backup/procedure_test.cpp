#include "backup/procedure.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/pit_bench.hpp"

namespace pitstop {
namespace {

using ec2::InstanceState;
using test::PitBench;

std::vector<std::string> actions(const PitBench& bench) {
  std::vector<std::string> names;
  for (const auto& call : bench.cloud.calls) {
    if (names.empty() || names.back() != call.action) {
      names.push_back(call.action);
    }
  }
  return names;
}

TEST(Procedure, StopsSnapshotsWaitsForProgressStartsAndFollows) {
  PitBench bench;
  const auto outcome = bench.run();

  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_FALSE(outcome.error.has_value());
  EXPECT_EQ(outcome.gate, GateOpening::progress);
  EXPECT_EQ(outcome.consistency, Consistency::at_rest);
  EXPECT_EQ(outcome.snapshots.size(), 3U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 1U);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 1U);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 1U);
  const std::vector<std::string> order{"DescribeInstances",
                                       "DescribeVolumes",
                                       "DescribeInstanceStatus",
                                       "GetLaunchTemplateData",
                                       "DescribeInstanceAttribute",
                                       "DescribeSnapshots",
                                       "DescribeInstances",
                                       "CreateTags",
                                       "DescribeInstances",
                                       "StopInstances",
                                       "DescribeInstances",
                                       "CreateSnapshots",
                                       "DescribeSnapshots",
                                       "StartInstances",
                                       "DescribeInstances",
                                       "DeleteTags",
                                       "CreateTags",
                                       "DescribeSnapshots"};
  EXPECT_EQ(actions(bench), order);
}

TEST(Procedure, IsDownForHardlyLongerThanTheCloudTakes) {
  PitBench bench;
  const auto outcome = bench.run();
  const Duration limit = Seconds(20 + 10 + 15);
  ASSERT_TRUE(outcome.downtime.has_value());
  EXPECT_GE(*outcome.downtime, limit);
  EXPECT_LE(*outcome.downtime, limit + Seconds(1));
}

TEST(Procedure, DoesNotStartBeforeEverySnapshotShowsProgress) {
  PitBench bench;
  bench.run();
  const auto made = bench.cloud.first("CreateSnapshots").at;
  EXPECT_GE(bench.cloud.first("StartInstances").at, made + Seconds(10));
}

TEST(Procedure, StartsWhenTheSnapshotsAreAcceptedIfAskedTo) {
  PitBench bench;
  const auto outcome = bench.run({.start_when = StartWhen::accepted});
  EXPECT_EQ(outcome.gate, GateOpening::accepted);
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_LE(bench.cloud.first("StartInstances").at,
            bench.cloud.first("CreateSnapshots").at + Milliseconds(200));
}

TEST(Procedure, WaitsForCompletionIfAskedTo) {
  PitBench bench;
  const auto outcome = bench.run({.start_when = StartWhen::completed});
  EXPECT_EQ(outcome.gate, GateOpening::completed);
  EXPECT_GE(bench.cloud.first("StartInstances").at,
            bench.cloud.first("CreateSnapshots").at + std::chrono::minutes(20));
}

TEST(Procedure, StartsAtTheDeadlineAndSaysSo) {
  PitBench bench({.first_progress = std::chrono::hours(5), .completion = std::chrono::hours(6)});
  const auto outcome = bench.run({.max_downtime = std::chrono::minutes(5)});
  EXPECT_EQ(outcome.gate, GateOpening::deadline);
  EXPECT_EQ(outcome.outcome, Outcome::completed) << "the snapshots are followed all the same";
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_LE(*outcome.downtime, std::chrono::minutes(5) + Seconds(17));
}

TEST(Procedure, BacksUpAStoppedServerAndLeavesItStopped) {
  PitBench bench;
  bench.cloud.set_state(InstanceState::stopped);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_FALSE(outcome.downtime.has_value());
  EXPECT_EQ(outcome.consistency, Consistency::crash) << "who knows how it was stopped";
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::stopped);
}

TEST(Procedure, LeavesAServerStoppedThatSomebodyStoppedJustBefore) {
  PitBench bench;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::stop_requested) {
      bench.cloud.set_state(InstanceState::stopped);
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::stopped);
}

TEST(Procedure, EndsWhenTheServerIsUpIfNobodyWaits) {
  PitBench bench;
  const auto outcome = bench.run({.wait = false});
  EXPECT_EQ(outcome.outcome, Outcome::following);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_EQ(bench.cloud.count("CreateTags"), 1U + 3U) << "the tags are complete";
}

TEST(Procedure, TellsWhenTheLastSnapshotWasComplete) {
  PitBench bench;
  const auto outcome = bench.run();
  ASSERT_TRUE(outcome.snapshots_completed);
  const Duration since_begun = *outcome.snapshots_completed - outcome.begun;
  const Duration limit = Seconds(20) + std::chrono::minutes(20);
  EXPECT_GE(since_begun, limit);
  EXPECT_LE(since_begun, limit + Seconds(35)) << "it is looked at seldom";
}

TEST(Procedure, TellsThatTheSnapshotsWereCompleteBeforeTheServerWasUp) {
  PitBench bench;
  const auto outcome = bench.run({.start_when = StartWhen::completed});
  ASSERT_TRUE(outcome.snapshots_completed && outcome.downtime && outcome.phases.start);
  EXPECT_LE(*outcome.snapshots_completed,
            outcome.begun + *outcome.downtime - *outcome.phases.start);
}

TEST(Procedure, DoesNotGuessWhenSnapshotsThatNobodyFollowedWereComplete) {
  PitBench bench;
  EXPECT_FALSE(bench.run({.wait = false}).snapshots_completed);
}

TEST(Procedure, CallsACutStopACrash) {
  PitBench bench({.stop = std::chrono::minutes(4)});
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.consistency, Consistency::crash);
  EXPECT_EQ(outcome.outcome, Outcome::completed);
}

TEST(Procedure, WatchesAStopThatHangsUntilItEnds) {
  PitBench bench({.stop = std::chrono::minutes(25)});
  const auto outcome = bench.run();
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  const auto alarm = std::ranges::find(bench.seen.events, Step::alarm, &Event::step);
  ASSERT_NE(alarm, bench.seen.events.end());
  EXPECT_EQ(alarm->detail, bench.cloud.instance.str() + " did not stop within 10m 00s");
  EXPECT_EQ(outcome.outcome, Outcome::completed);
}

TEST(Procedure, CutsThePowerOfAStopThatHangsOnlyIfAskedTo) {
  PitBench bench({.stop = std::chrono::minutes(25)});
  const auto outcome = bench.run({.force_stop_after = std::chrono::minutes(5)});
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(outcome.consistency, Consistency::crash);
  EXPECT_LT(*outcome.phases.stop, std::chrono::minutes(6));
  ASSERT_EQ(bench.cloud.count("StopInstances"), 2U);
  EXPECT_EQ(
      *bench.cloud.calls.at(bench.cloud.index_of("StopInstances", 2)).parameters.find("Force"),
      "true");
  EXPECT_EQ(bench.seen.count(Step::alarm), 0U);
}

TEST(Procedure, DoesNotForceAStopThatEndsInTime) {
  PitBench bench;
  const auto outcome = bench.run({.force_stop_after = std::chrono::minutes(5)});
  EXPECT_EQ(outcome.consistency, Consistency::at_rest);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 1U);
}

TEST(Procedure, TheSetIsTaggedInTheCall) {
  PitBench bench;
  bench.cloud.volume_tags[bench.cloud.volumes[1].first] = {{"team", "data"}, {"Name", "disk"}};
  bench.run({.set_tags = {{"kept-for", "90d"}}});
  const auto& parameters = bench.cloud.first("CreateSnapshots").parameters;
  std::map<std::string, std::string> tags;
  for (int i = 1;
       parameters.find("TagSpecification.1.Tag." + std::to_string(i) + ".Key") != nullptr; ++i) {
    const auto prefix = "TagSpecification.1.Tag." + std::to_string(i);
    tags[*parameters.find(prefix + ".Key")] = *parameters.find(prefix + ".Value");
  }
  EXPECT_EQ(tags["Name"], "web-1");
  EXPECT_TRUE(tags["pitstop:backup"].starts_with("b-"));
  EXPECT_EQ(tags["pitstop:run"], "r-test");
  EXPECT_EQ(tags["pitstop:instance"], bench.cloud.instance.str());
  EXPECT_EQ(tags["pitstop:consistency"], "at-rest");
  EXPECT_EQ(tags["kept-for"], "90d");
  EXPECT_TRUE(tags.contains("pitstop:created"));
  EXPECT_TRUE(tags.contains("pitstop:config.1"));
}

TEST(Procedure, EachSnapshotGetsItsDeviceAndItsVolumesTagsOnceTheServerIsUp) {
  PitBench bench;
  bench.cloud.volume_tags[bench.cloud.volumes[1].first] = {{"team", "data"}, {"Name", "disk"}};
  bench.run();
  std::map<std::string, std::string> tags;
  for (const auto& call : bench.cloud.calls) {
    if (call.action == "CreateTags" && *call.parameters.find("Tag.1.Value") == "/dev/sdf") {
      tags[*call.parameters.find("Tag.2.Key")] = *call.parameters.find("Tag.2.Value");
      tags[*call.parameters.find("Tag.3.Key")] = *call.parameters.find("Tag.3.Value");
      EXPECT_GE(call.at, *bench.seen.when(Step::running));
    }
  }
  EXPECT_EQ(tags["team"], "data");
  EXPECT_EQ(tags["Name"], "disk") << "a data volume keeps its own";
}

TEST(Procedure, RefusesBeforeTheStopWhenTheStartIsNotAllowed) {
  PitBench bench;
  bench.cloud.fail_call(
      "DryRun:StartInstances", 1,
      {ErrorKind::forbidden, "StartInstances: UnauthorizedOperation", {}, "UnauthorizedOperation"});
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::refused);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
  EXPECT_NE(outcome.error->message.find("StartInstances"), std::string::npos);
}

TEST(Procedure, StopsNothingAfterTheUserAskedToEnd) {
  PitBench bench;
  bench.interruption.request();
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.error->kind, ErrorKind::interrupted);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 0U);
}

TEST(Procedure, BringsTheServerBackWhenTheUserAsksToEndWhileItIsDown) {
  PitBench bench;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::stopped) {
      bench.interruption.request();
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_EQ(outcome.outcome, Outcome::following);
  EXPECT_EQ(outcome.gate, GateOpening::progress);
}

}  // namespace
}  // namespace pitstop
