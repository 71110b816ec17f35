#include "history.hpp"

#include <gtest/gtest.h>

#include "prune/prune_plan.hpp"

namespace pitstop::test {

WallTime time_at(const std::string& text) {
  const auto time = parse_rfc3339(text);
  EXPECT_TRUE(time) << text;
  return time.value_or(WallTime());
}

BackupSet good_set(WallTime taken) {
  BackupSet set;
  set.backup = BackupId("b-" + std::to_string(taken.time_since_epoch().count()));
  set.run = RunId("r-" + set.backup.str().substr(2));
  set.instance = InstanceId("i-1");
  set.name = "web-1";
  set.taken = taken;
  set.state = SetState::complete;
  set.is_pitstops = true;
  set.has_proven_tags = true;
  set.snapshots.push_back({.id = SnapshotId("snap-" + set.backup.str().substr(2)),
                           .volume = VolumeId("vol-1"),
                           .device = "/dev/xvda",
                           .state = ec2::SnapshotState::completed,
                           .state_message = {},
                           .progress = 100,
                           .size = ec2::Gibibytes(8),
                           .full_bytes = std::int64_t{4} << 30});
  set.tags = {{"pitstop:backup", set.backup.str()}, {"pitstop:instance", "i-1"}};
  return set;
}

BackupSet set_in_state(WallTime taken, SetState state) {
  auto set = good_set(taken);
  set.state = state;
  auto& snapshot = set.snapshots.front();
  if (state == SetState::failed) {
    snapshot.state = ec2::SnapshotState::error;
  } else if (state == SetState::pending) {
    snapshot.state = ec2::SnapshotState::pending;
  } else if (state == SetState::incomplete) {
    set.missing.push_back({VolumeId("vol-2"), "/dev/sdf"});
  }
  return set;
}

void begin_removal(BackupSet& set) {
  set.tags.push_back({pruning_tag_key, "2026-11-30T00:00:00.000Z"});
}

std::vector<BackupSet> daily_sets(const std::string& newest, int days) {
  std::vector<BackupSet> sets;
  for (int day = 0; day < days; ++day) {
    sets.push_back(good_set(time_at(newest) - std::chrono::days(day)));
  }
  return sets;
}

}  // namespace pitstop::test
