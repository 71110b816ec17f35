#pragma once

#include "journal/backup_record.hpp"

/// Backups of the past, for the figures.
namespace pitstop::test {

inline constexpr Milliseconds minute = std::chrono::minutes(1);
inline constexpr Milliseconds hour = std::chrono::hours(1);
inline constexpr Milliseconds day = std::chrono::days(1);

/// 2026-11-01T02:00:00Z.
inline constexpr WallTime first_night =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::November / 1) +
    std::chrono::hours(2);

/// A good backup of "web-1", i-0123456789abcdef0, that had it down for 10 s of stop, 2 s of
/// snapshot, 15 s of start, and the rest of gate. Nobody followed it.
BackupRecord past_backup(WallTime begun, Milliseconds downtime);

/// The same, with the last snapshot complete so long after the beginning.
BackupRecord followed_backup(WallTime begun, Milliseconds downtime, Milliseconds completed);

/// The server was found stopped.
BackupRecord cold_backup(WallTime begun);

BackupRecord refused_backup(WallTime begun);

/// The server was stopped, and did not come back.
BackupRecord left_down_backup(WallTime begun);

/// The same record of another server.
BackupRecord of(const std::string& instance, const std::string& name, BackupRecord record);

/// Five weeks of two servers, with most of what can happen; ordered as the journal has it.
std::vector<BackupRecord> five_weeks();

}  // namespace pitstop::test
