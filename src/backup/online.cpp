#include "backup/online.hpp"

#include <fmt/format.h>

#include "backup/following.hpp"
#include "backup/freezing.hpp"
#include "backup/gate.hpp"
#include "backup/marking.hpp"
#include "backup/snapshotting.hpp"
#include "backup/surprises.hpp"

namespace pitstop {
namespace {

/// Nobody is down for it: EC2 may be busy for a while.
constexpr Duration patience_online = std::chrono::minutes(10);

class OnlineBackup {
 public:
  OnlineBackup(BackupPlan plan, Tools tools) : plan_(std::move(plan)), tools_(tools) {
    outcome_.backup = plan_.backup;
    outcome_.instance = plan_.instance.id;
    outcome_.start_when = plan_.options.start_when;
    outcome_.begun = tools_.clock.wall();
    outcome_.went_on = true;
  }

  Task<BackupOutcome> run() {
    co_await guarded(open());
    if (!outcome_.error) {
      co_await guarded(snapshot());
    }
    co_await guarded(settle());
    if (set_) {
      co_await guarded(follow());
    }
    if (set_ && set_->all_completed()) {
      outcome_.snapshots_completed = tools_.clock.wall();
    }
    co_return concluded(std::move(outcome_), plan_, set_, may_have_snapshots_);
  }

 private:
  Task<Status> open() {
    CO_TRY_STATUS(tools_.may_begin(plan_.options));
    co_return co_await open_backup(tools_, plan_);
  }

  /// What a snapshot says of itself until more is known.
  Consistency first_claim() const {
    return plan_.options.approach == Approach::unmounted ? Consistency::unmounted
                                                         : Consistency::crash;
  }

  Task<Status> snapshot() {
    if (plan_.options.approach != Approach::frozen) {
      co_return co_await take();
    }
    auto status = co_await freeze(tools_, plan_);
    if (status) {
      status = co_await take();
    }
    // Even where it was refused: a freeze that comes late need not last.
    const auto thawed = co_await thaw(tools_, plan_);
    if (set_ && thawed) {
      co_await claim_frozen();
    } else if (set_) {
      tools_.report(plan_.instance.id, Step::warning,
                    fmt::format("{}: its file systems were not frozen to the end ({}): its "
                                "snapshots are as after a power cut",
                                plan_.instance.id.str(), thawed.error().message));
    }
    co_return status;
  }

  Task<Status> take() {
    const auto worth = first_claim();
    CO_TRY_STATUS(co_await set_mark(tools_, plan_, Mark::snapshots, std::string(to_string(worth))));
    may_have_snapshots_ = true;
    const Instant asked = tools_.clock.now();
    auto taken = co_await take_snapshots(tools_, plan_, worth, asked + patience_online);
    doubt_ = taken.doubt;
    requested_ = {asked, tools_.clock.now()};
    outcome_.phases.snapshot = requested_.last - asked;
    CO_TRY(const auto made, std::move(taken.made));
    outcome_.consistency = worth;
    co_return take_in(tools_, plan_, made, set_);
  }

  /// What requests that were not answered well may have made.
  Task<Status> settle() {
    const bool had_none = !set_;
    auto settled = co_await settle_doubt(tools_, plan_, doubt_, requested_, set_);
    if (had_none && set_) {
      outcome_.consistency = Consistency::crash;
    }
    co_return settled;
  }

  /// Only now it is known; who is killed before leaves the lesser claim.
  Task<void> claim_frozen() {
    const auto tagged = co_await tag_consistency(tools_, set_->ids(), Consistency::frozen);
    if (tagged) {
      outcome_.consistency = Consistency::frozen;
    } else {
      tools_.report(
          plan_.instance.id, Step::warning,
          fmt::format("{}: its snapshots cannot be given their tag {}: {}", plan_.instance.id.str(),
                      consistency_tag_key, tagged.error().message),
          tagged.error().hint);
    }
  }

  Task<Status> follow() {
    co_await add_individual_tags(tools_, plan_, *set_);
    if (!plan_.options.wait || outcome_.error) {
      co_return Status();
    }
    const auto followed = co_await pitstop::follow(tools_, plan_, *set_);
    outcome_.api_calls += followed.polls;
    co_return followed.status;
  }

  /// The first thing that went wrong is what the outcome tells.
  Task<void> guarded(Task<Status> step) {
    return keep_first_error(tools_.clock, std::move(step), outcome_.error);
  }

  BackupPlan plan_;
  Tools tools_;
  bool may_have_snapshots_ = false;
  /// What is not certain of the requests for them, and when they ended.
  Doubt doubt_;
  Requested requested_;
  std::optional<SnapshotSet> set_;
  BackupOutcome outcome_;
};

}  // namespace

Task<BackupOutcome> back_up_online(BackupPlan plan, Tools tools) {
  OnlineBackup backup(std::move(plan), tools);
  co_return co_await backup.run();
}

}  // namespace pitstop
