#include "backup/recording.hpp"

namespace pitstop {
namespace {

constexpr Duration patience = Seconds(10);
constexpr Duration look_again_after = Milliseconds(100);

template <class Value>
std::string named(const std::optional<Value>& value) {
  return value ? std::string(to_string(*value)) : "";
}

std::optional<Milliseconds> rounded(const std::optional<Duration>& duration) {
  return duration ? std::optional(std::chrono::round<Milliseconds>(*duration)) : std::nullopt;
}

}  // namespace

BackupRecord to_record(const BackupOutcome& outcome, const ec2::Instance& instance,
                       const RunId& run, const std::string& region) {
  BackupRecord record;
  record.run = run;
  record.backup = outcome.backup;
  record.instance = outcome.instance;
  record.name = instance.name().value_or("");
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
  for (const auto& [snapshot, device] : outcome.snapshots) {
    record.snapshots.push_back(
        {snapshot.id, snapshot.volume, device, snapshot.size, named(snapshot.state)});
  }
  return record;
}

Task<Status> add_patiently(Journal& journal, Clock& clock, BackupRecord record) {
  const Instant give_up = clock.now() + patience;
  auto added = journal.add(record);
  while (!added && added.error().kind == ErrorKind::transient && clock.now() < give_up) {
    co_await clock.sleep(look_again_after);
    added = journal.add(record);
  }
  co_return added;
}

}  // namespace pitstop
