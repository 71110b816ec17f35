// Finishing what an interrupted run has begun.
//
// Invariants, each with tests that try to break it:
//   1. Whatever the run was doing when it ended, its server runs in the end.
//   2. A server that the run found stopped, or had not stopped yet, is not started.
//   3. Nothing is asked of EC2 a second time that makes something.
//   4. The journal's entry is closed last: until then, who comes next begins anew.

#include "backup/recover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "backup/adopting.hpp"
#include "backup/ending_fast_restore.hpp"
#include "backup/priming.hpp"
#include "backup/recording.hpp"
#include "backup/server_tools.hpp"
#include "backup/starting.hpp"
#include "backup/surprises.hpp"
#include "backup/swapping.hpp"
#include "base/concurrently.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

/// A stop whose reply was lost takes effect within that time, or not at all.
constexpr Duration stop_is_late_at_most = std::chrono::minutes(10);

/// So is any other request.
constexpr Duration request_is_late_at_most = Seconds(30);

class Homecoming {
 public:
  Homecoming(Tools tools, Stranded stranded, bool wait)
      : tools_(tools), stranded_(std::move(stranded)), wait_(wait) {
    outcome_.recovered = true;
    outcome_.instance = stranded_.instance.id;
    outcome_.backup = stranded_.backup;
    outcome_.begun = stranded_.begun;
    outcome_.start_when = stranded_.start_when;
    outcome_.gate = stranded_.gate;
  }

  Task<BackupOutcome> run() {
    tools_.report(outcome_.instance, Step::recovering,
                  fmt::format("the run {} ({}) ended without finishing with it",
                              stranded_.run.str(), stranded_.left_by));
    if (stranded_.hold.tag.swap) {
      co_await guarded(finish_swap());
    }
    while (is_down()) {
      co_await guarded(start());
    }
    if (swap_ && !outcome_.left_down) {
      co_await conclude_swap(tools_, outcome_.instance, *swap_, *outcome_.swapped);
    }
    if (!outcome_.left_down) {
      co_await guarded(rejoin(tools_, stranded_.hold));
    }
    co_await guarded(clear_away());
    co_await guarded(adopt());
    co_await guarded(remove_what_primed_it());
    co_await end_fast_restore();
    co_return finish();
  }

 private:
  bool is_down() const {
    return stranded_.may_be_down && !outcome_.downtime && !outcome_.left_down;
  }

  /// The first thing that went wrong is what the outcome tells.
  Task<void> guarded(Task<Status> step) {
    return keep_first_error(tools_.clock, std::move(step), outcome_.error);
  }

  /// By the clock of the wall, for another process began it; one that was set back counts as none.
  Duration since_begun() const {
    return std::max<Duration>(tools_.clock.wall() - outcome_.begun, Duration{});
  }

  /// A server whose volumes are exchanged in part gets the rest of them; one where nothing has been
  /// exchanged keeps what it has.
  Task<Status> finish_swap() {
    outcome_.swapped = SwapState::old;
    co_await let_late_requests_arrive();
    CO_TRY(swap_, co_await find_swap(tools_, *stranded_.hold.tag.swap,
                                     stranded_.instance.root_device_name));
    if (!swap_) {
      co_return Status();
    }
    CO_TRY(const auto progress, co_await progress_of(tools_, outcome_.instance, *swap_));
    if (progress == SwapProgress::not_begun) {
      co_return Status();
    }
    if (progress == SwapProgress::begun) {
      CO_TRY_STATUS(co_await see_that_it_rests());
    }
    const auto swapping = co_await swap_volumes(tools_, outcome_.instance, *swap_);
    outcome_.swapped = swapping.state;
    outcome_.swapped_volumes = swap_->volumes;
    co_return swapping.status;
  }

  /// Nobody can start a server whose root volume is out. One whose root is not exchanged may have
  /// been started by somebody, the guard perhaps; then it runs on what is neither old nor new.
  Task<Status> see_that_it_rests() {
    using enum ec2::InstanceState;
    const auto state = stranded_.instance.state;
    if (state != running && state != pending) {
      co_return Status();
    }
    tools_.report(outcome_.instance, Step::stop_requested);
    stranded_.may_be_down = !stranded_.hold.tag.found_stopped;
    std::vector<InstanceId> ids{outcome_.instance};
    CO_TRY_STATUS(co_await ec2::stop_instances(tools_.ec2, std::move(ids)));
    ec2::Wait<ec2::Instance> wait;
    wait.ids = {outcome_.instance};
    wait.enough = [](const ec2::Instance& instance) { return instance.state == stopped; };
    const auto waited = co_await tools_.instances.wait(std::move(wait));
    outcome_.api_calls += waited.polls;
    co_return waited.status;
  }

  /// What the run had asked for when it ended may be carried out after that.
  Task<void> let_late_requests_arrive() {
    if (stranded_.last_sign) {
      const auto since = tools_.clock.wall() - *stranded_.last_sign;
      co_await tools_.clock.sleep(std::max<Duration>(request_is_late_at_most - since, Duration()));
    }
  }

  Task<Status> start() {
    using enum ec2::InstanceState;
    const auto state = stranded_.instance.state;
    const bool stop_may_come =
        state != stopping && state != stopped && since_begun() < stop_is_late_at_most;
    Comeback comeback{.instance = outcome_.instance,
                      .stopped_because = fingerprint(stranded_.instance),
                      .trial_run = stop_may_come ? trial_run_after_lost_stop : usual_trial_run,
                      .down_since = tools_.clock.now() - since_begun()};
    stranded_.started = stranded_.started.value_or(tools_.clock.wall());
    const auto started = co_await bring_back(tools_, std::move(comeback));
    outcome_.api_calls += started.polls;
    if (!started.running_since) {
      outcome_.left_down = true;
      co_return started.status;
    }
    outcome_.downtime = since_begun() - (tools_.clock.now() - *started.running_since);
    co_return Status();
  }

  /// A mark that cannot be written costs no more than that the next one begins anew.
  Task<Status> clear_away() {
    if (stranded_.in_journal && !outcome_.left_down) {
      co_await tools_.logbook.mark(stranded_.run, outcome_.instance, Mark::running, "",
                                   usual_journal_patience);
    }
    co_await release(tools_, stranded_.hold);
    co_return Status();
  }

  Task<Status> adopt() {
    auto adopted = co_await adopt_snapshots(tools_, stranded_, wait_);
    outcome_.api_calls += adopted.polls;
    outcome_.snapshots = std::move(adopted.snapshots);
    outcome_.image = std::move(adopted.image);
    outcome_.consistency = adopted.consistency;
    outcome_.snapshots_completed = adopted.completed;
    const bool is_restore = outcome_.swapped == SwapState::now;
    if (is_restore && outcome_.snapshots.empty()) {
      co_return Status();  // it was the exchange that mattered; the backup before it is not there
    }
    if (!adopted.backup.empty()) {
      outcome_.backup = adopted.backup;
    }
    if (!outcome_.gate && outcome_.downtime && !outcome_.snapshots.empty()) {
      outcome_.gate = GateOpening::recovery;
    }
    co_return adopted.status;
  }

  /// It may not be visible yet where its run was killed as it was made.
  Task<Status> remove_what_primed_it() {
    co_await remove_prime(tools_, {.run = stranded_.run,
                                   .instance = outcome_.instance,
                                   .may_be_new = stranded_.was_priming,
                                   .backup_is_complete = outcome_.snapshots_completed.has_value() &&
                                                         !outcome_.error});
    co_return Status();
  }

  /// It costs money for as long as it is on, and nothing of the server hangs on it.
  Task<void> end_fast_restore() {
    if (!stranded_.fast_restore) {
      co_return;
    }
    auto ending = end_fast_restores_of(tools_.ec2, *stranded_.fast_restore);
    const auto ended = co_await without_surprises(tools_.clock, std::move(ending));
    if (!ended) {
      tools_.report(outcome_.instance, Step::warning, ended.error().message, ended.error().hint);
    }
  }

  BackupOutcome finish() {
    outcome_.outcome = outcome_.error                 ? Outcome::failed
                       : outcome_.snapshots_completed ? Outcome::completed
                                                      : Outcome::following;
    return std::move(outcome_);
  }

  Tools tools_;
  Stranded stranded_;
  bool wait_;
  std::optional<Swap> swap_;
  BackupOutcome outcome_;
};

Task<void> recover_into(FleetTools tools, SharedCalls& shared, PitLane& lane, Stranded stranded,
                        bool wait, BackupOutcome& slot) {
  OwnCaller own(tools, shared.wire);
  Turn turn(lane, {});
  const Tools own_tools = tools_of_a_server(tools, own, shared, turn);
  const auto name = stranded.name;
  const auto run = stranded.run;
  const auto policy = stranded.policy;
  Homecoming homecoming(own_tools, std::move(stranded), wait);
  slot = co_await homecoming.run();
  slot.api_calls += own.counting.calls();
  auto ended = to_record(slot, name, run, tools.here.region);
  ended.policy = policy;
  const auto closed = co_await tools.logbook.close(std::move(ended));
  if (!closed) {
    own_tools.report(slot.instance, Step::warning,
                     fmt::format("{}: its backup stays open in the journal: {}",
                                 slot.instance.str(), closed.error().message),
                     closed.error().hint);
  }
  own_tools.report(slot.instance, Step::finished, std::string(to_string(slot.outcome)));
}

}  // namespace

Task<std::vector<BackupOutcome>> recover(std::vector<RecoveryPart> parts, RecoveryOptions options) {
  std::size_t servers = 0;
  for (const auto& part : parts) {
    servers += part.servers.size();
  }
  PitLane lane({}, std::vector<LaneTicket>(servers));
  std::vector<BackupOutcome> outcomes(servers);
  std::deque<SharedCalls> shared;
  std::vector<Task<void>> tasks;
  for (const auto& [tools, stranded] : parts) {
    shared.emplace_back(tools, stranded.size());
    for (const auto& server : stranded) {
      auto& slot = outcomes[tasks.size()];
      tasks.push_back(recover_into(tools, shared.back(), lane, server, options.wait, slot));
    }
  }
  co_await concurrently(std::move(tasks));
  for (const auto& [tools, stranded] : parts) {
    for (const auto& server : stranded) {
      tools.logbook.let_go(server.run);
    }
  }
  co_return outcomes;
}

}  // namespace pitstop
