#pragma once

#include "backup/logbook.hpp"
#include "backup/observer.hpp"
#include "backup/options.hpp"
#include "backup/other_services.hpp"
#include "backup/pit_lane.hpp"
#include "backup/silence.hpp"
#include "base/clock.hpp"
#include "base/interruption.hpp"
#include "base/random.hpp"
#include "ec2/caller.hpp"
#include "ec2/paced_caller.hpp"
#include "ec2/starts_together.hpp"
#include "ec2/tags_together.hpp"
#include "ec2/watch.hpp"

namespace pitstop {

class Identity;
class Scheduler;

/// Where a run takes place, for whoever has to finish what it began.
struct Whereabouts {
  std::string region;
  /// The ARN of the role that was assumed for another account; empty: none was.
  std::string role = {};
  std::string host;
  int process = 0;
  /// The instance that the host is, if it is one and says so.
  std::optional<InstanceId> instance = {};
};

/// An error if the user has asked to end before anything was done.
inline Status still_wanted(const Interruption& interruption) {
  return interruption.requested()
             ? fail(ErrorKind::interrupted, "interrupted before anything was done")
             : Status();
}

/// An error if a backup is not to be begun any more: nobody wants it, or its window is closed.
Status may_begin(const BackupOptions& options, const Interruption& interruption,
                 const Clock& clock);

/// What the backup of one server works with. All of it outlives the backup.
struct Tools {
  ec2::Caller& ec2;
  /// Below it: keeps to EC2's pace.
  ec2::PacedCaller& paced;
  ec2::Watch<ec2::Instance>& instances;
  ec2::Watch<ec2::Snapshot>& snapshots;
  ec2::StartsTogether& starts;
  ec2::TagsTogether& tags;
  /// Gives the alarm when EC2 does not answer while the server is down.
  Silence& silence;
  Clock& clock;
  Random& random;
  Observer& observer;
  Interruption& interruption;
  /// When it may be down.
  Turn& turn;
  Logbook& logbook;
  /// Makes the guards; null where nobody asks for one.
  Scheduler* scheduler;
  const Whereabouts& here;
  /// Whose credentials have to last; null where they do not end.
  Identity* identity = nullptr;
  OtherServices others = {};

  Status may_begin(const BackupOptions& options) const {
    return pitstop::may_begin(options, interruption, clock);
  }

  void report(const InstanceId& instance, Step step, std::string detail = {},
              std::string hint = {}) const {
    const Event event{instance, step, clock.wall(), std::move(detail), std::move(hint)};
    observer.saw(event);
  }
};

}  // namespace pitstop
