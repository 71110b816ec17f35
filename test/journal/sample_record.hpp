#pragma once

#include "journal/backup_record.hpp"

namespace pitstop::test {

/// 2026-11-01T02:00:00Z.
inline constexpr WallTime first_night =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::November / 1) +
    std::chrono::hours(2);

/// A backup with everything that a record can have.
inline BackupRecord sample_record(const std::string& instance = "i-0123456789abcdef0",
                                  WallTime begun = first_night) {
  return {.run = RunId("r-0123456789ab"),
          .backup = BackupId("b-0123456789ab"),
          .instance = InstanceId(instance),
          .name = "数据库-2",
          .region = "eu-central-1",
          .begun = begun,
          .outcome = "failed",
          .consistency = "at-rest",
          .start_when = "progress",
          .gate = "deadline",
          .downtime = Milliseconds(760'250),
          .phases = {.stop = Milliseconds(20'125),
                     .snapshot = Milliseconds(1'250),
                     .gate = Milliseconds(0),
                     .start = Milliseconds(10'625)},
          .left_down = true,
          .recovered = true,
          .error_kind = "refused",
          .error_message = "EC2 made no snapshot of vol-1",
          .error_hint = "take another backup",
          .error_code = "InternalError",
          .api_calls = 27,
          .snapshots_completed = begun + std::chrono::hours(1),
          .snapshots = {{SnapshotId("snap-1"), VolumeId("vol-1"), "/dev/sda1", ec2::Gibibytes(8),
                         "completed", 100},
                        {SnapshotId("snap-2"), VolumeId("vol-2"), "", ec2::Gibibytes(16384), ""}}};
}

/// One that was refused: nothing in it but why.
inline BackupRecord refused_record(const std::string& instance, WallTime begun) {
  BackupRecord record;
  record.run = RunId("r-0123456789ab");
  record.instance = InstanceId(instance);
  record.begun = begun;
  record.outcome = "refused";
  record.error_kind = "refused";
  record.error_message = "it is stopping";
  return record;
}

}  // namespace pitstop::test
