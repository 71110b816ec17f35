#include "backup/stopping.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/alarm.hpp"
#include "backup/marking.hpp"
#include "backup/starting.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

using enum ec2::InstanceState;

constexpr Duration power_is_not_cut_before = std::chrono::minutes(2);

/// A forced stop that is refused is asked for again after that time.
constexpr Duration force_again_after = std::chrono::minutes(2);

/// Who cannot see the server for so long starts it, for it may be down.
Duration longest_blindness_of(const BackupOptions& options) {
  constexpr Duration least = std::chrono::minutes(5);
  return std::max(options.max_downtime, least);
}

/// Soon at first: an outage that has begun is to be short.
constexpr ec2::Tempo while_it_may_stop{Milliseconds(250), Milliseconds(500), Seconds(3), 10};

/// EC2 may show the old state for a while after it took a stop (eventual consistency).
constexpr Duration running_is_stale_for = std::chrono::minutes(2);

/// Whether the answer to our StopInstances shows that somebody else had stopped the server before.
/// `stopping` shows nothing: our own request may have been carried out twice on its way, and a
/// server that is wrongly started again is the lesser evil.
bool stopped_by_others(const ec2::StateChanges& answer, const InstanceId& instance) {
  if (answer.may_be_a_repetition) {
    return false;
  }
  const auto change = std::ranges::find(answer.changes, instance, &ec2::StateChange::instance);
  return change != answer.changes.end() && change->previous == stopped;
}

class WaitForRest {
 public:
  WaitForRest(Tools tools, const BackupPlan& plan)
      : tools_(tools),
        plan_(plan),
        id_(plan.instance.id),
        asked_(tools.clock.now()),
        heard_(asked_),
        alarm_(plan.options.stop_timeout),
        force_at_(asked_ + plan.options.force_stop_after.value_or(Duration::max() / 2)) {}

  Task<void> run(Stopping& result) {
    while (true) {
      ec2::Wait<ec2::Instance> wait;
      wait.ids = {id_};
      wait.news = {"stopped", "running", "terminated", "shutting-down"};
      wait.deadline = std::min({asked_ + alarm_.next(), force_at_, heard_ + longest_blindness()});
      wait.enough = [this](const ec2::Instance& instance) { return see(instance); };
      const Instant began = tools_.clock.now();
      const auto waited = co_await tools_.instances.wait(std::move(wait));
      result.polls += waited.polls;
      if (waited.answered > began) {
        heard_ = waited.answered;  // not when the wait began, where no look was answered
      }
      const bool is_blind = tools_.clock.now() >= heard_ + longest_blindness();
      if (waited.status || waited.status.error().kind != ErrorKind::deadline || is_blind) {
        judge(waited.status, result);
        co_return;
      }
      if (tools_.clock.now() >= force_at_) {
        co_await force();
      }
      sound_alarm();
    }
  }

 private:
  Duration longest_blindness() const { return longest_blindness_of(plan_.options); }

  void sound_alarm() {
    const auto lasted = tools_.clock.now() - asked_;
    if (alarm_.rings(lasted)) {
      tools_.report(id_, Step::alarm,
                    fmt::format("{} did not stop within {}", id_.str(), human(lasted)),
                    "it is being watched until it does, and started then; see its system log");
    }
  }

  Task<void> force() {
    force_at_ = tools_.clock.now() + force_again_after;
    co_await note_mark(tools_, plan_, Mark::force);
    forced_ = true;
    tools_.report(id_, Step::warning,
                  fmt::format("{} is forced to stop: it has not shut down for {}", id_.str(),
                              human(tools_.clock.now() - asked_)),
                  "its backup is worth as much as after a power cut");
    std::vector<InstanceId> ids{id_};
    const auto answer = co_await ec2::force_stop_instances(tools_.ec2, std::move(ids));
    if (!answer) {
      tools_.report(
          id_, Step::warning,
          fmt::format("{} cannot be forced to stop: {}", id_.str(), answer.error().message),
          answer.error().hint);
    }
  }

  bool see(const ec2::Instance& instance) {
    last_ = instance;
    const bool back_again =
        instance.state == running && tools_.clock.now() - asked_ >= running_is_stale_for;
    return instance.state == stopped || instance.state == terminated ||
           instance.state == shutting_down || back_again;
  }

  void judge(const Status& watched, Stopping& result) const {
    if (!watched) {
      result.status = fail(within("the stop cannot be watched", watched.error()));
      return;
    }
    result.stopped_because = fingerprint(last_);
    if (last_.state == stopped) {
      const auto took = result.ours ? std::optional(tools_.clock.now() - asked_) : std::nullopt;
      result.consistency = forced_ ? Consistency::crash : consistency_of(last_, took);
    } else if (last_.state == running) {
      result.status = fail(ErrorKind::refused,
                           fmt::format("{} is running although it was told to stop", id_.str()),
                           "has somebody else started it? no backup was taken");
    } else {
      result.status =
          fail(ErrorKind::refused, fmt::format("{} was terminated while it stopped", id_.str()),
               "see CloudTrail for who did it; an Auto Scaling group replaces members that stop");
    }
  }

  Tools tools_;
  const BackupPlan& plan_;
  InstanceId id_;
  Instant asked_;
  Instant heard_;  ///< from EC2, the last time
  Alarm alarm_;
  Instant force_at_;
  bool forced_ = false;
  ec2::Instance last_;
};

/// No error shows that nothing was stopped, whatever its code is: EC2 may have carried the stop
/// out, or do so late. The server counts as ours until EC2 has shown it running for as long as a
/// stop may be late.
Task<void> see_whether_it_stops(Tools tools, const BackupPlan& plan, Stopping& result) {
  const auto& id = plan.instance.id;
  const auto& error = result.status.error();
  tools.report(
      id, Step::warning,
      fmt::format("the stop of {} was not confirmed ({}); watching for {} whether it stops "
                  "all the same",
                  id.str(), error.message, human(trial_run_after_lost_stop)),
      error.hint);
  const Instant answered = tools.clock.now();
  ec2::Instance last;
  ec2::Wait<ec2::Instance> wait;
  wait.ids = {id};
  wait.tempo = while_it_may_stop;
  wait.deadline = answered + longest_blindness_of(plan.options);
  wait.enough = [&](const ec2::Instance& instance) {
    last = instance;
    return instance.state != running || tools.clock.now() - answered >= trial_run_after_lost_stop;
  };
  result.ours = true;
  const auto waited = co_await tools.instances.wait(std::move(wait));
  result.polls += waited.polls;
  if (waited.status) {
    result.taken = result.ours = last.state != running;
  }
}

}  // namespace

Consistency consistency_of(const ec2::Instance& stopped, std::optional<Duration> took) {
  if (stopped.state_reason_code == "Client.InstanceInitiatedShutdown") {
    return Consistency::at_rest;  // the system switched the machine off itself
  }
  const bool by_user = stopped.state_reason_code.empty() ||
                       stopped.state_reason_code == "Client.UserInitiatedShutdown";
  const bool in_time = took && *took < power_is_not_cut_before;
  return by_user && in_time ? Consistency::at_rest : Consistency::crash;
}

Task<Stopping> bring_to_rest(Tools tools, const BackupPlan& plan) {
  Stopping result;
  if (plan.found_stopped()) {
    result.consistency = consistency_of(plan.instance, std::nullopt);
    co_return result;
  }
  tools.report(plan.instance.id, Step::stop_requested);
  WaitForRest rest(tools, plan);
  std::vector<InstanceId> ids{plan.instance.id};
  const auto answer = co_await ec2::stop_instances(tools.ec2, std::move(ids));
  if (!answer) {
    result.status = fail(answer.error());
    // Others need not wait to hear of it.
    tools.turn.failed();
    co_await see_whether_it_stops(tools, plan, result);
    if (result.taken) {
      co_await rest.run(result);
      result.status = fail(answer.error());
    }
    co_return result;
  }
  result.taken = true;
  result.ours = !stopped_by_others(*answer, plan.instance.id);
  co_await rest.run(result);
  co_return result;
}

}  // namespace pitstop
