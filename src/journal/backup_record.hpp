#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ec2/model.hpp"

namespace pitstop {

struct SnapshotRecord {
  SnapshotId id;
  VolumeId volume;
  std::string device;
  ec2::Gibibytes size{};
  std::string state;                 ///< EC2's name of it; empty if EC2 did not say
  std::optional<int> progress = {};  ///< percent, as EC2 last said it

  bool operator==(const SnapshotRecord&) const = default;
};

/// How long each phase of an outage took; a phase that was not reached has none.
struct PhaseRecord {
  std::optional<Milliseconds> stop;
  std::optional<Milliseconds> snapshot;
  std::optional<Milliseconds> gate;
  std::optional<Milliseconds> start;

  bool operator==(const PhaseRecord&) const = default;
};

/// The backup of one server that has ended. Its words are those of the JSON output ("completed",
/// "at-rest"); an empty text is what is not known or does not apply.
struct BackupRecord {
  RunId run;
  BackupId backup;
  InstanceId instance;
  std::string name;  ///< the instance's tag "Name"
  std::string region;
  WallTime begun;
  std::string outcome;
  std::string consistency;
  std::string start_when;
  std::string gate;
  std::optional<Milliseconds> downtime;
  PhaseRecord phases;
  bool left_down = false;
  bool went_on = false;    ///< it ran all the time
  bool recovered = false;  ///< its run was interrupted, and another one has finished it
  std::string error_kind;
  std::string error_message;
  std::string error_hint = {};
  std::string error_code = {};
  std::optional<int> api_calls = {};
  /// When the last snapshot was seen complete; nothing if nobody followed it so far.
  std::optional<WallTime> snapshots_completed;
  ImageId image = {};       ///< that stands on the snapshots
  std::string policy = {};  ///< that asked for it; several have a space between their names
  std::vector<SnapshotRecord> snapshots;

  bool operator==(const BackupRecord&) const = default;
};

/// Which backups.
struct BackupQuery {
  std::vector<InstanceId> instances = {};  ///< all servers if empty
  std::optional<RunId> run = {};
  std::optional<std::string> policy = {};
  std::optional<WallTime> since = {};  ///< begun then or later
  std::optional<WallTime> until = {};  ///< begun before
};

/// A run that the journal knows of.
struct RunRecord {
  RunId run;
  WallTime begun;  ///< its first backup
  std::size_t ended = 0;
  std::size_t under_way = 0;

  bool operator==(const RunRecord&) const = default;
};

}  // namespace pitstop
