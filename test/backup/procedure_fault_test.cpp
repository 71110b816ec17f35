// What goes wrong between the stop and the start never leaves the server down.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "support/pit_bench.hpp"

namespace pitstop {
namespace {

using ec2::InstanceState;
using test::PitBench;

Error of_kind(ErrorKind kind, std::string message = "injected") {
  return {kind, std::move(message), {}, {}};
}

/// As EC2 writes it: with a code.
Error answered(ErrorKind kind, std::string code) {
  return {kind, code, {}, code};
}

TEST(ProcedureFaults, ARefusedStopFailsTheBackupAndStartsNothing) {
  PitBench bench;
  bench.cloud.fail_call("StopInstances", 1, of_kind(ErrorKind::refused, "OperationNotPermitted"));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 0U);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 0U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, ALostReplyToTheStopIsAskedForAgain) {
  PitBench bench;
  bench.cloud.fail_call("StopInstances", 1, of_kind(ErrorKind::unknown_fate), true);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.count("StopInstances"), 2U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running)
      << "the second answer says `stopping` because of our first call";
}

TEST(ProcedureFaults, AStopThatIsNeverAnsweredIsTakenBack) {
  PitBench bench;
  bench.cloud.fail_from("StopInstances", 1, of_kind(ErrorKind::unknown_fate), true);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 0U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_FALSE(outcome.left_down);
}

TEST(ProcedureFaults, ARefusedLookEndsNoWait) {
  for (const auto* code : {"AuthFailure", "UnauthorizedOperation", "NobodyKnowsThisCode"}) {
    PitBench calm;
    const auto looks = [&] {
      calm.run();
      return calm.cloud.count("DescribeInstances");
    }();
    // The first look selects it, the second and the third are for its tag.
    for (std::size_t nth = 2; nth <= looks; ++nth) {
      SCOPED_TRACE(nth);
      PitBench bench;
      bench.cloud.fail_call("DescribeInstances", static_cast<int>(nth),
                            answered(ErrorKind::forbidden, code));
      const auto outcome = bench.run();
      EXPECT_EQ(bench.cloud.state(), InstanceState::running);
      EXPECT_TRUE(outcome.outcome == Outcome::completed || outcome.outcome == Outcome::refused);
    }
  }
}

TEST(ProcedureFaults, AStopThatCannotBeWatchedForGoodIsTakenBack) {
  PitBench bench;
  bench.cloud.fail_from("DescribeInstances", 4, answered(ErrorKind::forbidden, "AuthFailure"));
  bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(40));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_NE(outcome.error->message.find("cannot be watched"), std::string::npos);
  EXPECT_NE(outcome.error->message.find("AuthFailure"), std::string::npos);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, RefusedSnapshotsStartTheServerAtOnce) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, of_kind(ErrorKind::refused, "SnapshotLimitExceeded"));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 1U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_LE(*outcome.downtime, Seconds(37));
}

TEST(ProcedureFaults, ThrottledSnapshotsAreAskedForAgain) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, of_kind(ErrorKind::throttled));
  bench.cloud.fail_call("CreateSnapshots", 2, of_kind(ErrorKind::throttled));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.snapshots_made(), 3U);
}

TEST(ProcedureFaults, ALostReplyToTheSnapshotsIsLookedForAndNeverAskedForAgain) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, of_kind(ErrorKind::unknown_fate), true);
  bench.cloud.invisible_for = Seconds(18);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(outcome.snapshots.size(), 3U);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 1U);
  EXPECT_EQ(bench.cloud.snapshots_made(), 3U);
}

TEST(ProcedureFaults, SnapshotsThatNeverAppearFailTheBackupOnly) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, of_kind(ErrorKind::unknown_fate), false);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 1U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, ASnapshotInErrorFailsTheBackupAndNeverHoldsTheStart) {
  PitBench bench;
  bench.cloud.snapshots_end_as = ec2::SnapshotState::error;
  const auto outcome = bench.run({.max_downtime = std::chrono::hours(4)});
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_LE(*outcome.downtime, Seconds(47));
}

TEST(ProcedureFaults, AMissingVolumeFailsTheBackup) {
  PitBench bench;
  bench.cloud.skipped_volumes = {bench.cloud.volumes[2].first};
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_NE(outcome.error->message.find(bench.cloud.volumes[2].first.str()), std::string::npos);
  EXPECT_FALSE(outcome.gate.has_value()) << "nobody waits for a backup that has failed already";
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, ARefusedLookAtTheSnapshotsDoesNotOpenTheGate) {
  for (const auto* code : {"AuthFailure", "UnauthorizedOperation", "NobodyKnowsThisCode"}) {
    PitBench bench;
    // The first look is the check's.
    bench.cloud.fail_call("DescribeSnapshots", 2, answered(ErrorKind::forbidden, code));
    const auto outcome = bench.run();
    EXPECT_EQ(outcome.outcome, Outcome::completed);
    EXPECT_EQ(outcome.gate, GateOpening::progress);
    EXPECT_GE(*outcome.phases.gate, Seconds(9));
  }
}

TEST(ProcedureFaults, AGateThatCannotBeWatchedForGoodOpensAtTheDeadline) {
  PitBench bench;
  bench.cloud.fail_from("DescribeSnapshots", 2,
                        answered(ErrorKind::forbidden, "UnauthorizedOperation"));
  bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(20));
  const auto outcome = bench.run({.max_downtime = std::chrono::minutes(10)});
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(outcome.gate, GateOpening::deadline);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, SilenceWhileItIsDownGivesTheAlarm) {
  PitBench bench;
  bench.cloud.fail_from("DescribeSnapshots", 2, of_kind(ErrorKind::unknown_fate, "no answer"));
  bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(16));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  std::vector<Duration> alarms;
  const Instant silent_since = *bench.seen.when(Step::snapshots_created);
  for (std::size_t i = 0; i < bench.seen.events.size(); ++i) {
    if (bench.seen.events[i].step == Step::alarm) {
      alarms.push_back(bench.seen.times[i] - silent_since);
      EXPECT_NE(bench.seen.events[i].detail.find("is DOWN, and EC2 has not answered for"),
                std::string::npos);
    }
  }
  ASSERT_EQ(alarms.size(), 3U);
  for (std::size_t i = 0; i < alarms.size(); ++i) {
    const Duration due = std::chrono::minutes(std::array{1, 3, 9}[i]);
    EXPECT_GE(alarms[i], due);
    EXPECT_LT(alarms[i], due + Seconds(10));
  }
  EXPECT_NE(bench.seen.warnings().find("EC2 answers again after"), std::string::npos);
}

TEST(ProcedureFaults, SilenceThatIsShortIsNoAlarm) {
  PitBench bench;
  bench.cloud.fail_from("DescribeSnapshots", 2, of_kind(ErrorKind::unknown_fate, "no answer"));
  bench.cloud.faults_end_at(bench.time.now() + Seconds(75));
  EXPECT_EQ(bench.run().outcome, Outcome::completed);
  EXPECT_EQ(bench.seen.count(Step::alarm), 0U);
}

TEST(ProcedureFaults, SnapshotsThatTheServerOfEc2DidNotMakeAreAskedForOnceMore) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, answered(ErrorKind::unknown_fate, "Unavailable"));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 2U);
  EXPECT_EQ(bench.cloud.snapshots_made(), 3U);
  EXPECT_LE(*outcome.downtime, Seconds(20 + 10 + 15 + 14)) << "the search takes ten seconds";
}

TEST(ProcedureFaults, SnapshotsAreAskedForTwiceAtMost) {
  PitBench bench;
  bench.cloud.fail_from("CreateSnapshots", 1, answered(ErrorKind::unknown_fate, "InternalError"));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 2U);
  EXPECT_LE(*outcome.downtime, Seconds(20 + 15 + 30));
}

TEST(ProcedureFaults, AfterABrokenConnectionTheSearchTakesTwentySeconds) {
  PitBench bench;
  bench.cloud.fail_from("CreateSnapshots", 1, of_kind(ErrorKind::unknown_fate));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 1U);
  EXPECT_LE(*outcome.downtime, Seconds(20 + 15 + 27));
}

TEST(ProcedureFaults, OfTwoSetsTheOlderOneCountsAndTheOtherGoes) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, answered(ErrorKind::unknown_fate, "InternalError"),
                        true);
  bench.cloud.invisible_for = Seconds(15);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 2U);
  EXPECT_EQ(bench.cloud.count("DeleteSnapshot"), 3U);
  ASSERT_EQ(outcome.snapshots.size(), 3U);
  std::vector<SnapshotId> ids;
  for (const auto& snapshot : outcome.snapshots) {
    ids.push_back(snapshot.snapshot.id);
  }
  std::ranges::sort(ids);
  EXPECT_EQ(ids, bench.cloud.snapshots());
  EXPECT_EQ(ids.front().str(), "snap-00000000000000001");
}

TEST(ProcedureFaults, SnapshotsThatAppearAfterTheStartAreTakenInAndPromiseNothing) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, of_kind(ErrorKind::unknown_fate), true);
  bench.cloud.invisible_for = Seconds(40);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(outcome.snapshots.size(), 3U);
  EXPECT_EQ(outcome.consistency, Consistency::crash);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 1U);
}

TEST(ProcedureFaults, ASetOfWhichASecondOneCannotBeDeletedIsNotCalledGood) {
  PitBench bench;
  bench.cloud.fail_call("CreateSnapshots", 1, answered(ErrorKind::unknown_fate, "InternalError"),
                        true);
  bench.cloud.fail_from("DeleteSnapshot", 1, answered(ErrorKind::refused, "SnapshotLocked"));
  bench.cloud.invisible_for = Seconds(15);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_NE(outcome.error->message.find("is one snapshot too many"), std::string::npos);
}

TEST(ProcedureFaults, AStartIsTriedForAsLongAsItTakes) {
  for (const auto kind :
       {ErrorKind::no_capacity, ErrorKind::throttled, ErrorKind::forbidden, ErrorKind::refused,
        ErrorKind::transient, ErrorKind::unknown_fate, ErrorKind::internal}) {
    PitBench bench;
    for (int attempt = 1; attempt <= 8; ++attempt) {
      bench.cloud.fail_call("StartInstances", attempt, of_kind(kind));
    }
    const auto outcome = bench.run();
    EXPECT_EQ(bench.cloud.state(), InstanceState::running) << to_string(kind);
    EXPECT_EQ(outcome.outcome, Outcome::completed) << to_string(kind);
    EXPECT_FALSE(outcome.left_down) << to_string(kind);
  }
}

TEST(ProcedureFaults, ALostReplyToTheStartIsNoHarm) {
  PitBench bench;
  bench.cloud.fail_call("StartInstances", 1, of_kind(ErrorKind::unknown_fate), true);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_LE(*outcome.downtime, Seconds(50));
}

TEST(ProcedureFaults, AStartThatFallsBackToStoppedIsNoticedAndTriedAgain) {
  PitBench bench;
  bench.cloud.starts_that_fall_back = 3;
  const auto outcome = bench.run();
  EXPECT_EQ(bench.cloud.count("StartInstances"), 4U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_NE(bench.seen.warnings().find("is stopped again: Client.InternalError"),
            std::string::npos);
}

TEST(ProcedureFaults, AStaleStoppedAfterTheStartIsNoFailure) {
  PitBench bench;
  bench.cloud.stale_after_start = Seconds(8);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.count("StartInstances"), 1U);
  EXPECT_EQ(bench.seen.count(Step::warning), 0U) << bench.seen.warnings();
}

TEST(ProcedureFaults, AServerThatRunsAndFallsBackAtOnceIsStartedAgain) {
  PitBench bench;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::running && bench.seen.count(Step::running) == 1) {
      bench.cloud.stops_at(bench.time.now() + Seconds(2), "Client.InternalError");
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(bench.cloud.count("StartInstances"), 2U);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_GE(*outcome.downtime, Seconds(20 + 10 + 15 + 15)) << "it counts to the start that lasted";
}

TEST(ProcedureFaults, AStopThatTakesEffectLateIsNoticed) {
  PitBench bench;
  bench.cloud.fail_from("StopInstances", 1, of_kind(ErrorKind::unknown_fate));
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::warning && bench.seen.count(Step::warning) == 1) {
      bench.cloud.stops_at(bench.time.now() + Seconds(40), "Client.UserInitiatedShutdown");
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_TRUE(outcome.downtime);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running) << "at once";
  bench.time.run(bench.time.sleep(std::chrono::minutes(5)));
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, AStopThatWasOursIsKnownEvenWhenItIsOverBeforeTheSecondAnswer) {
  PitBench bench({.stop = {}});
  bench.cloud.fail_call("StopInstances", 1, of_kind(ErrorKind::unknown_fate), true);
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::completed);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
}

TEST(ProcedureFaults, AServerThatIsTerminatedWhileDownIsReportedAsLeftDown) {
  PitBench bench;
  bench.seen.on_event = [&](const Event& event) {
    if (event.step == Step::gate_opened) {
      bench.cloud.set_state(InstanceState::terminated);
    }
  };
  const auto outcome = bench.run();
  EXPECT_TRUE(outcome.left_down);
  EXPECT_EQ(outcome.outcome, Outcome::failed);
}

TEST(ProcedureFaults, AServerThatIsTerminatedWhileItStopsIsReportedAsLeftDown) {
  PitBench bench;
  bench.cloud.terminates_instead_of_stopping = true;
  const auto outcome = bench.run();
  EXPECT_TRUE(outcome.left_down);
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.count("CreateSnapshots"), 0U);
}

TEST(ProcedureFaults, AnExceptionInAnyCallNeverLeavesTheServerDown) {
  for (const std::string action :
       {"StopInstances", "CreateSnapshots", "StartInstances", "CreateTags", "DescribeInstances",
        "DescribeSnapshots", "DescribeInstanceStatus", "DescribeInstanceAttribute"}) {
    const int first = action == "DescribeInstances" ? 2 : 1;  // the first one selects the server
    for (int nth = first; nth <= first + 1; ++nth) {
      SCOPED_TRACE(action + ' ' + std::to_string(nth));
      PitBench bench;
      bench.cloud.throws_at[action] = nth;
      const auto outcome = bench.run_leniently();
      EXPECT_EQ(bench.cloud.state(), InstanceState::running);
      EXPECT_FALSE(outcome.left_down);
    }
  }
}

struct SweepCase {
  std::string action;
  int nth = 1;
  ErrorKind kind = ErrorKind::transient;
  bool happens = false;
};

/// Every call of the procedure, failing in every way. Only a call of unknown fate can have
/// happened.
std::vector<SweepCase> sweep() {
  std::vector<SweepCase> cases;
  for (const std::string action : {"StopInstances", "CreateSnapshots", "StartInstances",
                                   "DescribeSnapshots", "CreateTags", "DescribeInstances"}) {
    const int first = action == "DescribeInstances" ? 2 : 1;  // the first one selects the server
    for (int nth = first; nth <= 4; ++nth) {
      for (const auto kind : {ErrorKind::throttled, ErrorKind::transient, ErrorKind::unknown_fate,
                              ErrorKind::not_found, ErrorKind::wrong_state, ErrorKind::no_capacity,
                              ErrorKind::forbidden, ErrorKind::refused, ErrorKind::internal}) {
        cases.push_back({action, nth, kind, false});
      }
      cases.push_back({action, nth, ErrorKind::unknown_fate, true});
    }
  }
  return cases;
}

TEST(ProcedureFaults, NoSingleFailureLeavesTheServerDownOrMakesASecondSet) {
  for (const auto& fault : sweep()) {
    SCOPED_TRACE(fault.action + ' ' + std::to_string(fault.nth) + ' ' +
                 std::string(to_string(fault.kind)));
    PitBench bench;
    bench.cloud.fail_call(fault.action, fault.nth, of_kind(fault.kind), fault.happens);
    const auto outcome = bench.run_leniently();
    EXPECT_EQ(bench.cloud.state(), InstanceState::running);
    EXPECT_FALSE(outcome.left_down);
    EXPECT_LE(bench.cloud.snapshots_made(), 3U);
  }
}

TEST(ProcedureFaults, NoPairOfFailuresLeavesTheServerDownOrMakesASecondSet) {
  const auto cases = sweep();
  for (std::uint64_t seed = 0; seed < test::seeds(150); ++seed) {
    SeededRandom random(seed);
    const auto& one = cases[random.next() % cases.size()];
    const auto& other = cases[random.next() % cases.size()];
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + one.action + ' ' +
                 std::string(to_string(one.kind)) + ", " + other.action + ' ' +
                 std::string(to_string(other.kind)));
    PitBench bench({}, seed);
    bench.cloud.fail_call(one.action, one.nth, of_kind(one.kind), one.happens);
    bench.cloud.fail_from(other.action, other.nth, of_kind(other.kind), other.happens);
    bench.cloud.faults_end_at(bench.time.now() + std::chrono::minutes(40));
    const auto outcome = bench.run_leniently();
    EXPECT_EQ(bench.cloud.state(), InstanceState::running);
    EXPECT_FALSE(outcome.left_down);
    EXPECT_LE(bench.cloud.snapshots_made(), 3U);
  }
}

}  // namespace
}  // namespace pitstop
