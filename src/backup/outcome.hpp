#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "backup/options.hpp"
#include "ec2/model.hpp"

/// What came of the backup of one server.
namespace pitstop {

enum class Outcome {
  completed,  ///< every snapshot is complete
  following,  ///< the server is up, the snapshots finish by themselves, and nobody waits for them
  failed,
  refused,         ///< nothing was done: the check found a reason not to
  done_elsewhere,  ///< nothing was done: another run has backed the server up since this one began
};

/// What the contents of a backup are worth.
enum class Consistency {
  at_rest,  ///< the system shut down by itself before the snapshots
  crash,    ///< as after a power cut: the stop was forced, or it cannot be told, or nothing stopped
  frozen,   ///< nothing stopped, and the data file systems were frozen; the root was not
  unmounted,  ///< nothing stopped, and by the word of whoever asked nothing wrote to them
};

/// What let the server start again.
enum class GateOpening {
  progress,
  accepted,
  completed,
  deadline,
  recovery,  ///< nothing did: the run was interrupted, and who recovers a server waits for no gate
};

std::string_view to_string(Outcome outcome);
std::string_view to_string(Consistency consistency);
std::string_view to_string(GateOpening opening);

/// The other way round; nothing for a text that is none of them.
std::optional<Outcome> parse_outcome(std::string_view text);
std::optional<Consistency> parse_consistency(std::string_view text);
std::optional<GateOpening> parse_gate_opening(std::string_view text);

/// How long each phase took; a phase that was not reached has none.
struct Phases {
  std::optional<Duration> stop;      ///< from the stop's request until EC2 showed `stopped`
  std::optional<Duration> snapshot;  ///< until EC2 had answered the request for the snapshots
  std::optional<Duration> gate;      ///< until the gate opened
  std::optional<Duration> start;     ///< from the start's request until EC2 showed `running`
};

struct SnapshotOutcome {
  ec2::Snapshot snapshot;
  std::string device;
};

/// A backup of the same server that another run made.
struct ElsewhereBackup {
  RunId run;
  BackupId backup;
  WallTime started;  ///< its first snapshot, by EC2's clock
};

struct BackupOutcome {
  BackupId backup;
  InstanceId instance;
  /// When the stop was requested, or what stands in its place if there was none.
  WallTime begun;
  Outcome outcome = Outcome::failed;
  StartWhen start_when = StartWhen::progress;
  std::optional<Consistency> consistency;
  std::optional<GateOpening> gate;
  /// From the stop's request until EC2 showed `running`; nothing if the server was found stopped,
  /// or went on.
  std::optional<Duration> downtime;
  Phases phases;
  std::vector<SnapshotOutcome> snapshots;
  /// What stands on them, if an image was made.
  std::optional<ImageId> image;
  /// When the last of them was seen complete; nothing if nobody followed them that far.
  std::optional<WallTime> snapshots_completed;
  int api_calls = 0;
  std::optional<Error> error;
  /// Of a backup that was to exchange volumes: which of them the server has.
  std::optional<SwapState> swapped;
  std::vector<SwappedVolume> swapped_volumes;
  /// The other run's backup, of an outcome that is `done_elsewhere`.
  std::optional<ElsewhereBackup> elsewhere;
  /// Whether the server went on all the time.
  bool went_on = false;
  /// Whether a server that pitstop stopped is not running.
  bool left_down = false;
  /// Whether the run that began it was interrupted, and another one has finished it.
  bool recovered = false;
  /// What could not be cleared away, a sentence each: the backup stays open in the journal until
  /// `pitstop recover` has done it.
  std::vector<std::string> left_behind = {};
};

/// Whether there is a backup: every snapshot of it is made, if not complete yet. A restore in place
/// that takes none before is no backup.
bool is_good(const BackupOutcome& backup);

}  // namespace pitstop
