#include "backup/priming.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/gate.hpp"
#include "backup/marking.hpp"
#include "backup/pending.hpp"
#include "backup/snapshotting.hpp"
#include "base/text.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

using Snapshots = std::vector<ec2::Snapshot>;

/// Nobody is down for it: EC2 may be busy for a while.
constexpr Duration patience_for_prime = std::chrono::minutes(10);

std::vector<ec2::Filter> prime_of(const RunId& run, const InstanceId& instance,
                                  std::vector<std::string> values) {
  return {{"tag:pitstop:run", {run.str()}},
          {"tag:pitstop:instance", {instance.str()}},
          {fmt::format("tag:{}", prime_tag_key), std::move(values)}};
}

/// With all tags of the backup but the one that makes it a backup, and what shapes it.
SetToTake set_to_prime(const BackupPlan& plan, WallTime now) {
  SetToTake set{.request = snapshot_request(plan, Consistency::crash, now),
                .found_by = prime_of(plan.run, plan.instance.id, {prime_to_keep, prime_to_remove})};
  auto& tags = set.request.tags;
  std::erase_if(tags, [](const ec2::Tag& tag) {
    return tag.key == "pitstop:backup" || tag.key == method_tag_key;
  });
  tags.push_back({prime_tag_key, plan.options.keep_prime ? prime_to_keep : prime_to_remove});
  return set;
}

Task<Status> await_completion(Tools tools, SnapshotSet& set) {
  ec2::Wait<ec2::Snapshot> wait;
  wait.ids = set.ids();
  wait.tempo = ec2::while_following;
  wait.interruption = &tools.interruption;
  wait.news = {"completed", "error", "recoverable"};
  wait.enough = [&](const ec2::Snapshot& snapshot) {
    set.see(snapshot);
    return set.all_ended();
  };
  const auto waited = co_await tools.snapshots.wait(std::move(wait));
  if (const auto* failed = set.failed()) {
    co_return fail(snapshot_failure(*failed));
  }
  co_return waited.status;
}

std::string names_of(const std::vector<ec2::Snapshot>& snapshots) {
  std::vector<std::string> names;
  for (const auto& snapshot : snapshots) {
    names.push_back(snapshot.id.str());
  }
  return join(names, " ");
}

bool is_complete(const std::vector<ec2::Snapshot>& snapshots) {
  return std::ranges::all_of(snapshots, [](const ec2::Snapshot& snapshot) {
    return snapshot.state == ec2::SnapshotState::completed;
  });
}

/// Nobody is down: whatever an unclear answer has made shows before it goes on. Of two sets one is
/// removed, and one that appears late is taken.
Task<Status> settle_prime(Tools tools, const BackupPlan& plan, Created<Snapshots>& taken) {
  if (!taken.doubt.any || (taken.made && !taken.doubt.asked_again)) {
    co_return Status();
  }
  const Instant end = tools.clock.now() +
                      (taken.doubt.serious ? snapshots_are_visible_after : search_after_no_answer);
  const bool may_be_two = taken.made.has_value();
  if (may_be_two) {
    co_await tools.clock.sleep_until(end);
  }
  auto filters = prime_of(plan.run, plan.instance.id, {prime_to_keep, prime_to_remove});
  const auto enough = [&](const Snapshots& seen) {
    return may_be_two || (!seen.empty() && covers_every_volume(plan, seen));
  };
  CO_TRY(auto found, co_await search_snapshots(tools, std::move(filters), end, enough));
  auto one = one_set_of(std::move(found), plan.attached_volumes());
  if (!are_of_one_run(one, requests_take_at_most)) {
    co_return fail(
        ErrorKind::refused,
        fmt::format("{}: snapshots that were not made by this run have the tags of those "
                    "that prime its backup",
                    plan.instance.id.str()),
        "nothing was deleted; see who has tagged them");
  }
  if (covers_every_volume(plan, one.kept)) {
    taken.made = std::move(one.kept);
  }
  co_return co_await remove_surplus(tools, plan.instance.id, std::move(one.surplus));
}

}  // namespace

Task<Status> prime(Tools tools, const BackupPlan& plan) {
  CO_TRY_STATUS(co_await set_mark(tools, plan, Mark::prime));
  tools.report(plan.instance.id, Step::priming);
  auto request = set_to_prime(plan, tools.clock.wall());
  const Instant deadline = tools.clock.now() + patience_for_prime;
  auto taken = co_await take_set(tools, plan, std::move(request), deadline);
  CO_TRY_STATUS(co_await settle_prime(tools, plan, taken));
  CO_TRY(const auto made, std::move(taken.made));
  CO_TRY_STATUS(covers_every_volume(plan, made));
  SnapshotSet set(made);
  CO_TRY_STATUS(co_await await_completion(tools, set));
  tools.report(plan.instance.id, Step::primed, names_of(made));
  const auto wait = until_more_are_taken(made, tools.clock.wall());
  co_await tools.clock.sleep(wait);
  co_return Status();
}

Task<void> remove_prime(Tools tools, Primed primed) {
  const auto& id = primed.instance;
  const Duration longest = primed.may_be_new ? snapshots_are_visible_after : Duration{};
  auto found = co_await search_snapshots(
      tools, prime_of(primed.run, id, {prime_to_remove}), tools.clock.now() + longest,
      [](const std::vector<ec2::Snapshot>& seen) { return !seen.empty(); });
  if (!found) {
    tools.report(id, Step::warning,
                 fmt::format("{}: the snapshots that primed its backup may still be there: {}",
                             id.str(), found.error().message),
                 fmt::format("they have the tag {} = {}", prime_tag_key, prime_to_remove));
    co_return;
  }
  if (!found->empty() && is_complete(*found) && !primed.backup_is_complete) {
    tools.report(id, Step::warning,
                 fmt::format("{}: its backup is not complete, so the snapshots that primed it are "
                             "kept: {}",
                             id.str(), names_of(*found)),
                 "they are of the running server, as after a power cut; delete them when there is "
                 "a better backup");
    co_return;
  }
  for (const auto& snapshot : *found) {
    const auto deleted = co_await ec2::delete_snapshot(tools.ec2, snapshot.id);
    if (!deleted && deleted.error().kind != ErrorKind::not_found) {
      tools.report(id, Step::warning,
                   fmt::format("{} primed a backup and is still there: {}", snapshot.id.str(),
                               deleted.error().message),
                   fmt::format("aws ec2 delete-snapshot --snapshot-id {}", snapshot.id.str()));
    }
  }
}

}  // namespace pitstop
