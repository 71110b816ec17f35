// Finishing what an interrupted run has begun.
//
// Invariants, each with tests that try to break it:
//   1. Whatever the run was doing when it ended, its server runs in the end: a server that is at
//   rest, and was not found so, is started, whether or not the marks say that it was stopped.
//   2. A server that the run found stopped, or that somebody else stopped, is not started.
//   3. Nothing is asked of EC2 a second time that makes something.
//   4. By tags alone a server is started, and nothing else: no volume is attached, detached or
//   deleted, no server is stopped or brought back into a rotation, no snapshot is deleted.
//   5. The journal's entry is closed last, after a look that shows the server running and its tag
//   gone, and only when nothing is left: until then, who comes next begins anew.

#include "backup/recover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "backup/adopting.hpp"
#include "backup/ending_fast_restore.hpp"
#include "backup/evidence.hpp"
#include "backup/interrupted_restore.hpp"
#include "backup/priming.hpp"
#include "backup/recording.hpp"
#include "backup/rotating.hpp"
#include "backup/server_tools.hpp"
#include "backup/starting.hpp"
#include "backup/surprises.hpp"
#include "base/concurrently.hpp"
#include "base/text.hpp"
#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/stop_reason.hpp"

namespace pitstop {
namespace {

/// A stop whose reply was lost takes effect within that time, or not at all.
constexpr Duration stop_is_late_at_most = std::chrono::minutes(10);

/// When a stop of which nothing is known would show by then.
constexpr Duration unknown_stop_shows_after = Seconds(60);

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
                              printable(stranded_.run.str()), stranded_.left_by));
    if (stranded_.swap) {
      co_await guarded(restore_.finish());
      if (!restore_.is_settled() && outcome_.left_behind.empty()) {
        outcome_.left_behind.push_back(
            fmt::format("the replacement of its volumes by {}", stranded_.swap->restore.str()));
      }
    }
    co_await bring_up();
    if (restore_.is_settled() && !outcome_.left_down) {
      note_what_is_left(co_await restore_.conclude());
    }
    if (!outcome_.left_down) {
      co_await guarded(rejoin());
    }
    co_await guarded(clear_away());
    co_await guarded(adopt());
    co_await guarded(remove_what_primed_it());
    co_await guarded(end_fast_restore());
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

  /// What is not cleared away keeps the backup open.
  void note_what_is_left(const Status& cleared) {
    if (!cleared) {
      outcome_.left_behind.push_back(cleared.error().message);
    }
  }

  Task<void> start_until_it_runs() {
    while (is_down()) {
      co_await guarded(start());
    }
  }

  Task<void> bring_up() {
    co_await start_until_it_runs();
    if (stranded_.may_have_been_stopped && !outcome_.downtime && !outcome_.left_down) {
      co_await guarded(look_for_a_late_stop());
    }
    co_await start_until_it_runs();
  }

  /// The marks may not be all that there were: its state tells, once a stop that was asked for at
  /// the end has had its time.
  Task<Status> look_for_a_late_stop() {
    const auto last = stranded_.last_sign.value_or(outcome_.begun);
    const Duration since = std::max<Duration>(tools_.clock.wall() - last, Duration{});
    co_await tools_.clock.sleep(std::max<Duration>(unknown_stop_shows_after - since, Duration{}));
    std::vector<InstanceId> ids{outcome_.instance};
    const auto found = co_await ec2::find_instances(tools_.ec2, std::move(ids));
    if (!found) {
      outcome_.left_behind.emplace_back("EC2 does not say whether it runs");
      co_return fail(within("it cannot be told whether it runs", found.error()));
    }
    if (!found->empty()) {
      stranded_.instance = found->front();
      stranded_.may_be_down = ec2::is_at_rest(found->front()) && is_our_stop(found->front());
    }
    co_return Status();
  }

  /// By the journal, or as EC2 shows.
  bool is_our_stop(const ec2::Instance& instance) const {
    return stranded_.in_journal || shows_stop_of(stranded_.hold.tag, instance);
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
    const auto started = co_await bring_back(tools_, std::move(comeback));
    outcome_.api_calls += started.polls;
    if (!started.running_since) {
      outcome_.left_down = true;
      co_return started.status;
    }
    outcome_.downtime = since_begun() - (tools_.clock.now() - *started.running_since);
    co_return Status();
  }

  /// By a tag alone nothing is asked of a load balancer or an Auto Scaling group.
  Task<Status> rejoin() {
    auto& hold = stranded_.hold;
    if (hold.away == Away::no || stranded_.in_journal) {
      co_return co_await pitstop::rejoin(tools_, hold);
    }
    const auto wanted = printable(hold.rotation_text);
    if (!stranded_.is_named) {
      tools_.report(
          outcome_.instance, Step::warning,
          fmt::format("{} runs, and is left out of rotation: only its tag {} = \"{}\" asks "
                      "for that",
                      outcome_.instance.str(), rotation_tag_key, wanted),
          fmt::format("if that is right: pitstop recover {}", outcome_.instance.str()));
      co_return Status();
    }
    const auto supported = co_await supports_rotation(tools_, stranded_.instance, hold.rotation);
    if (!supported) {
      co_return fail(within(fmt::format("{} is left out of rotation", outcome_.instance.str()),
                            supported.error()));
    }
    co_return co_await pitstop::rejoin(tools_, hold);
  }

  /// A mark that cannot be written costs no more than that the next one begins anew.
  Task<Status> clear_away() {
    auto& hold = stranded_.hold;
    if (outcome_.left_down && !outcome_.left_behind.empty()) {
      co_return Status();
    }
    if (stranded_.in_journal && !outcome_.left_down && outcome_.left_behind.empty()) {
      co_await tools_.logbook.mark(stranded_.run, outcome_.instance, Mark::running, "",
                                   usual_journal_patience);
    }
    if (stranded_.unnamed_restore) {
      note_restore_that_is_left();
    }
    const bool was_tagged = hold.tagged;
    hold.tagged = hold.tagged && outcome_.left_behind.empty();
    const auto left = co_await release(tools_, hold);
    std::ranges::copy(left, std::back_inserter(outcome_.left_behind));
    if (was_tagged && outcome_.left_behind.empty()) {
      const auto gone = co_await see_that_tag_is_gone(tools_, hold);
      if (!gone) {
        outcome_.left_behind.emplace_back("its tag pitstop:down is still there");
        co_return fail(within("EC2 still shows its tag pitstop:down", gone.error()));
      }
    }
    co_return Status();
  }

  void note_restore_that_is_left() {
    const auto restore = printable(stranded_.unnamed_restore->str());
    outcome_.left_behind.push_back(fmt::format("volumes of the restore {}", restore));
    tools_.report(
        outcome_.instance, Step::warning,
        fmt::format("{}: volumes that the restore {} made or replaced are left as they are",
                    outcome_.instance.str(), restore),
        fmt::format("pitstop recover --now --restore {} finishes it", restore));
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
    if (!stranded_.in_journal) {
      CO_TRY(const bool is_primed,
             co_await may_be_primed(tools_, stranded_.run, outcome_.instance));
      if (is_primed) {
        outcome_.left_behind.emplace_back("snapshots that primed its backup");
        tools_.report(
            outcome_.instance, Step::warning,
            fmt::format("{}: snapshots that primed its backup are left", outcome_.instance.str()),
            "pitstop prune removes them when there is a newer backup");
      }
      co_return Status();
    }
    if (!stranded_.was_primed) {
      co_return Status();
    }
    const auto removed = co_await remove_prime(
        tools_,
        {.run = stranded_.run,
         .instance = outcome_.instance,
         .may_be_new = stranded_.was_priming,
         .backup_is_complete = outcome_.snapshots_completed.has_value() && !outcome_.error});
    note_what_is_left(removed);
    co_return Status();
  }

  /// It costs money for as long as it is on, and nothing of the server hangs on it.
  Task<Status> end_fast_restore() {
    if (!stranded_.fast_restore) {
      co_return Status();
    }
    if (!stranded_.in_journal) {
      co_return co_await tell_of_fast_restore();
    }
    const auto ended = co_await end_fast_restores_of(tools_.ec2, *stranded_.fast_restore,
                                                     stranded_.fast_snapshots);
    if (!ended) {
      tools_.report(outcome_.instance, Step::warning, ended.error().message, ended.error().hint);
      note_what_is_left(ended);
    }
    co_return Status();
  }

  /// By a tag alone it is left on.
  Task<Status> tell_of_fast_restore() {
    CO_TRY(const bool is_on, co_await may_be_restored_fast(tools_.ec2, *stranded_.fast_restore));
    if (is_on) {
      const auto restore = printable(stranded_.fast_restore->str());
      outcome_.left_behind.push_back(
          fmt::format("fast snapshot restore, which {} has enabled", restore));
      tools_.report(outcome_.instance, Step::warning,
                    fmt::format("{}: fast snapshot restore, which AWS charges for, may still be "
                                "enabled by {}",
                                outcome_.instance.str(), restore),
                    "pitstop prune disables it when it is a day old");
    }
    co_return Status();
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
  BackupOutcome outcome_;
  InterruptedRestore restore_{tools_, stranded_, outcome_};
};

Task<void> recover_into(FleetTools tools, SharedCalls& shared, PitLane& lane, Stranded stranded,
                        bool wait, BackupOutcome& slot) {
  OwnCaller own(tools, shared.wire);
  Turn turn(lane, {});
  const Tools own_tools = tools_of_a_server(tools, own, shared, turn);
  const auto name = stranded.name;
  const auto run = stranded.run;
  const auto policy = stranded.policy;
  const bool in_journal = stranded.in_journal;
  Homecoming homecoming(own_tools, std::move(stranded), wait);
  slot = co_await homecoming.run();
  slot.api_calls += own.counting.calls();
  // Of what is left whoever comes next does the rest. By a tag alone, which anybody may write,
  // nothing is known of a run that has done nothing.
  const bool is_known = in_journal || slot.downtime || !slot.snapshots.empty();
  if (slot.left_behind.empty() && is_known) {
    auto ended = to_record(slot, name, run, tools.here.region);
    ended.policy = policy;
    const auto closed = co_await tools.logbook.close(std::move(ended));
    if (!closed) {
      own_tools.report(slot.instance, Step::warning,
                       fmt::format("{}: its backup stays open in the journal: {}",
                                   slot.instance.str(), closed.error().message),
                       closed.error().hint);
    }
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
