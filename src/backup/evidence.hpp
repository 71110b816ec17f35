#pragma once

#include <vector>

#include "backup/down_tag.hpp"
#include "backup/swap.hpp"
#include "ec2/volumes.hpp"

/// What recovery believes where the journal of this host knows nothing. A tag says where to look;
/// whoever may call CreateTags can write one. EC2's own facts decide: states with their reasons and
/// times, what a volume was created from and when, what is attached where.
namespace pitstop {

/// What two hosts' clocks, or a host's and AWS's, may differ by. AWS refuses the requests of a
/// host whose clock differs by more (Signature Version 4).
inline constexpr Milliseconds clock_skew = std::chrono::minutes(5);

/// Who may have the server, by the tag of a run.
enum class Claim {
  holds,        ///< its run may be alive
  over,         ///< its run has started the server by now, or is gone
  unbelievable  ///< no run of pitstop writes such times
};

Claim claim_of(const DownTag& tag, WallTime now);

/// Whether EC2 shows that the server is at rest because that run may have stopped it: a call
/// stopped it, or a start of it failed, between the times that the tag names.
bool shows_stop_of(const DownTag& tag, const ec2::Instance& instance);

/// What EC2 shows of a restore that a person has named.
struct RestoreFacts {
  ec2::Instance server;
  DownTag tag;
  /// All that its tags name, on both sides.
  std::vector<ec2::Volume> volumes;
  /// Those that new volumes were created from.
  std::vector<ec2::Snapshot> snapshots;
};

/// Whether EC2's facts support what the tags of its volumes say: new ones were created after the
/// tag of the server, from a snapshot of the backup that they name; all name this server and this
/// place, and nothing else has them attached. The error names the first volume that does not fit.
Status supports(const RestoreFacts& facts, const Swap& swap);

/// Why a server with the tag of another run must not be backed up: that run may be alive, or the
/// server is at rest and a person has to say whether it is to run. Nothing where the tag says no
/// more than what is past, or what no run of pitstop writes.
std::optional<Error> held_by_tag(const ec2::Instance& instance, WallTime now);

/// The command of the `aws` program by which a person removes the tag, whatever its value.
std::string untagging_by_hand(const InstanceId& instance);

}  // namespace pitstop
