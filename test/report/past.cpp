#include "past.hpp"

#include <algorithm>

namespace pitstop::test {

namespace {

BackupRecord ended(WallTime begun, const std::string& outcome) {
  BackupRecord record;
  record.run = RunId("r-0123456789ab");
  record.instance = InstanceId("i-0123456789abcdef0");
  record.name = "web-1";
  record.region = "eu-central-1";
  record.begun = begun;
  record.outcome = outcome;
  record.start_when = "progress";
  if (outcome == "completed" || outcome == "following") {
    record.snapshots = {{SnapshotId("snap-1"), VolumeId("vol-1"), "/dev/sda1", ec2::Gibibytes(8),
                         "completed", 100}};
  }
  return record;
}

}  // namespace

BackupRecord past_backup(WallTime begun, Milliseconds downtime) {
  auto record = ended(begun, "following");
  record.gate = "progress";
  record.downtime = downtime;
  record.phases = {.stop = Seconds(10),
                   .snapshot = Seconds(2),
                   .gate = downtime - Seconds(27),
                   .start = Seconds(15)};
  return record;
}

BackupRecord followed_backup(WallTime begun, Milliseconds downtime, Milliseconds completed) {
  auto record = past_backup(begun, downtime);
  record.outcome = "completed";
  record.snapshots_completed = begun + completed;
  return record;
}

BackupRecord cold_backup(WallTime begun) {
  auto record = ended(begun, "completed");
  record.gate = "progress";
  record.phases = {.stop = {}, .snapshot = Seconds(3), .gate = Seconds(40), .start = {}};
  record.snapshots_completed = begun + hour;
  return record;
}

BackupRecord refused_backup(WallTime begun) {
  return ended(begun, "refused");
}

BackupRecord left_down_backup(WallTime begun) {
  auto record = ended(begun, "failed");
  record.left_down = true;
  record.phases.stop = Seconds(10);
  return record;
}

BackupRecord of(const std::string& instance, const std::string& name, BackupRecord record) {
  record.instance = InstanceId(instance);
  record.name = name;
  return record;
}

std::vector<BackupRecord> five_weeks() {
  const auto database = [](BackupRecord record) {
    return of("i-0fedcba9876543210", "数据库-2", std::move(record));
  };
  const auto night = [](int week) { return first_night + 7 * week * day; };
  std::vector<BackupRecord> records{
      followed_backup(night(0), 12 * minute + Seconds(40), 90 * minute),
      followed_backup(night(1), 15 * minute + Seconds(2), 2 * hour),
      refused_backup(night(2)),
      past_backup(night(3), 12 * minute),
      followed_backup(night(4), 11 * minute + Milliseconds(500), 80 * minute),
      database(cold_backup(night(0) + minute)),
      database(left_down_backup(night(1) + minute)),
      database(past_backup(night(2) + minute, 20 * minute)),
  };
  std::ranges::sort(records, {}, &BackupRecord::begun);
  return records;
}

}  // namespace pitstop::test
