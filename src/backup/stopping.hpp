#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// Step 1 of the pit stop: the server comes to rest.
namespace pitstop {

struct Stopping {
  /// Whether the server is at rest; or why not.
  Status status;
  /// Whether it is, or may be, down because of us: then it must be started again, whatever happens.
  bool ours = false;
  /// Whether EC2 took the stop, or shows that it does; if not, `ours` means "perhaps".
  bool taken = false;
  Consistency consistency = Consistency::crash;
  /// EC2's reasons for being stopped, as fingerprint() has them.
  std::string stopped_because;
  int polls = 0;
};

/// Stops the server and waits until EC2 shows it `stopped`, as long as that takes; a stop that
/// takes long gives an alarm and is watched on, or forced if the user wants that. A server that
/// somebody else has stopped is at rest, but not ours.
///
/// An error to the stop is not believed: the server is watched for a minute. One that stops all the
/// same is ours, and at rest when this returns, with that error.
Task<Stopping> bring_to_rest(Tools tools, const BackupPlan& plan);

/// What the contents are worth when EC2 shows the instance `stopped` after `took` (nothing: it was
/// found so). EC2 cuts the power "after a few minutes" if the system has not shut down by itself,
/// and then shows the same reason: so a long stop proves nothing (EC2 User Guide, "How EC2 instance
/// stop and start works").
Consistency consistency_of(const ec2::Instance& stopped, std::optional<Duration> took);

}  // namespace pitstop
