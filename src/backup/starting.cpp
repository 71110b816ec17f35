#include "backup/starting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/alarm.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

using enum ec2::InstanceState;

/// How long EC2 may go on showing the old `stopped` after it took a start (eventual consistency).
constexpr Duration stopped_is_stale_for = Seconds(30);

constexpr Duration ask_again_after = std::chrono::minutes(5);
constexpr Duration look_after_failure = Seconds(2);
constexpr Duration first_alarm = std::chrono::minutes(1);
constexpr Duration first_backoff = Seconds(1);
constexpr Duration longest_backoff = Seconds(30);

class Starter {
 public:
  Starter(Tools tools, Comeback comeback)
      : tools_(tools), comeback_(std::move(comeback)), id_(comeback_.instance) {}

  Task<Starting> run() {
    begun_ = tools_.clock.now();
    co_await try_once();
    while (!result_.running_since && result_.status) {
      sound_alarm();
      co_await back_off();
      co_await try_once();
    }
    if (!result_.status) {
      tools_.report(id_, Step::alarm, result_.status.error().message, result_.status.error().hint);
    }
    co_return result_;
  }

 private:
  void sound_alarm() {
    const auto now = tools_.clock.now();
    if (alarm_.rings(now - begun_)) {
      tools_.report(id_, Step::alarm,
                    fmt::format("{} is DOWN for {}, and does not start for {}: {}", id_.str(),
                                human(now - comeback_.down_since), human(now - begun_),
                                complaint_.empty() ? "it stays on its way" : complaint_),
                    complaint_hint_);
    }
  }

  Task<void> back_off() {
    const auto longest = std::min(first_backoff * (1 << std::min(failures_, 10)), longest_backoff);
    const auto half = longest / 2;
    co_await tools_.clock.sleep(half +
                                std::chrono::duration_cast<Duration>(half * tools_.random.unit()));
  }

  Task<void> try_once() {
    if (failures_ == 0 || has_run_) {
      tools_.report(id_, Step::start_requested);
      has_run_ = false;
    }
    const bool is_paid = tools_.paced.spend("StartInstances");
    const auto answer = co_await tools_.starts.start(id_, is_paid);
    ++result_.polls;
    asked_ = tools_.clock.now();
    // A server that is still stopping answers `wrong_state`; that is no failure, and soon over.
    if (!answer && answer.error().kind != ErrorKind::wrong_state) {
      complain(answer.error().message, answer.error().hint);
    }
    // Whatever the answer was, the state tells: a reply can be lost, and others can start it too.
    const bool promising = answer || answer.error().kind == ErrorKind::unknown_fate;
    co_await wait_until_running(promising ? ask_again_after : look_after_failure);
    if (result_.running_since) {
      co_await confirm();
    }
  }

  Task<void> wait_until_running(Duration at_most) {
    ec2::Wait<ec2::Instance> wait;
    wait.ids = {id_};
    wait.news = {"running", "stopping", "stopped", "terminated", "shutting-down"};
    wait.deadline = tools_.clock.now() + at_most;
    wait.enough = [this](const ec2::Instance& instance) {
      last_ = instance;
      // `pending` is left out of our own looks, but others that look along may want to see it.
      const bool on_its_way = instance.state == pending || instance.state == stopping;
      return instance.state == stopped ? has_fallen_back() : !on_its_way;
    };
    const auto waited = co_await tools_.instances.wait(std::move(wait));
    result_.polls += waited.polls;
    if (waited.status) {
      judge();
    } else if (waited.status.error().kind == ErrorKind::not_found) {
      result_.status = fail(within("the server cannot be started again", waited.status.error()));
    }
  }

  bool has_fallen_back() const {
    return fingerprint(last_) != comeback_.stopped_because ||
           tools_.clock.now() - asked_ >= stopped_is_stale_for;
  }

  void judge() {
    switch (last_.state) {
      case running:
        has_run_ = true;
        result_.running_since = tools_.clock.now();
        tools_.report(
            id_, Step::running,
            fmt::format("down for {}", human(*result_.running_since - comeback_.down_since)));
        break;
      case stopped:
        complain(fmt::format("it was started and is stopped again: {} {}", last_.state_reason_code,
                             last_.state_reason),
                 "if a volume is encrypted, these credentials need kms:CreateGrant for its key");
        comeback_.stopped_because = fingerprint(last_);
        break;
      case terminated:
      case shutting_down:
        result_.status =
            fail(ErrorKind::refused, fmt::format("{} was terminated while it was down", id_.str()),
                 "see CloudTrail for who did it; an Auto Scaling group replaces members that stop");
        break;
      case pending:
      case stopping:
        break;  // seen by confirm(): it went down again; try once more
    }
  }

  /// The downtime is over; but a start can still fall back.
  Task<void> confirm() {
    const Instant up_since = *result_.running_since;
    ec2::Wait<ec2::Instance> wait;
    wait.ids = {id_};
    wait.tempo = {usual_trial_run, usual_trial_run, usual_trial_run, 1};
    wait.deadline = up_since + comeback_.trial_run + ask_again_after;
    wait.enough = [this, up_since](const ec2::Instance& instance) {
      last_ = instance;
      return instance.state != running || tools_.clock.now() - up_since >= comeback_.trial_run;
    };
    const auto waited = co_await tools_.instances.wait(std::move(wait));
    result_.polls += waited.polls;
    if (waited.status && last_.state != running) {
      result_.running_since.reset();
      judge();
    }
  }

  /// Said once, and again when it is something else: a start that fails for hours fails often.
  void complain(std::string what, std::string hint) {
    ++failures_;
    if (what != complaint_) {
      tools_.report(id_, Step::warning,
                    fmt::format("{} cannot be started: {}; trying again", id_.str(), what), hint);
    }
    complaint_ = std::move(what);
    complaint_hint_ = std::move(hint);
  }

  Tools tools_;
  Comeback comeback_;
  InstanceId id_;
  Instant asked_;
  Instant begun_;
  Alarm alarm_{first_alarm};
  int failures_ = 0;
  std::string complaint_;
  std::string complaint_hint_;
  bool has_run_ = false;
  ec2::Instance last_;
  Starting result_;
};

}  // namespace

std::string fingerprint(const ec2::Instance& instance) {
  return instance.state_reason_code + ' ' + instance.transition_reason;
}

Task<Starting> bring_back(Tools tools, Comeback comeback) {
  Starter starter(tools, std::move(comeback));
  co_return co_await starter.run();
}

}  // namespace pitstop
