#include "backup/observer.hpp"

#include "base/check.hpp"

namespace pitstop {

std::string_view to_string(Step step) {
  switch (step) {
    case Step::recovering:
      return "recovering";
    case Step::waiting:
      return "waiting";
    case Step::priming:
      return "priming";
    case Step::primed:
      return "primed";
    case Step::fast_restore_requested:
      return "fast_restore_requested";
    case Step::fast_restore_enabled:
      return "fast_restore_enabled";
    case Step::fast_restore_disabled:
      return "fast_restore_disabled";
    case Step::draining:
      return "draining";
    case Step::drained:
      return "drained";
    case Step::frozen:
      return "frozen";
    case Step::thawed:
      return "thawed";
    case Step::stop_requested:
      return "stop_requested";
    case Step::stopped:
      return "stopped";
    case Step::snapshots_requested:
      return "snapshots_requested";
    case Step::snapshots_created:
      return "snapshots_created";
    case Step::gate_opened:
      return "gate_opened";
    case Step::start_requested:
      return "start_requested";
    case Step::running:
      return "running";
    case Step::in_rotation:
      return "in_rotation";
    case Step::changed:
      return "changed";
    case Step::snapshot_completed:
      return "snapshot_completed";
    case Step::volumes_created:
      return "volumes_created";
    case Step::volumes_swapped:
      return "volumes_swapped";
    case Step::image_registered:
      return "image_registered";
    case Step::launched:
      return "launched";
    case Step::checks_passed:
      return "checks_passed";
    case Step::copy_begun:
      return "copy_begun";
    case Step::copy_completed:
      return "copy_completed";
    case Step::copied:
      return "copied";
    case Step::removed:
      return "removed";
    case Step::warning:
      return "warning";
    case Step::alarm:
      return "alarm";
    case Step::finished:
      return "finished";
  }
  unreachable();
}

}  // namespace pitstop
