#include "backup/priming.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/captured_configuration.hpp"
#include "backup/gate.hpp"
#include "backup/marking.hpp"
#include "backup/pending.hpp"
#include "backup/snapshot_description.hpp"
#include "backup/snapshotting.hpp"
#include "base/text.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"

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

/// With all tags of the backup but the one that makes it a backup, and what shapes it. It may
/// become the backup `own`, if the one that it is for is not complete in the end.
SetToTake set_to_prime(const BackupPlan& plan, const BackupId& own, WallTime now) {
  SetToTake set{.request = snapshot_request(plan, Consistency::crash, now),
                .found_by = prime_of(plan.run, plan.instance.id, {prime_to_keep, prime_to_remove})};
  auto& tags = set.request.tags;
  std::erase_if(tags, [](const ec2::Tag& tag) {
    return tag.key == "pitstop:backup" || tag.key == method_tag_key;
  });
  auto as_backup = tags;
  as_backup.push_back({"pitstop:backup", own.str()});
  set.request.description = describe_pre_snapshot(plan.run, plan.instance.id, own, as_backup);
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

/// One of each volume that was to be backed up: EC2 may show some of a set before the others.
bool is_whole(const std::vector<ec2::Snapshot>& set) {
  if (set.empty()) {
    return false;
  }
  const auto configuration = unpack_configuration(set.front().tags);
  return !configuration || set.size() >= captured_volumes(*configuration).size();
}

/// The description of a snapshot is that of the request, and no tag changes it.
bool has_primed(const ec2::Snapshot& snapshot, const Primed& primed) {
  const auto made_as = parse_snapshot_description(snapshot.description);
  return made_as && made_as->kind == SnapshotDescription::Kind::pre_snapshot &&
         made_as->run == primed.run && made_as->instance == primed.instance;
}

void leave_out_what_others_made(Tools tools, const Primed& primed,
                                std::vector<ec2::Snapshot>& found) {
  std::erase_if(found, [&](const ec2::Snapshot& snapshot) {
    const bool is_ours = has_primed(snapshot, primed);
    if (!is_ours) {
      tools.report(primed.instance, Step::warning,
                   fmt::format("{} has the tags of a snapshot that primes {}, and is none: it is "
                               "left as it is",
                               snapshot.id.str(), primed.instance.str()));
    }
    return !is_ours;
  });
}

/// The one of that night, perhaps.
Task<Status> make_backup_of(Tools tools, InstanceId instance, std::vector<ec2::Snapshot> set) {
  const auto backup = parse_snapshot_description(set.front().description)->backup;
  std::vector<std::string> resources;
  for (const auto& snapshot : set) {
    resources.push_back(snapshot.id.str());
  }
  // In one call: it is a backup, and no longer to be removed.
  ec2::Tags tags{{"pitstop:backup", backup.str()}, {prime_tag_key, prime_to_keep}};
  const auto done = co_await ec2::create_tags(tools.ec2, std::move(resources), std::move(tags));
  if (!done) {
    auto error = within(fmt::format("the snapshots that primed its backup are there, and no "
                                    "backup yet ({})",
                                    names_of(set)),
                        done.error());
    tools.report(instance, Step::warning, fmt::format("{}: {}", instance.str(), error.message),
                 error.hint);
    co_return fail(std::move(error));
  }
  tools.report(instance, Step::warning,
               fmt::format("{}: its backup is not complete, so the snapshots that primed it are "
                           "kept as the backup {}: {}",
                           instance.str(), backup.str(), names_of(set)),
               "they are of the running server, crash-consistent");
  co_return Status();
}

Task<Status> remove_all(Tools tools, InstanceId instance, std::vector<ec2::Snapshot> set) {
  Status first;
  for (const auto& snapshot : set) {
    const auto deleted = co_await ec2::delete_snapshot(tools.ec2, snapshot.id);
    if (!deleted && deleted.error().kind != ErrorKind::not_found) {
      auto error = within(fmt::format("{} primed a backup and is still there", snapshot.id.str()),
                          deleted.error());
      error.hint = fmt::format("aws ec2 delete-snapshot --snapshot-id {}", snapshot.id.str());
      tools.report(instance, Step::warning, error.message, error.hint);
      first = first ? Status(fail(std::move(error))) : std::move(first);
    }
  }
  co_return first;
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
  const BackupId own("b-" + tools.random.hex(12));
  auto request = set_to_prime(plan, own, tools.clock.wall());
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

Task<Status> remove_prime(Tools tools, Primed primed) {
  const auto& id = primed.instance;
  const Duration longest = primed.may_be_new ? snapshots_are_visible_after : Duration{};
  auto found = co_await search_snapshots(
      tools, prime_of(primed.run, id, {prime_to_remove}), tools.clock.now() + longest,
      [](const std::vector<ec2::Snapshot>& seen) { return is_whole(seen); });
  if (!found) {
    auto error = within("the snapshots that primed its backup may still be there", found.error());
    error.hint = fmt::format("they have the tag {} = {}", prime_tag_key, prime_to_remove);
    tools.report(id, Step::warning, fmt::format("{}: {}", id.str(), error.message), error.hint);
    co_return fail(std::move(error));
  }
  leave_out_what_others_made(tools, primed, *found);
  if (found->empty()) {
    co_return Status();
  }
  if (is_complete(*found) && !primed.backup_is_complete) {
    co_return co_await make_backup_of(tools, id, *found);
  }
  co_return co_await remove_all(tools, id, *found);
}

Task<Result<bool>> may_be_primed(Tools tools, RunId run, InstanceId instance) {
  auto filters = prime_of(run, instance, {prime_to_remove});
  CO_TRY(const auto found, co_await ec2::describe_snapshots(tools.ec2, {}, std::move(filters)));
  co_return !found.empty();
}

}  // namespace pitstop
