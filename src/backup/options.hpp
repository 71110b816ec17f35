#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backup/finding.hpp"
#include "backup/swap.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "ec2/parameters.hpp"

namespace pitstop {

/// What opens the gate: when a stopped server may be started again.
enum class StartWhen {
  progress,   ///< every snapshot shows more than 0 %
  accepted,   ///< EC2 shows every snapshot as pending: it documents that the point in time is fixed
              ///< then
  completed,  ///< every snapshot is complete: the slow, old way
};

std::string_view to_string(StartWhen start_when);
Result<StartWhen> parse_start_when(std::string_view text);

/// How the backup is made.
enum class Method {
  snapshots,  ///< one CreateSnapshots
  image,      ///< one CreateImage: snapshots, and an image that stands on them
};

std::string_view to_string(Method method);
Result<Method> parse_method(std::string_view text);

/// What becomes of a running server.
enum class Approach {
  stop,       ///< it is stopped for the snapshots, and started again
  online,     ///< it goes on, and its snapshots are as after a power cut
  frozen,     ///< the same, with its data file systems frozen at that moment
  unmounted,  ///< it goes on, and only data volumes are taken: whoever asks says that their file
              ///< systems are unmounted
};

std::string_view to_string(Approach approach);

/// What the user chose for a backup.
struct BackupOptions {
  Approach approach = Approach::stop;
  Method method = Method::snapshots;
  StartWhen start_when = StartWhen::progress;
  Duration max_downtime = std::chrono::minutes(30);
  std::vector<VolumeId> exclude_volumes = {};
  /// Volumes that are attached to nothing and belong to the server all the same.
  std::vector<VolumeId> detached_volumes = {};
  ec2::Tags set_tags = {};
  /// A stop that takes longer is worth an alarm.
  Duration stop_timeout = std::chrono::minutes(10);
  /// Cut the power of a server that has not shut down by then; absent: leave it to EC2.
  std::optional<Duration> force_stop_after = {};
  /// Whether to reserve the place of the server, so that nobody else gets it meanwhile.
  bool reserve_capacity = false;
  /// The role by which EventBridge Scheduler starts the server if nobody else does; empty: no
  /// guard.
  std::string guard_role = {};
  /// Whether to put it into Standby in its Auto Scaling group before the stop.
  bool standby = false;
  /// Whether to deregister it from load balancers, and let its connections end, before the stop.
  bool drain = false;
  /// Whether to wait, before the stop, for snapshots that would hold the gate shut.
  bool wait_pending = false;
  /// Findings that speak against the backup and are known.
  std::vector<FindingCode> accepted = {};
  /// Whether to take a first set of snapshots while the server runs, and to stop it only when they
  /// are complete: those of the stopped server then have little left to copy.
  bool prime = false;
  /// Whether that set is kept, as a backup `crash` is worth; else it goes when the backup is
  /// complete.
  bool keep_prime = false;
  /// Whether to follow the snapshots to their end.
  bool wait = true;
  /// The policy that asks for the backup, or several, with a space between their names; empty:
  /// nobody but the user.
  std::string policy = {};
  /// Nothing is begun from then on, for the policy's window is closed.
  std::optional<WallTime> begin_before = {};
  /// Volumes to be exchanged while the server is stopped; of one server.
  std::optional<Swap> swap = {};
};

/// How long it may take until a server is out of rotation: a load balancer lets connections end for
/// an hour at most (Elastic Load Balancing, "Deregistration delay").
inline constexpr Duration longest_leave = std::chrono::minutes(65);

/// What the options take at most. A restart that is delayed until a first snapshot is complete
/// takes days.
inline constexpr Duration most_max_downtime = std::chrono::days(7);
inline constexpr Duration most_stop_timeout = std::chrono::days(1);

/// From when the server is taken until it must run again, at the very latest: leaving its rotation,
/// a hung shutdown, a gate that opens at the deadline, and a start that has to be asked for more
/// than once.
Duration longest_outage(const BackupOptions& options);

/// The same with the options for which it is longest: no run of pitstop claims a server for longer.
Duration longest_outage_of_all();

}  // namespace pitstop
