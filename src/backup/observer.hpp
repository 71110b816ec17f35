#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backup/outcome.hpp"

namespace pitstop {

/// The steps of a server's backup, in the order in which they come.
enum class Step {
  recovering,              ///< an interrupted run is being finished
  waiting,                 ///< for something that has to be over before the stop
  priming,                 ///< a first set of snapshots is taken while it runs
  primed,                  ///< and is complete
  fast_restore_requested,  ///< of snapshots that are to be restored, which takes its time
  fast_restore_enabled,    ///< of one of them: volumes of it will be filled when they are made
  fast_restore_disabled,   ///< what was enabled for a restore
  draining,                ///< it leaves its rotation: nobody is sent to it any more
  drained,                 ///< nobody is with it any more
  frozen,                  ///< its data file systems are, for a moment
  thawed,
  stop_requested,
  stopped,
  snapshots_requested,
  snapshots_created,
  gate_opened,
  start_requested,
  running,
  in_rotation,  ///< it is sent requests again
  changed,      ///< something about the server is not as it was before the stop
  snapshot_completed,
  // Of a restore.
  volumes_created,
  volumes_swapped,   ///< the old ones are out, and others in their places
  image_registered,  ///< for a new server
  launched,          ///< a new server is
  checks_passed,     ///< EC2 finds it well
  // Of a copy.
  copy_begun,  ///< that of one snapshot
  copy_completed,
  copied,  ///< a backup is, and complete there
  // Of a prune.
  removed,  ///< a backup is, or what was left over
  warning,  ///< something that a person should know, at any point
  alarm,    ///< a server is down for longer than it should be, and somebody has to see to it
  finished,
};

std::string_view to_string(Step step);

/// Whether it is no step of the procedure, but something that a person should read.
inline bool is_for_a_person(Step step) {
  return step == Step::warning || step == Step::alarm;
}

struct Event {
  InstanceId instance;
  Step step = Step::warning;
  WallTime time;
  std::string detail;  ///< one line for people; may be empty
  std::string hint;    ///< with a warning: what to do
};

/// Learns what happens to the servers, as it happens; whatever a user sees is made by one.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void saw(const Event& event) = 0;

  /// The snapshots of an instance as EC2 shows them now.
  virtual void saw_progress(const InstanceId& instance,
                            const std::vector<SnapshotOutcome>& snapshots) = 0;

  /// Whether to be told of progress, which makes the replies larger while snapshots are only
  /// followed.
  virtual bool wants_progress() const = 0;
};

}  // namespace pitstop
