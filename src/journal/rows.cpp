#include "journal/rows.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "journal/columns.hpp"

namespace pitstop {
namespace {

void bind_duration(SQLite::Statement& statement, const char* name,
                   const std::optional<Milliseconds>& duration) {
  if (duration) {
    statement.bind(name, static_cast<std::int64_t>(duration->count()));
  }
}

std::optional<Milliseconds> duration_in(SQLite::Statement& row, const char* column) {
  const auto value = row.getColumn(column);
  return value.isNull() ? std::nullopt : std::optional(Milliseconds(value.getInt64()));
}

void bind_number(SQLite::Statement& statement, const char* name, const std::optional<int>& number) {
  if (number) {
    statement.bind(name, *number);
  }
}

std::optional<int> number_in(SQLite::Statement& row, const char* column) {
  const auto value = row.getColumn(column);
  return value.isNull() ? std::nullopt : std::optional(value.getInt());
}

void insert_snapshot(SQLite::Statement& statement, std::int64_t backup,
                     const SnapshotRecord& snapshot) {
  statement.reset();
  statement.clearBindings();
  statement.bind(":backup", backup);
  statement.bind(":snapshot_id", snapshot.id.str());
  statement.bind(":volume_id", snapshot.volume.str());
  bind_text(statement, ":device", snapshot.device);
  statement.bind(":size_gib", static_cast<std::int64_t>(snapshot.size));
  bind_text(statement, ":state", snapshot.state);
  bind_number(statement, ":progress", snapshot.progress);
  statement.exec();
}

std::vector<SnapshotRecord> snapshots_of(SQLite::Statement& statement, std::int64_t backup) {
  std::vector<SnapshotRecord> snapshots;
  statement.reset();
  statement.bind(":backup", backup);
  while (statement.executeStep()) {
    snapshots.push_back({.id = SnapshotId(text_in(statement, "snapshot_id")),
                         .volume = VolumeId(text_in(statement, "volume_id")),
                         .device = text_in(statement, "device"),
                         .size = ec2::Gibibytes(statement.getColumn("size_gib").getInt64()),
                         .state = text_in(statement, "state"),
                         .progress = number_in(statement, "progress")});
  }
  return snapshots;
}

constexpr auto done_elsewhere = "done_elsewhere";
constexpr auto refused = "refused";

/// The table takes no other outcome than those of its first version; an older pitstop reads it as a
/// refusal, for nothing was done.
BackupRecord as_kept(BackupRecord record) {
  if (record.outcome == done_elsewhere) {
    record.outcome = refused;
    record.error_kind = refused;
    record.error_message = "another run had backed it up meanwhile";
    record.error_code = done_elsewhere;
  }
  return record;
}

BackupRecord as_told(BackupRecord record) {
  if (record.outcome == refused && record.error_code == done_elsewhere) {
    record.outcome = done_elsewhere;
    record.error_kind.clear();
    record.error_message.clear();
    record.error_code.clear();
  }
  return record;
}

BackupRecord backup_in(SQLite::Statement& row) {
  BackupRecord record;
  record.run = RunId(text_in(row, "run_id"));
  record.backup = BackupId(text_in(row, "backup_id"));
  record.instance = InstanceId(text_in(row, "instance_id"));
  record.name = text_in(row, "name");
  record.region = text_in(row, "region");
  record.begun = time_in(row, "begun_ms");
  record.outcome = text_in(row, "outcome");
  record.consistency = text_in(row, "consistency");
  record.start_when = text_in(row, "start_when");
  record.gate = text_in(row, "gate");
  record.downtime = duration_in(row, "downtime_ms");
  record.phases = {.stop = duration_in(row, "stop_ms"),
                   .snapshot = duration_in(row, "snapshot_ms"),
                   .gate = duration_in(row, "gate_ms"),
                   .start = duration_in(row, "start_ms")};
  record.left_down = row.getColumn("left_down").getInt() != 0;
  record.went_on = row.getColumn("went_on").getInt() != 0;
  record.recovered = row.getColumn("recovered").getInt() != 0;
  record.error_kind = text_in(row, "error_kind");
  record.error_message = text_in(row, "error_message");
  record.error_hint = text_in(row, "error_hint");
  record.error_code = text_in(row, "error_code");
  record.api_calls = number_in(row, "api_calls");
  record.image = ImageId(text_in(row, "image_id"));
  record.policy = text_in(row, "policy");
  if (const auto completed = duration_in(row, "snapshots_completed_ms")) {
    record.snapshots_completed = WallTime(*completed);
  }
  return as_told(std::move(record));
}

/// ":instance0, :instance1, …".
std::string instance_parameters(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back(fmt::format(":instance{}", i));
  }
  return join(names, ", ");
}

SQLite::Statement question(const SQLite::Database& database, const BackupQuery& query) {
  const auto& instances = query.instances;
  const auto which =
      (instances.empty()
           ? ""
           : fmt::format("AND instance_id IN ({}) ", instance_parameters(instances.size()))) +
      (query.run ? "AND run_id = :run " : "") +
      (query.policy ? "AND instr(' ' || policy || ' ', ' ' || :policy || ' ') > 0 " : "");
  SQLite::Statement statement(
      database, fmt::format("SELECT * FROM backup WHERE begun_ms >= :since AND begun_ms < :until "
                            "{}ORDER BY begun_ms, id",
                            which));
  using Limits = std::numeric_limits<std::int64_t>;
  const auto milliseconds = [](const std::optional<WallTime>& time, std::int64_t otherwise) {
    return time ? static_cast<std::int64_t>(time->time_since_epoch().count()) : otherwise;
  };
  statement.bind(":since", milliseconds(query.since, Limits::min()));
  statement.bind(":until", milliseconds(query.until, Limits::max()));
  if (query.run) {
    statement.bind(":run", query.run->str());
  }
  if (query.policy) {
    statement.bind(":policy", *query.policy);
  }
  for (std::size_t i = 0; i < instances.size(); ++i) {
    statement.bind(fmt::format(":instance{}", i), instances[i].str());
  }
  return statement;
}

}  // namespace

void insert_backup(const SQLite::Database& database, Statements& statements,
                   const BackupRecord& told) {
  const auto record = as_kept(told);
  const auto statement = statements.use(
      "INSERT INTO backup (run_id, backup_id, instance_id, name, region, begun_ms, outcome, "
      "consistency, start_when, gate, downtime_ms, stop_ms, snapshot_ms, gate_ms, start_ms, "
      "left_down, error_kind, error_message, snapshots_completed_ms, image_id, error_hint, "
      "error_code, went_on, recovered, api_calls, policy) "
      "VALUES (:run_id, :backup_id, :instance_id, :name, :region, :begun_ms, :outcome, "
      ":consistency, :start_when, :gate, :downtime_ms, :stop_ms, :snapshot_ms, :gate_ms, "
      ":start_ms, :left_down, :error_kind, :error_message, :snapshots_completed_ms, "
      ":image_id, :error_hint, :error_code, :went_on, :recovered, :api_calls, :policy)");
  statement->bind(":run_id", record.run.str());
  bind_text(*statement, ":backup_id", record.backup.str());
  statement->bind(":instance_id", record.instance.str());
  bind_text(*statement, ":name", record.name);
  bind_text(*statement, ":region", record.region);
  bind_time(*statement, ":begun_ms", record.begun);
  statement->bind(":outcome", record.outcome);
  bind_text(*statement, ":consistency", record.consistency);
  bind_text(*statement, ":start_when", record.start_when);
  bind_text(*statement, ":gate", record.gate);
  bind_duration(*statement, ":downtime_ms", record.downtime);
  bind_duration(*statement, ":stop_ms", record.phases.stop);
  bind_duration(*statement, ":snapshot_ms", record.phases.snapshot);
  bind_duration(*statement, ":gate_ms", record.phases.gate);
  bind_duration(*statement, ":start_ms", record.phases.start);
  statement->bind(":left_down", record.left_down ? 1 : 0);
  bind_text(*statement, ":error_kind", record.error_kind);
  bind_text(*statement, ":error_message", record.error_message);
  bind_text(*statement, ":error_hint", record.error_hint);
  bind_text(*statement, ":error_code", record.error_code);
  statement->bind(":went_on", record.went_on ? 1 : 0);
  statement->bind(":recovered", record.recovered ? 1 : 0);
  bind_number(*statement, ":api_calls", record.api_calls);
  bind_text(*statement, ":image_id", record.image.str());
  bind_text(*statement, ":policy", record.policy);
  if (record.snapshots_completed) {
    bind_time(*statement, ":snapshots_completed_ms", *record.snapshots_completed);
  }
  statement->exec();
  const std::int64_t backup = database.getLastInsertRowid();
  const auto insert = statements.use(
      "INSERT INTO snapshot (backup, snapshot_id, volume_id, device, size_gib, state, progress) "
      "VALUES (:backup, :snapshot_id, :volume_id, :device, :size_gib, :state, :progress)");
  for (const auto& snapshot : record.snapshots) {
    insert_snapshot(*insert, backup, snapshot);
  }
}

std::vector<BackupRecord> select_backups(const SQLite::Database& database,
                                         const BackupQuery& query) {
  std::vector<BackupRecord> records;
  SQLite::Statement rows = question(database, query);
  SQLite::Statement snapshots(database,
                              "SELECT * FROM snapshot WHERE backup = :backup ORDER BY rowid");
  while (rows.executeStep()) {
    records.push_back(backup_in(rows));
    records.back().snapshots = snapshots_of(snapshots, rows.getColumn("id").getInt64());
  }
  return records;
}

std::vector<RunRecord> select_runs(const SQLite::Database& database) {
  SQLite::Statement rows(
      database,
      "SELECT run_id, min(begun_ms) AS begun_ms, sum(is_open) AS under_way, count(*) AS backups "
      "FROM (SELECT run_id, begun_ms, 0 AS is_open FROM backup "
      "UNION ALL SELECT run_id, opened_ms, 1 FROM open_backup) "
      "GROUP BY run_id ORDER BY begun_ms DESC, run_id");
  std::vector<RunRecord> runs;
  while (rows.executeStep()) {
    const auto under_way = static_cast<std::size_t>(rows.getColumn("under_way").getInt64());
    const auto all = static_cast<std::size_t>(rows.getColumn("backups").getInt64());
    runs.push_back(
        {RunId(text_in(rows, "run_id")), time_in(rows, "begun_ms"), all - under_way, under_way});
  }
  return runs;
}

}  // namespace pitstop
