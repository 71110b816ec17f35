#pragma once

#include <string>

#include "report/backup_report.hpp"

/// Servers and outcomes such as a run with many troubles has them.
namespace pitstop::test {

inline const InstanceId web("i-0123456789abcdef0");
inline const InstanceId database("i-0fedcba9876543210");
inline const InstanceId nameless("i-0a1b2c3d");

ec2::Instance sample_instance(const InstanceId& id, const std::string& name = "");

/// "web-1", "数据库-2" and one without a name.
std::vector<ec2::Instance> sample_servers();

SnapshotOutcome sample_snapshot(char digit, const std::string& device,
                                std::optional<ec2::SnapshotState> state,
                                std::optional<int> progress);

/// Of web: two snapshots complete, 41 seconds of downtime.
BackupOutcome good_backup();
/// Of database: a reason, and nothing done.
BackupOutcome refused_backup();
/// Of nameless: stopped, and not started again.
BackupOutcome left_down_backup();

/// Of web, with two volumes, and database, at another site.
std::vector<ListedServer> sample_list();

BackupPlan sample_plan();
/// Of web: warnings, one of them accepted.
Checked sample_check();
/// The same with a refusal.
Checked refused_check();

/// The wall clock is as many seconds past 2026-11-23T00:16:00.250Z.
Event sample_event(const InstanceId& instance, Step step, std::string detail = {},
                   std::string hint = {}, int second = 0);

RunSummary sample_summary(std::vector<BackupOutcome> backups, int exit_status = 0);

}  // namespace pitstop::test
