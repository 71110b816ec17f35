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
  }
  record.snapshots_completed = outcome.snapshots_completed;
  record.image = outcome.image.value_or(ImageId());
  for (const auto& [snapshot, device] : outcome.snapshots) {
    record.snapshots.push_back(
        {snapshot.id, snapshot.volume, device, snapshot.size, named(snapshot.state)});
  }
  return record;
}

}  // namespace pitstop
