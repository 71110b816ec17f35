#include "backup/recording.hpp"

namespace pitstop {
namespace {

template <class Value>
std::string named(const std::optional<Value>& value) {
  return value ? std::string(to_string(*value)) : "";
}

std::optional<Milliseconds> rounded(const std::optional<Duration>& duration) {
  return duration ? std::optional(std::chrono::round<Milliseconds>(*duration)) : std::nullopt;
}

}  // namespace

BackupRecord to_record(const BackupOutcome& outcome, const std::string& name, const RunId& run,
                       const std::string& region) {
  BackupRecord record;
  record.run = run;
  record.backup = outcome.backup;
  record.instance = outcome.instance;
  record.name = name;
  record.region = region;
  record.begun = outcome.begun;
  record.outcome = to_string(outcome.outcome);
  record.consistency = named(outcome.consistency);
  record.start_when = to_string(outcome.start_when);
  record.gate = named(outcome.gate);
  record.downtime = rounded(outcome.downtime);
  record.phases = {.stop = rounded(outcome.phases.stop),
                   .snapshot = rounded(outcome.phases.snapshot),
                   .gate = rounded(outcome.phases.gate),
                   .start = rounded(outcome.phases.start)};
  record.left_down = outcome.left_down;
  if (outcome.error) {
    record.error_kind = to_string(outcome.error->kind);
    record.error_message = outcome.error->message;
    record.error_hint = outcome.error->hint;
    record.error_code = outcome.error->code;
  }
  record.went_on = outcome.went_on;
  record.recovered = outcome.recovered;
  record.api_calls = outcome.api_calls;
  record.snapshots_completed = outcome.snapshots_completed;
  record.image = outcome.image.value_or(ImageId());
  for (const auto& [snapshot, device] : outcome.snapshots) {
    record.snapshots.push_back({snapshot.id, snapshot.volume, device, snapshot.size,
                                named(snapshot.state), snapshot.progress});
  }
  return record;
}

BackupOutcome to_outcome(const BackupRecord& record) {
  BackupOutcome outcome;
  outcome.backup = record.backup;
  outcome.instance = record.instance;
  outcome.begun = record.begun;
  outcome.outcome = parse_outcome(record.outcome).value_or(Outcome::failed);
  outcome.start_when = parse_start_when(record.start_when).value_or(StartWhen::progress);
  outcome.consistency = parse_consistency(record.consistency);
  outcome.gate = parse_gate_opening(record.gate);
  outcome.downtime = record.downtime;
  outcome.phases = {.stop = record.phases.stop,
                    .snapshot = record.phases.snapshot,
                    .gate = record.phases.gate,
                    .start = record.phases.start};
  outcome.image = record.image.empty() ? std::nullopt : std::optional(record.image);
  outcome.snapshots_completed = record.snapshots_completed;
  outcome.api_calls = record.api_calls.value_or(0);
  if (!record.error_message.empty()) {
    outcome.error = Error{parse_error_kind(record.error_kind).value_or(ErrorKind::internal),
                          record.error_message, record.error_hint, record.error_code};
  }
  outcome.went_on = record.went_on;
  outcome.left_down = record.left_down;
  outcome.recovered = record.recovered;
  for (const auto& kept : record.snapshots) {
    SnapshotOutcome taken;
    taken.snapshot.id = kept.id;
    taken.snapshot.volume = kept.volume;
    taken.snapshot.size = kept.size;
    taken.snapshot.state = ec2::parse_snapshot_state(kept.state);
    taken.snapshot.progress = kept.progress;
    taken.device = kept.device;
    outcome.snapshots.push_back(std::move(taken));
  }
  return outcome;
}

}  // namespace pitstop
