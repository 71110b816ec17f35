#pragma once

#include "backup/fleet.hpp"
#include "support/mini_cloud.hpp"

namespace pitstop::test {

/// Remembers all that it sees.
class RecordingObserver final : public Observer {
 public:
  explicit RecordingObserver(Clock& clock) : clock_(clock) {}

  void saw(const Event& event) override {
    events.push_back(event);
    times.push_back(clock_.now());
    if (on_event) {
      on_event(event);
    }
  }
  void saw_progress(const InstanceId&, const std::vector<SnapshotOutcome>&) override {}
  bool wants_progress() const override { return false; }

  /// When the step was first seen; nothing if never.
  std::optional<Instant> when(Step step) const;
  std::size_t count(Step step) const;
  /// The details of all warnings, a line each.
  std::string warnings() const;

  std::vector<Event> events;
  std::vector<Instant> times;
  std::function<void(const Event&)> on_event;

 private:
  Clock& clock_;
};

/// How many seeds a random test tries: `usually`, or as many as PITSTOP_SEEDS says.
std::uint64_t seeds(std::uint64_t usually);

/// A whole backup of a MiniCloud's server in virtual time, the shipped code and all.
class PitBench {
 public:
  explicit PitBench(MiniCloudTimes times = {}, std::uint64_t seed = 1);

  /// Selects the server and backs it up. Every fault that was set must happen.
  BackupOutcome run(BackupOptions options = {});

  /// The same, for sweeps in which some faults have no call to happen to.
  BackupOutcome run_leniently(BackupOptions options = {});

  VirtualTime time;
  MiniCloud cloud;
  ec2::Pace pace;
  RecordingObserver seen;
  Interruption interruption;
  SeededRandom random;
  Journal journal = Journal::in_memory();
  RunLocks locks;
  JournalLogbook logbook{journal, locks, time};

  FleetTools tools();
};

}  // namespace pitstop::test
