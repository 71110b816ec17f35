#include "report/board_server.hpp"

#include "base/check.hpp"

namespace pitstop {

void BoardServer::saw(const Event& event, Instant now) {
  if (is_for_a_person(event.step) || event.step == Step::fast_restore_disabled) {
    return;  // what it was at goes on
  }
  if (event.step == Step::stop_requested) {
    down_since_ = now;
  } else if (event.step == Step::start_requested) {
    // A start that has fallen back: the outage goes on, and has been going on all the time.
    down_since_ = down_since_.value_or(now - was_down_.value_or(Duration()));
    is_starting_ = true;
  } else if (event.step == Step::running && down_since_) {
    was_down_ = now - *down_since_;
    down_since_.reset();
    is_starting_ = false;
  } else if (event.step == Step::finished) {
    outcome_ = event.detail;
    if (!is_starting_) {
      down_since_.reset();  // the stop was never taken
    }
  }
  step_ = event.step;
}

std::string_view BoardServer::phase() const {
  if (!step_) {
    return "waiting";
  }
  switch (*step_) {
    case Step::recovering:
      return "recovering";
    case Step::waiting:
      return "waiting";
    case Step::priming:
      return "up, priming";
    case Step::primed:
      return "waiting";
    case Step::fast_restore_requested:
    case Step::fast_restore_enabled:
      return "up, optimizing";
    case Step::draining:
    case Step::drained:
      return "draining";
    case Step::stop_requested:
      return "stopping";
    case Step::frozen:
      return "frozen";
    case Step::stopped:
    case Step::snapshots_requested:
      return "taking snapshots";
    case Step::snapshots_created:
    case Step::thawed:
      return "awaiting progress";
    case Step::gate_opened:
    case Step::start_requested:
      return "starting";
    case Step::running:
    case Step::in_rotation:
    case Step::changed:
    case Step::snapshot_completed:
      return "up, copying";
    case Step::volumes_swapped:
      return "starting";
    case Step::volumes_created:
    case Step::image_registered:
      return "launching";
    case Step::launched:
      return "awaiting checks";
    case Step::checks_passed:
      return "up";
    case Step::copy_begun:
    case Step::copy_completed:
      return "copying";
    case Step::copied:
      return "copied";
    case Step::removed:
      return "pruning";
    case Step::finished:
      return is_down() ? "NOT RUNNING" : std::string_view(outcome_);
    case Step::fast_restore_disabled:
    case Step::warning:
    case Step::alarm:
      break;
  }
  unreachable();
}

BoardRank BoardServer::rank() const {
  if (is_down()) {
    return BoardRank::down;
  }
  if (has_ended()) {
    return stage() == BoardStage::done ? BoardRank::done : BoardRank::not_backed_up;
  }
  return step_ ? BoardRank::under_way : BoardRank::waiting;
}

BoardStage BoardServer::stage() const {
  if (!has_ended()) {
    return step_ ? BoardStage::under_way : BoardStage::waiting;
  }
  if (outcome_ == to_string(Outcome::failed)) {
    return BoardStage::failed;
  }
  return outcome_ == to_string(Outcome::refused) ? BoardStage::refused : BoardStage::done;
}

bool BoardServer::is_through() const {
  return has_ended() || (was_down_ && !is_down());
}

}  // namespace pitstop
