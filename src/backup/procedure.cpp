// The pit stop of one server.
//
// Invariants, each with tests that try to break it:
//   1. A server that we stopped, or may have stopped, is started again, whatever came of the steps
//   between.
//   2. It is not started before the gate opened, except at the deadline or when the gate can never
//   open.
//   3. A server that was found stopped is left stopped.
//   4. At most one set of snapshots is left. After an answer that is not clear the set is looked
//   for; only if EC2 itself has answered with an error of its server's and then shows nothing is it
//   asked for once more, and when the server is up a second set is removed (doc/design/0028). No
//   answer to a call that changes something is believed against what EC2 shows.
//   5. The snapshots are asked for only when EC2 shows the server `stopped`.
//   6. Nothing that follows after the start can hold the start up.
//   7. Each step is in the journal before EC2 hears of it, and nothing is stopped that is not: a
//   process that is killed leaves a server that recover can bring back.
//
// What costs downtime: everything from the stop to the start, marked DOWN below.

#include "backup/procedure.hpp"

#include <algorithm>

#include "backup/changes.hpp"
#include "backup/fast_restoring.hpp"
#include "backup/following.hpp"
#include "backup/gate.hpp"
#include "backup/hold.hpp"
#include "backup/imaging.hpp"
#include "backup/marking.hpp"
#include "backup/priming.hpp"
#include "backup/ready_to_stop.hpp"
#include "backup/snapshotting.hpp"
#include "backup/starting.hpp"
#include "backup/stopping.hpp"
#include "backup/surprises.hpp"
#include "backup/swapping.hpp"

namespace pitstop {
namespace {

class PitStop {
 public:
  PitStop(BackupPlan plan, Tools tools) : plan_(std::move(plan)), tools_(tools) {
    outcome_.backup = plan_.backup;
    outcome_.instance = plan_.instance.id;
    outcome_.start_when = plan_.options.start_when;
    outcome_.begun = tools_.clock.wall();
  }

  Task<BackupOutcome> run() {
    if (plan_.is_primed()) {
      co_await guarded(prime());
    }
    if (plan_.options.swap && plan_.options.swap->fast_restore) {
      co_await guarded(enable_fast_restore());
    }
    if (!outcome_.error) {
      co_await pit_stop();
    }
    co_await guarded(settle());
    if (set_) {
      co_await guarded(follow());  // 5.
    }
    if (plan_.is_primed()) {
      co_await guarded(remove_what_primed_it());
    }
    co_return concluded(std::move(outcome_), plan_, set_, touched_);
  }

 private:
  Task<void> pit_stop() {
    co_await guarded(take());  // 0.
    if (hold_ && plan_.options.swap && !outcome_.error) {
      co_await guarded(prepare_swap());
    }
    if (fast_restore_) {
      co_await guarded(disable_fast_restore());
    }
    if (hold_ && !outcome_.error) {
      co_await guarded(stop());  // 1.  DOWN
    }
    if (at_rest_ && plan_.is_backup()) {
      co_await guarded(snapshot());  // 2.  DOWN
    }
    if (set_ && !outcome_.error) {
      co_await guarded(gate());  // 3.  DOWN
    }
    if (at_rest_ && swap_ && !outcome_.error) {
      co_await guarded(swap());  // 3a. DOWN, where a backup is restored in place
    }
    while (is_down()) {
      co_await guarded(start());  // 4.  up again, whatever came of 1 to 3
    }

    // The server is up: from here on there is all the time in the world.

    if (hold_ && !outcome_.left_down) {
      co_await guarded(rejoin(tools_, *hold_));
    }
    leave_the_lane();
    if (swap_ && !outcome_.left_down) {
      const auto concluded = co_await conclude_swap(tools_, plan_.instance.id, *swap_,
                                                    outcome_.swapped.value_or(SwapState::old));
      note_what_is_left(concluded);
    }
    if (hold_) {
      co_await guarded(let_go());
    }
  }

  void leave_the_lane() {
    if (outcome_.error && touched_) {
      tools_.turn.failed();
    }
    if (outcome_.left_down) {
      tools_.turn.stays_down();
    }
    tools_.turn.leave();
    tools_.paced.give_back();
  }

  bool is_down() const { return stopping_.ours && !outcome_.downtime && !outcome_.left_down; }

  /// Before the server waits for its turn, and for as long as it takes.
  Task<Status> prime() {
    CO_TRY_STATUS(co_await open());
    co_return co_await pitstop::prime(tools_, plan_);
  }

  /// Before its turn, too: the server runs for as long as AWS takes.
  Task<Status> enable_fast_restore() {
    CO_TRY_STATUS(co_await open());
    auto plan = *plan_.options.swap->fast_restore;
    CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::fast_restore, to_text(plan)));
    CO_TRY(fast_restore_, co_await begin_fast_restore(fast_restore_tools(tools_, plan_.instance.id),
                                                      std::move(plan)));
    co_return Status();
  }

  /// The volumes are there, or will not be.
  Task<Status> disable_fast_restore() {
    std::vector<VolumeId> made;
    if (swap_) {
      std::ranges::transform(swap_->volumes, std::back_inserter(made), &SwappedVolume::in);
    }
    const auto ended = co_await end_fast_restore(fast_restore_tools(tools_, plan_.instance.id),
                                                 *fast_restore_, std::move(made));
    if (!ended) {
      outcome_.left_behind.push_back(ended.error().message);
    }
    fast_restore_.reset();
    co_return Status();
  }

  Task<Status> open() {
    if (!is_open_) {
      CO_TRY_STATUS(co_await open_backup(tools_, plan_));
      is_open_ = true;
    }
    co_return Status();
  }

  /// Its turn has come, it has its place in the lane, nobody else works on the server, and all know
  /// how to bring it back.
  Task<Status> take() {
    CO_TRY_STATUS(co_await tools_.turn.line_up());
    CO_TRY_STATUS(tools_.may_begin(plan_.options));
    CO_TRY_STATUS(co_await set_tokens_aside(tools_, plan_));
    CO_TRY_STATUS(co_await see_that_credentials_last(tools_, plan_));
    CO_TRY_STATUS(co_await open());
    const auto taking = co_await take_hold(tools_, plan_);
    outcome_.api_calls += taking.polls;
    if (!taking.hold) {
      outcome_.left_behind = taking.left;
      outcome_.elsewhere = taking.elsewhere;
      co_return fail(taking.hold.error());
    }
    hold_ = *taking.hold;
    CO_TRY_STATUS(co_await see_that_credentials_last(tools_, plan_));
    co_return tools_.may_begin(plan_.options);
  }

  Task<Status> stop() {
    begun_ = tools_.clock.now();
    outcome_.begun = tools_.clock.wall();
    deadline_ = begun_ + plan_.options.max_downtime;
    if (!plan_.found_stopped()) {
      CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::stop));
    }
    touched_ = true;
    if (!plan_.found_stopped()) {
      down_.emplace(tools_.silence, plan_.instance.id);
    }
    // Until the answer says otherwise the server counts as stopped by us, even if this step breaks
    // off.
    stopping_.ours = !plan_.found_stopped();
    stopping_ = co_await bring_to_rest(tools_, plan_);
    if (!stopping_.ours) {
      down_.reset();
    }
    outcome_.api_calls += stopping_.polls;
    if (!stopping_.status) {
      co_return stopping_.status;
    }
    at_rest_ = true;
    outcome_.consistency = stopping_.consistency;
    if (stopping_.ours) {
      outcome_.phases.stop = tools_.clock.now() - begun_;
      tools_.report(plan_.instance.id, Step::stopped);
    }
    co_return Status();
  }

  Task<Status> snapshot() {
    const Instant asked = tools_.clock.now();
    co_await note_mark(tools_, plan_, Mark::snapshots,
                       std::string(to_string(stopping_.consistency)));
    auto snapshots = co_await ask_for_snapshots();
    requested_ = {asked, tools_.clock.now()};
    outcome_.phases.snapshot = requested_.last - asked;
    CO_TRY(const auto made, std::move(snapshots));
    co_return take_in(tools_, plan_, made, set_);
  }

  Task<Result<std::vector<ec2::Snapshot>>> ask_for_snapshots() {
    const auto consistency = stopping_.consistency;
    if (plan_.options.method == Method::snapshots) {
      auto taken = co_await take_snapshots(tools_, plan_, consistency, deadline_);
      doubt_ = taken.doubt;
      co_return std::move(taken.made);
    }
    auto taken = co_await take_image(tools_, plan_, consistency, deadline_);
    doubt_ = taken.doubt;
    CO_TRY(outcome_.image, std::move(taken.made));
    co_return co_await find_snapshots_of(tools_, plan_, *outcome_.image, deadline_);
  }

  /// What requests that were not answered well may have made.
  Task<Status> settle() {
    if (!doubt_.any || outcome_.left_down) {
      co_return Status();
    }
    const auto before = set_ ? set_->ids() : std::vector<SnapshotId>();
    Status settled;
    if (plan_.options.method == Method::image) {
      settled =
          co_await settle_doubt_of_image(tools_, plan_, doubt_, requested_, outcome_.image, set_);
    } else {
      settled = co_await settle_doubt(tools_, plan_, doubt_, requested_, set_);
    }
    if (before.empty() && set_) {
      outcome_.consistency = Consistency::crash;
    } else if (set_ && set_->ids() != before && outcome_.gate &&
               *outcome_.gate != GateOpening::deadline) {
      // Nobody has seen how far it was, but EC2 had taken it.
      outcome_.gate = GateOpening::accepted;
    }
    co_return settled;
  }

  Task<Status> gate() {
    const Instant shut = tools_.clock.now();
    const auto waited = co_await wait_for_gate(tools_, plan_, *set_, deadline_);
    outcome_.phases.gate = tools_.clock.now() - shut;
    outcome_.api_calls += waited.polls;
    note_completion();
    CO_TRY(outcome_.gate, waited.opening);
    tools_.report(plan_.instance.id, Step::gate_opened, std::string(to_string(*outcome_.gate)));
    co_return Status();
  }

  /// What is to come in is there before anything is down.
  Task<Status> prepare_swap() {
    outcome_.swapped = SwapState::old;
    auto swap = *plan_.options.swap;
    CO_TRY_STATUS(co_await pitstop::prepare_swap(tools_, plan_, swap));
    swap_ = std::move(swap);
    co_return tools_.may_begin(plan_.options);
  }

  Task<Status> swap() {
    CO_TRY_STATUS(tools_.may_begin(plan_.options));
    co_await note_mark(tools_, plan_, Mark::swap, swap_->restore.str());
    const auto swapping = co_await swap_volumes(tools_, plan_.instance.id, *swap_);
    outcome_.swapped = swapping.state;
    outcome_.swapped_volumes = swap_->volumes;
    co_return swapping.status;
  }

  Task<Status> start() {
    const Instant asked = tools_.clock.now();
    down_.reset();  // who starts it gives the alarm
    tools_.turn.about_to_leave();
    co_await note_mark(tools_, plan_, Mark::start,
                       std::string(outcome_.gate ? to_string(*outcome_.gate) : ""));
    Comeback comeback{.instance = plan_.instance.id,
                      .stopped_because = stopping_.stopped_because,
                      .trial_run = stopping_.taken ? usual_trial_run : trial_run_after_lost_stop,
                      .down_since = begun_};
    const auto started = co_await bring_back(tools_, std::move(comeback));
    outcome_.api_calls += started.polls;
    if (!started.running_since) {
      outcome_.left_down = true;
      co_return started.status;
    }
    outcome_.phases.start = *started.running_since - asked;
    outcome_.downtime = *started.running_since - begun_;
    co_return Status();
  }

  Task<Status> let_go() {
    co_await note_mark(tools_, plan_, Mark::running);
    const auto left = co_await release(tools_, *hold_);
    std::ranges::copy(left, std::back_inserter(outcome_.left_behind));
    if (outcome_.downtime) {
      co_await tell_what_changed(tools_, plan_);
    }
    co_return Status();
  }

  Task<Status> follow() {
    co_await add_individual_tags(tools_, plan_, *set_);
    if (!plan_.options.wait || outcome_.error) {
      co_return Status();
    }
    const auto followed = co_await pitstop::follow(tools_, plan_, *set_);
    outcome_.api_calls += followed.polls;
    note_completion();
    if (followed.status && outcome_.image && set_->all_completed()) {
      co_return co_await await_image(tools_, *outcome_.image);
    }
    co_return followed.status;
  }

  Task<Status> remove_what_primed_it() {
    if (is_open_) {
      const auto removed = co_await remove_prime(
          tools_, {.run = plan_.run,
                   .instance = plan_.instance.id,
                   .backup_is_complete = set_ && set_->all_completed() && !outcome_.error});
      note_what_is_left(removed);
    }
    co_return Status();
  }

  /// The backup is what it is; but it stays open until that is gone.
  void note_what_is_left(const Status& cleared) {
    if (!cleared) {
      outcome_.left_behind.push_back(cleared.error().message);
    }
  }

  /// The first thing that went wrong is what the outcome tells.
  Task<void> guarded(Task<Status> step) {
    return keep_first_error(tools_.clock, std::move(step), outcome_.error);
  }

  /// The first time that every snapshot is seen complete. Counted from the beginning, so that a
  /// wall clock that is set meanwhile does no harm.
  void note_completion() {
    if (!outcome_.snapshots_completed && set_->all_completed()) {
      outcome_.snapshots_completed =
          outcome_.begun + std::chrono::round<Milliseconds>(tools_.clock.now() - begun_);
    }
  }

  BackupPlan plan_;
  Tools tools_;
  bool is_open_ = false;
  std::optional<Hold> hold_;
  Instant begun_;
  Instant deadline_;
  Stopping stopping_;
  /// While it may be down, and is not being started.
  std::optional<Silence::Down> down_;
  /// Whether anything was done to the server, or may have been.
  bool touched_ = false;
  bool at_rest_ = false;
  std::optional<SnapshotSet> set_;
  /// What is not certain of the requests for them, and when they ended.
  Doubt doubt_;
  Requested requested_;
  std::optional<FastRestoreHold> fast_restore_;
  /// What is to be exchanged, once it is there.
  std::optional<Swap> swap_;
  BackupOutcome outcome_;
};

}  // namespace

Task<BackupOutcome> back_up(BackupPlan plan, Tools tools) {
  PitStop pit_stop(std::move(plan), tools);
  co_return co_await pit_stop.run();
}

}  // namespace pitstop
