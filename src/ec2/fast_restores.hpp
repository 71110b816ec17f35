#pragma once

#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

/// Fast snapshot restore: volumes that are made of a snapshot, in a zone where it is enabled, are
/// filled from the beginning. AWS charges for each snapshot and zone, by the minute.
namespace pitstop::ec2 {

/// Once asked for it is enabling, then optimizing for 60 minutes a TiB, then enabled.
enum class FastRestoreState { enabling, optimizing, enabled, disabling, disabled };

/// EC2's name of the state: "optimizing".
std::string_view to_string(FastRestoreState state);

struct FastRestore {
  SnapshotId snapshot;
  std::string zone;
  /// Nothing if it is none that is known.
  std::optional<FastRestoreState> state;
  /// When it came into these states, by EC2's clock.
  std::optional<WallTime> optimizing_since;
  std::optional<WallTime> enabled_since;

  /// Whether it is paid for: enabled, or on its way to be.
  bool is_on() const;
};

/// A snapshot of which EC2 has not enabled or disabled it.
struct RefusedFastRestore {
  SnapshotId snapshot;
  std::string code;
  std::string message;
};

/// DescribeFastSnapshotRestores of these snapshots in a zone: those that have it, or had it
/// recently. 200 at most.
Task<Result<std::vector<FastRestore>>> describe_fast_restores(Caller& caller,
                                                              std::vector<SnapshotId> snapshots,
                                                              std::string zone);

/// EnableFastSnapshotRestores. A second time changes nothing. The snapshots of which it is refused,
/// for a quota perhaps; of the others it is enabled. An error leaves open of which.
Task<Result<std::vector<RefusedFastRestore>>> enable_fast_restores(
    Caller& caller, std::vector<SnapshotId> snapshots, std::string zone);

/// DisableFastSnapshotRestores; also refused of a snapshot that does not have it.
Task<Result<std::vector<RefusedFastRestore>>> disable_fast_restores(
    Caller& caller, std::vector<SnapshotId> snapshots, std::string zone);

/// Whether these credentials may disable it, without doing it (DryRun).
Task<Status> may_disable_fast_restores(Caller& caller, std::vector<SnapshotId> snapshots,
                                       std::string zone);

}  // namespace pitstop::ec2
