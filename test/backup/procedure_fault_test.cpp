// What goes wrong between the stop and the start never leaves the server down.

#include <gtest/gtest.h>

#include "support/pit_bench.hpp"

namespace pitstop {
namespace {

using ec2::InstanceState;
using test::PitBench;

Error of_kind(ErrorKind kind, std::string message = "injected") {
  return {kind, std::move(message), {}, {}};
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

TEST(ProcedureFaults, AStopThatCannotBeWatchedIsTakenBack) {
  PitBench bench;
  // The first look selects it, the second and the third are for its tag.
  bench.cloud.fail_call("DescribeInstances", 4, of_kind(ErrorKind::forbidden, "ExpiredToken"));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
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
  bench.cloud.invisible_for = Seconds(20);
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

TEST(ProcedureFaults, AGateThatCannotBeWatchedStartsTheServer) {
  PitBench bench;
  // The first look is the check's.
  bench.cloud.fail_call("DescribeSnapshots", 2,
                        of_kind(ErrorKind::forbidden, "UnauthorizedOperation"));
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
  EXPECT_EQ(bench.cloud.state(), InstanceState::running);
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
    if (event.step == Step::running && bench.seen.count(Step::running) == 1) {
      bench.cloud.stops_at(bench.time.now() + Seconds(40), "Client.UserInitiatedShutdown");
    }
  };
  const auto outcome = bench.run();
  EXPECT_EQ(outcome.outcome, Outcome::failed);
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
  for (std::uint64_t seed = 0; seed < test::seeds(300); ++seed) {
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
