// Fast snapshot restore costs money for as long as it is on, so:
//
// 1. It is not enabled by credentials that may not disable it.
// 2. A snapshot has its tag before EC2 is asked to enable it, and until it is disabled: whoever
//    looks for what was lost finds it.
// 3. What somebody else has enabled is left as it is; the tag tells whose it is.
// 4. Every way out of here, but the good one, disables it.

#include "backup/fast_restoring.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "backup/ending_fast_restore.hpp"
#include "backup/surprises.hpp"
#include "base/contains.hpp"
#include "ec2/fast_restores.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

constexpr Duration between_looks_at_fast_restore = Seconds(20);
constexpr Duration between_looks_for_interruption = Seconds(1);
/// EC2 is eventually consistent: so long may it show what was before it was asked.
constexpr Duration fast_restore_is_visible_after = std::chrono::minutes(2);
/// What the host's clock and EC2's may be apart.
constexpr Duration clocks_differ_at_most = std::chrono::minutes(1);
/// For so long no answer ends the wait.
constexpr Duration longest_silence = std::chrono::minutes(5);
/// Beyond what AWS says that it takes. With the largest snapshot it is less than a day, after which
/// the restore counts as lost.
constexpr Duration longest_delay = std::chrono::hours(2);

constexpr auto hint_for_other_ways =
    "leave out --fast-snapshot-restore; --initialize-rate has AWS fill the volumes when they are "
    "made";

std::string snapshots_in_zone(std::size_t count, const std::string& zone) {
  return fmt::format("{} {} in {}", count, count == 1 ? "snapshot" : "snapshots", zone);
}

class FastRestoring {
 public:
  FastRestoring(FastRestoreTools tools, FastRestorePlan plan)
      : tools_(tools), hold_{.plan = std::move(plan), .tag = {}} {
    hold_.tag = {hold_.plan.restore, hold_.plan.zone, tools_.clock.wall()};
  }

  Task<Result<FastRestoreHold>> run() {
    auto enabling = enable_and_wait();
    const auto status = co_await without_surprises(tools_.clock, std::move(enabling));
    if (!status) {
      co_await end_fast_restore(tools_, hold_, {});
      co_return fail(status.error());
    }
    co_return std::move(hold_);
  }

 private:
  const std::string& zone() const { return hold_.plan.zone; }

  Task<Status> enable_and_wait() {
    CO_TRY_STATUS(goes_on());
    CO_TRY_STATUS(co_await may_end());
    CO_TRY(auto wanted, co_await find_those_of_nobody());
    if (!wanted.empty()) {
      tools_.report(
          Step::fast_restore_requested,
          fmt::format("{}; by AWS's figures that takes {}",
                      snapshots_in_zone(wanted.size(), zone()), human(hold_.plan.expected())));
      CO_TRY_STATUS(co_await tag(std::move(wanted)));
      CO_TRY_STATUS(co_await enable());
    }
    co_return co_await wait_for_all();
  }

  Status goes_on() const {
    return tools_.interruption.requested()
               ? fail(ErrorKind::interrupted, "interrupted before volumes were made")
               : Status();
  }

  Task<Status> pause() {
    const Instant end = tools_.clock.now() + between_looks_at_fast_restore;
    while (tools_.clock.now() < end) {
      CO_TRY_STATUS(goes_on());
      co_await tools_.clock.sleep(between_looks_for_interruption);
    }
    co_return Status();
  }

  Task<Status> may_end() {
    auto tried =
        co_await ec2::may_disable_fast_restores(tools_.ec2, hold_.plan.snapshots(), zone());
    co_return tried ? std::move(tried)
                    : fail(within("fast snapshot restore is not enabled, for it could not be "
                                  "disabled again",
                                  tried.error()));
  }

  Task<Result<std::vector<ec2::FastRestore>>> look() {
    return ec2::describe_fast_restores(tools_.ec2, hold_.plan.snapshots(), zone());
  }

  /// Where it is off, or on for a restore that is lost.
  Task<Result<std::vector<SnapshotId>>> find_those_of_nobody() {
    CO_TRY(auto seen, co_await look());
    while (
        contains(seen, std::optional(ec2::FastRestoreState::disabling), &ec2::FastRestore::state)) {
      CO_TRY_STATUS(co_await pause());
      CO_TRY(seen, co_await look());
    }
    CO_TRY(const auto snapshots,
           co_await ec2::describe_snapshots(tools_.ec2, hold_.plan.snapshots(), {}));
    std::vector<SnapshotId> found;
    for (const auto& snapshot : snapshots) {
      const auto tag = fast_restore_in(snapshot.tags);
      const auto fast = std::ranges::find(seen, snapshot.id, &ec2::FastRestore::snapshot);
      const bool is_on = fast != seen.end() && fast->is_on();
      if (tag && tag->zone != zone()) {
        CO_TRY_STATUS(co_await is_over(snapshot.id, *tag));
      }
      if (!is_on || (tag && tag->zone == zone())) {
        found.push_back(snapshot.id);
      }
    }
    co_return found;
  }

  /// A snapshot has one tag, and so it is on in one zone at most for restores.
  Task<Status> is_over(SnapshotId snapshot, FastRestoreTag tag) {
    const std::vector<SnapshotId> one{snapshot};
    CO_TRY(const auto seen, co_await ec2::describe_fast_restores(tools_.ec2, one, tag.zone));
    if (std::ranges::none_of(seen, &ec2::FastRestore::is_on)) {
      co_return Status();
    }
    co_return fail(ErrorKind::refused,
                   fmt::format("fast snapshot restore of {} is on in {} for {}, since {}",
                               snapshot.str(), tag.zone, tag.restore.str(), rfc3339(tag.since)),
                   "restore there, or wait; if that restore is lost: " +
                       disabling_by_hand(snapshot, tag.zone));
  }

  /// From here on they are ours to disable.
  Task<Status> tag(std::vector<SnapshotId> snapshots) {
    std::vector<std::string> resources;
    for (const auto& snapshot : snapshots) {
      resources.push_back(snapshot.str());
    }
    ec2::Tags tags{{fast_restore_tag_key, to_string(hold_.tag)}};
    // Whatever the answer is, the tag may be there.
    hold_.ours = std::move(snapshots);
    const auto tagged = co_await ec2::create_tags(tools_.ec2, std::move(resources), tags);
    hold_.tag_was_refused = !tagged && tagged.error().kind != ErrorKind::unknown_fate;
    co_return tagged ? Status()
                     : fail(within(fmt::format("the tag {}, by which it is found when this is lost",
                                               fast_restore_tag_key),
                                   tagged.error()));
  }

  Task<Status> enable() {
    CO_TRY(const auto refused, co_await ec2::enable_fast_restores(tools_.ec2, hold_.ours, zone()));
    if (refused.empty()) {
      co_return Status();
    }
    const auto& first = refused.front();
    auto message = fmt::format("fast snapshot restore of {} in {} is refused: {}: {}",
                               first.snapshot.str(), zone(), first.code, first.message);
    if (refused.size() > 1) {
      message += fmt::format(" (and of {} more)", refused.size() - 1);
    }
    co_return fail({ErrorKind::refused, std::move(message),
                    fmt::format("{} snapshots of a region can have it, unless AWS has raised the "
                                "quota; {}",
                                usual_fast_restores, hint_for_other_ways),
                    first.code});
  }

  Task<Status> wait_for_all() {
    begun_ = last_answer_ = tools_.clock.now();
    while (true) {
      const auto seen = co_await look();
      if (seen) {
        last_answer_ = tools_.clock.now();
        CO_TRY(const bool all, all_ready(*seen));
        if (all) {
          co_return Status();
        }
      } else if (tools_.clock.now() - last_answer_ > longest_silence) {
        co_return fail(seen.error());
      }
      CO_TRY_STATUS(co_await pause());
    }
  }

  Result<bool> all_ready(const std::vector<ec2::FastRestore>& seen) {
    bool all = true;
    for (const auto& source : hold_.plan.sources) {
      const auto fast = std::ranges::find(seen, source.snapshot, &ec2::FastRestore::snapshot);
      TRY(const bool ready, is_ready(source, fast == seen.end() ? nullptr : &*fast));
      all = all && ready;
    }
    return all;
  }

  Result<bool> is_ready(const FastRestoreSource& source, const ec2::FastRestore* fast) {
    const auto waited = tools_.clock.now() - begun_;
    if ((fast == nullptr || !fast->is_on()) && waited > fast_restore_is_visible_after) {
      return fail(ErrorKind::refused,
                  fmt::format("fast snapshot restore of {} in {} is {}: EC2 could not enable it, "
                              "or somebody has disabled it",
                              source.snapshot.str(), zone(), state_of(fast)),
                  hint_for_other_ways);
    }
    if (waited > hold_.plan.expected() + longest_delay) {
      return fail(ErrorKind::deadline,
                  fmt::format("fast snapshot restore of {} in {} is {} after {}, and by AWS's "
                              "figures it takes {}",
                              source.snapshot.str(), zone(), state_of(fast), human(waited),
                              human(expected_of(source))),
                  hint_for_other_ways);
    }
    const bool is_enabled = fast != nullptr && fast->state == ec2::FastRestoreState::enabled;
    if (is_enabled && !contains(ready_, source.snapshot) && has_credit(source, *fast)) {
      ready_.push_back(source.snapshot);
      tools_.report(Step::fast_restore_enabled,
                    fmt::format("{} in {} ({} of {})", source.snapshot.str(), zone(), ready_.size(),
                                hold_.plan.sources.size()));
    }
    return contains(ready_, source.snapshot);
  }

  /// EC2 does not tell of credits, but how long they have been coming: by its own clock until it
  /// was enabled, and by ours since then.
  bool has_credit(const FastRestoreSource& source, const ec2::FastRestore& fast) {
    const auto [seen, is_new] = first_seen_.try_emplace(source.snapshot, tools_.clock.now());
    const auto optimizing = fast.optimizing_since.value_or(hold_.tag.since);
    const auto enabled = fast.enabled_since.value_or(optimizing);
    const Duration before = enabled - optimizing;
    const bool is_long_ago =
        tools_.clock.wall() - optimizing > expected_of(source) + clocks_differ_at_most;
    return is_long_ago || before + (tools_.clock.now() - seen->second) >= expected_of(source);
  }

  static std::string_view state_of(const ec2::FastRestore* fast) {
    return fast == nullptr ? "not to be seen"
           : fast->state   ? to_string(*fast->state)
                           : "in a state that pitstop does not know";
  }

  FastRestoreTools tools_;
  Instant begun_;  ///< to wait
  Instant last_answer_;
  FastRestoreHold hold_;
  std::map<SnapshotId, Instant> first_seen_;  ///< enabled
  std::vector<SnapshotId> ready_;
};

/// Another restore of the same backup may have taken some over, and ends them itself.
Task<std::vector<SnapshotId>> still_ours(FastRestoreTools tools, const FastRestoreHold& hold) {
  const auto seen = co_await ec2::describe_snapshots(tools.ec2, hold.ours, {});
  auto ours = hold.ours;
  for (const auto& snapshot : seen.value_or(std::vector<ec2::Snapshot>())) {
    const auto tag = fast_restore_in(snapshot.tags);
    const bool shows_ours = tag && tag->restore == hold.tag.restore;
    const bool was_taken_over = tag && !shows_ours && tag->since >= hold.tag.since;
    if (was_taken_over || (hold.tag_was_refused && !shows_ours)) {
      std::erase(ours, snapshot.id);
    }
  }
  co_return ours;
}

Task<void> tell_of_slow_ones(FastRestoreTools tools, std::vector<VolumeId> made) {
  if (made.empty()) {
    co_return;
  }
  const auto seen = co_await ec2::describe_volumes(tools.ec2, std::move(made), {});
  if (!seen) {
    tools.report(Step::warning,
                 fmt::format("whether the volumes were restored fast cannot be told: {}",
                             seen.error().message),
                 seen.error().hint);
    co_return;
  }
  for (const auto& volume : *seen) {
    if (!volume.fast_restored) {
      tools.report(Step::warning,
                   fmt::format("{} of {} was not restored fast: its blocks load when they are "
                               "first read",
                               volume.id.str(), volume.made_from.str()),
                   "a volume takes a credit of its snapshot; others may have used them up");
    }
  }
}

}  // namespace

Task<Result<FastRestoreHold>> begin_fast_restore(FastRestoreTools tools, FastRestorePlan plan) {
  FastRestoring restoring(tools, std::move(plan));
  co_return co_await restoring.run();
}

Task<Status> end_fast_restore(FastRestoreTools tools, FastRestoreHold hold,
                              std::vector<VolumeId> made) {
  Status ended;
  if (!hold.ours.empty()) {
    auto ours = co_await still_ours(tools, hold);
    const auto count = ours.size();
    ended = co_await end_fast_restores(tools.ec2, hold.tag, std::move(ours));
    if (ended && count > 0) {
      tools.report(Step::fast_restore_disabled, snapshots_in_zone(count, hold.plan.zone));
    } else if (!ended) {
      tools.report(Step::warning, ended.error().message, ended.error().hint);
    }
  }
  co_await tell_of_slow_ones(tools, std::move(made));
  co_return ended;
}

}  // namespace pitstop
