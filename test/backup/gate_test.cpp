#include "backup/gate.hpp"

#include <gtest/gtest.h>

namespace pitstop {
namespace {

using ec2::SnapshotState;

ec2::Snapshot snapshot(std::string id, std::optional<SnapshotState> state,
                       std::optional<int> progress) {
  ec2::Snapshot made;
  made.id = SnapshotId(std::move(id));
  made.state = state;
  made.progress = progress;
  return made;
}

TEST(Gate, KnowsWhenOneSnapshotIsFarEnough) {
  struct Row {
    std::optional<SnapshotState> state;
    std::optional<int> progress;
    bool for_progress;
    bool for_accepted;
    bool for_completed;
  };
  const Row rows[] = {
      {SnapshotState::pending, std::nullopt, false, true, false},
      {SnapshotState::pending, 0, false, true, false},
      {SnapshotState::pending, 1, true, true, false},
      {SnapshotState::pending, 100, true, true, false},
      {SnapshotState::completed, std::nullopt, true, true, true},
      {SnapshotState::completed, 0, true, true, true},
      {SnapshotState::error, 50, false, false, false},
      {SnapshotState::recoverable, 50, false, false, false},
      {std::nullopt, 100, false, false, false},
  };
  for (const auto& row : rows) {
    const auto seen = snapshot("snap-1", row.state, row.progress);
    EXPECT_EQ(far_enough(StartWhen::progress, seen), row.for_progress);
    EXPECT_EQ(far_enough(StartWhen::accepted, seen), row.for_accepted);
    EXPECT_EQ(far_enough(StartWhen::completed, seen), row.for_completed);
  }
}

TEST(Gate, OpensOnlyWhenEverySnapshotIsFarEnough) {
  SnapshotSet set({snapshot("snap-1", SnapshotState::pending, 50),
                   snapshot("snap-2", SnapshotState::pending, 0)});
  EXPECT_EQ(set.gate(StartWhen::progress), GateState::shut);
  set.see(snapshot("snap-2", SnapshotState::pending, 1));
  EXPECT_EQ(set.gate(StartWhen::progress), GateState::open);
}

TEST(Gate, BreaksAtTheFirstSnapshotInError) {
  SnapshotSet set({snapshot("snap-1", SnapshotState::pending, 0),
                   snapshot("snap-2", SnapshotState::pending, 0)});
  set.see(snapshot("snap-2", SnapshotState::error, std::nullopt));
  EXPECT_EQ(set.gate(StartWhen::progress), GateState::broken);
  EXPECT_EQ(set.failed()->id, SnapshotId("snap-2"));
}

TEST(Gate, AReplyThatComesLateUndoesNothing) {
  SnapshotSet set({snapshot("snap-1", SnapshotState::pending, 7)});
  set.see(snapshot("snap-1", SnapshotState::pending, 0));
  EXPECT_EQ(set.gate(StartWhen::progress), GateState::open);
  set.see(snapshot("snap-1", SnapshotState::completed, 100));
  set.see(snapshot("snap-1", SnapshotState::pending, 40));
  EXPECT_TRUE(set.all_completed());
  set.see(snapshot("snap-1", std::nullopt, std::nullopt));
  EXPECT_TRUE(set.all_completed());
}

TEST(Gate, AForeignSnapshotDoesNotJoinTheSet) {
  SnapshotSet set({snapshot("snap-1", SnapshotState::pending, 7)});
  set.see(snapshot("snap-9", SnapshotState::error, std::nullopt));
  EXPECT_EQ(set.ids().size(), 1U);
  EXPECT_EQ(set.gate(StartWhen::progress), GateState::open);
}

}  // namespace
}  // namespace pitstop
