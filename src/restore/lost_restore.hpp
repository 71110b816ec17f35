#pragma once

#include "base/clock.hpp"
#include "journal/open_restore.hpp"
#include "restore/restore_record.hpp"

/// A restore of a new server, or of volumes alone, whose process has ended before it was done.
namespace pitstop {

/// What it has left.
struct LostRestore {
  /// That nobody needs any more: it goes.
  std::vector<ImageId> images = {};
  bool fast_restore = false;  ///< fast snapshot restore may be on, by the hour
  /// That somebody may need: it stays, and is billed.
  std::vector<MadeServer> servers = {};
  std::vector<VolumeId> volumes = {};  ///< attached to nothing

  bool has_rubbish() const { return !images.empty() || fast_restore; }
  bool has_made_something() const { return !servers.empty() || !volumes.empty(); }
};

/// Asks EC2 for it, again and again for `visible_after`, for what was asked for last may be late to
/// be seen. An image counts by its name, which no call changes.
Task<Result<LostRestore>> look_for_lost(ec2::Caller& ec2, Clock& clock, OpenRestore restore);

/// Deregisters its images and disables fast snapshot restore. The error names what is left.
Task<Status> clear_away(ec2::Caller& ec2, OpenRestore restore, LostRestore lost);

}  // namespace pitstop
