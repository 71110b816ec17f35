#include "backup/snapshotting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "backup/following.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/adjusting_caller.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

constexpr Duration between_searches = Seconds(2);

using Snapshots = std::vector<ec2::Snapshot>;

/// One call that makes snapshots.
struct Asking {
  std::string action;
  std::function<Task<Result<Snapshots>>(Duration)> ask;
  std::vector<ec2::Filter> found_by;
  std::vector<VolumeId> volumes;
};

bool covers(const std::vector<VolumeId>& volumes, const Snapshots& snapshots) {
  return std::ranges::all_of(volumes, [&](const VolumeId& volume) {
    return contains(snapshots, volume, &ec2::Snapshot::volume);
  });
}

/// A look that may take so long, whatever is usual.
Task<Result<Snapshots>> look_for(ec2::Caller& ec2, std::vector<ec2::Filter> filters,
                                 Duration patience) {
  ec2::AdjustingCaller hasty(ec2, [patience](ec2::Call& call) {
    call.patience = patience;
    call.attempt_timeout = std::chrono::ceil<Milliseconds>(patience);
  });
  co_return co_await ec2::describe_snapshots(hasty, {}, std::move(filters));
}

Task<Result<FoundCreation<Snapshots>>> find_made(ec2::Caller& ec2,
                                                 std::vector<ec2::Filter> found_by,
                                                 std::vector<VolumeId> volumes, Duration patience) {
  CO_TRY(auto seen, co_await look_for(ec2, std::move(found_by), patience));
  FoundCreation<Snapshots> found{.whole = {}, .any = !seen.empty()};
  if (found.any && covers(volumes, seen)) {
    found.whole = one_set_of(std::move(seen), volumes).kept;
  }
  co_return found;
}

Task<Created<Snapshots>> take(Tools tools, const BackupPlan& plan, Asking asking,
                              Instant deadline) {
  const auto tag = asking.found_by.front();
  Creation<Snapshots> creation{.action = std::move(asking.action),
                               .ask = std::move(asking.ask),
                               .find = [&ec2 = tools.ec2, by = std::move(asking.found_by),
                                        volumes = std::move(asking.volumes)](Duration patience) {
                                 return find_made(ec2, by, volumes, patience);
                               }};
  auto created = co_await create_once(tools, plan.instance.id, std::move(creation), deadline);
  if (!created.made && created.doubt.serious) {
    auto lost = std::move(created.made).error();
    lost.hint = fmt::format("look for snapshots with {} = {}: EC2 may have made them unseen",
                            tag.name, join(tag.values, ", "));
    created.made = fail(within("no complete set of snapshots was found", std::move(lost)));
  }
  co_return created;
}

bool has_failed(const ec2::Snapshot& snapshot) {
  return snapshot.state == ec2::SnapshotState::error ||
         snapshot.state == ec2::SnapshotState::recoverable;
}

/// Of what requests for the same have made, from the oldest to the newest, the oldest that is whole
/// is kept; all, if none is.
void keep_one(std::vector<Snapshots> requests, const std::vector<VolumeId>& volumes,
              OneSet& result) {
  const auto is_whole = [&](const Snapshots& made) { return covers(volumes, made); };
  const auto is_good = [&](const Snapshots& made) {
    return is_whole(made) && std::ranges::none_of(made, has_failed);
  };
  auto kept = std::ranges::find_if(requests, is_good);
  kept = kept == requests.end() ? std::ranges::find_if(requests, is_whole) : kept;
  for (auto request = requests.begin(); request != requests.end(); ++request) {
    auto& to = kept == requests.end() || request == kept ? result.kept : result.surplus;
    std::ranges::move(*request, std::back_inserter(to));
  }
}

std::vector<ec2::Filter> tags_of(const BackupPlan& plan) {
  return {{"tag:pitstop:backup", {plan.backup.str()}}};
}

Task<Result<Snapshots>> create_one(ec2::Caller& caller, ec2::SnapshotRequest request,
                                   Duration longest) {
  CO_TRY(auto snapshot, co_await ec2::create_snapshot(caller, std::move(request), longest));
  co_return std::vector{std::move(snapshot)};
}

Task<Created<Snapshots>> take_detached(Tools tools, const BackupPlan& plan, VolumeId volume,
                                       Consistency consistency, Instant deadline) {
  auto request = snapshot_request_for(plan, volume, consistency, tools.clock.wall());
  auto found_by = tags_of(plan);
  found_by.push_back({"volume-id", {volume.str()}});
  Asking asking{.action = "CreateSnapshot",
                .ask = [&ec2 = tools.ec2, request = std::move(request)](
                           Duration longest) { return create_one(ec2, request, longest); },
                .found_by = std::move(found_by),
                .volumes = {std::move(volume)}};
  return take(tools, plan, std::move(asking), deadline);
}

}  // namespace

Task<Result<std::vector<ec2::Snapshot>>> search_snapshots(
    Tools tools, std::vector<ec2::Filter> filters, Instant end,
    std::function<bool(const std::vector<ec2::Snapshot>&)> enough) {
  Result<std::vector<ec2::Snapshot>> found;
  while (true) {
    auto seen = co_await ec2::describe_snapshots(tools.ec2, {}, filters);
    if (!found || found->empty() || (seen && seen->size() >= found->size())) {
      found = std::move(seen);
    }
    const bool settled = found && enough(*found);
    if (settled || tools.clock.now() >= end) {
      co_return found;
    }
    co_await tools.clock.sleep(between_searches);
  }
}

Status covers_every_volume(const BackupPlan& plan, const std::vector<ec2::Snapshot>& snapshots) {
  for (const auto& volume : plan.volumes) {
    if (!contains(snapshots, volume.id, &ec2::Snapshot::volume)) {
      return fail(ErrorKind::refused, fmt::format("EC2 made no snapshot of {}", volume.id.str()),
                  "was it detached or deleted meanwhile? take another backup");
    }
  }
  return {};
}

Status take_in(Tools tools, const BackupPlan& plan, const std::vector<ec2::Snapshot>& made,
               std::optional<SnapshotSet>& set) {
  if (!made.empty()) {
    set.emplace(made);
    const auto begun = with_devices(plan, *set);
    tools.report(plan.instance.id, Step::snapshots_created, names_of(begun));
    tools.observer.saw_progress(plan.instance.id, begun);
  }
  return covers_every_volume(plan, made);
}

OneSet one_set_of(Snapshots found, const std::vector<VolumeId>& attached) {
  std::ranges::sort(found, {}, [](const ec2::Snapshot& snapshot) {
    return std::pair(snapshot.started, snapshot.id);
  });
  OneSet result;
  std::vector<Snapshots> sets;
  std::map<VolumeId, std::vector<Snapshots>> alone;
  for (auto& snapshot : found) {
    auto& requests = contains(attached, snapshot.volume) ? sets : alone[snapshot.volume];
    // A request takes a volume once: where one comes again, another request begins.
    if (requests.empty() || contains(requests.back(), snapshot.volume, &ec2::Snapshot::volume)) {
      requests.emplace_back();
    }
    requests.back().push_back(std::move(snapshot));
  }
  keep_one(std::move(sets), attached, result);
  for (auto& [volume, requests] : alone) {
    keep_one(std::move(requests), {volume}, result);
  }
  return result;
}

bool are_of_one_run(const OneSet& one, Duration requests_took) {
  constexpr Duration slack = std::chrono::minutes(1);
  return std::ranges::all_of(one.surplus, [&](const ec2::Snapshot& snapshot) {
    const auto kept = std::ranges::find(one.kept, snapshot.volume, &ec2::Snapshot::volume);
    if (kept == one.kept.end() || !kept->started || !snapshot.started) {
      return false;
    }
    const Duration apart = *snapshot.started - *kept->started;
    return std::chrono::abs(apart) <= requests_took + slack;
  });
}

Task<Status> remove_surplus(Tools tools, InstanceId instance, Snapshots surplus) {
  Status first;
  for (const auto& snapshot : surplus) {
    auto deleted = co_await ec2::delete_snapshot(tools.ec2, snapshot.id);
    if (deleted || deleted.error().kind == ErrorKind::not_found) {
      tools.report(instance, Step::warning,
                   fmt::format("{} is deleted: it is of a request for snapshots that EC2 carried "
                               "out twice",
                               snapshot.id.str()));
    } else if (first) {
      first = fail(within(fmt::format("{} is one snapshot too many of {}, and still there",
                                      snapshot.id.str(), snapshot.volume.str()),
                          std::move(deleted).error()));
      first.error().hint =
          fmt::format("aws ec2 delete-snapshot --snapshot-id {}", snapshot.id.str());
    }
  }
  co_return first;
}

Task<Created<Snapshots>> take_set(Tools tools, const BackupPlan& plan, SetToTake set,
                                  Instant deadline) {
  Asking asking{
      .action = "CreateSnapshots",
      .ask = [&ec2 = tools.ec2, request = std::move(set.request)](
                 Duration longest) { return ec2::create_snapshots(ec2, request, longest); },
      .found_by = std::move(set.found_by),
      .volumes = plan.attached_volumes()};
  return take(tools, plan, std::move(asking), deadline);
}

Task<Created<Snapshots>> take_snapshots(Tools tools, const BackupPlan& plan,
                                        Consistency consistency, Instant deadline) {
  tools.report(plan.instance.id, Step::snapshots_requested);
  Created<Snapshots> all;
  if (!plan.attached_volumes().empty()) {
    SetToTake set{.request = snapshot_request(plan, consistency, tools.clock.wall()),
                  .found_by = tags_of(plan)};
    all = co_await take_set(tools, plan, std::move(set), deadline);
    if (!all.made) {
      co_return all;
    }
  }
  for (const auto& volume : plan.detached_volumes()) {
    auto taken = co_await take_detached(tools, plan, volume, consistency, deadline);
    all.doubt = all.doubt | taken.doubt;
    if (!taken.made && all.made->empty()) {
      co_return Created<Snapshots>{fail(taken.made.error()), all.doubt};
    }
    if (taken.made) {
      std::ranges::move(*taken.made, std::back_inserter(*all.made));
    } else {
      tools.report(plan.instance.id, Step::warning,
                   fmt::format("{}: no snapshot of {}: {}", plan.instance.id.str(), volume.str(),
                               taken.made.error().message),
                   taken.made.error().hint);
    }
  }
  co_return all;
}

namespace {

/// Whoever may write tags can make any snapshot say so.
Error not_of_one_run(const BackupId& backup) {
  return {ErrorKind::refused,
          fmt::format("snapshots that were not made by this run have the tag pitstop:backup = {}",
                      backup.str()),
          "nothing of it was deleted: see who has tagged them before it is restored",
          {}};
}

/// When everything that a request has made shows, counted from its end.
Duration time_to_show(const Doubt& doubt) {
  return doubt.serious ? snapshots_are_visible_after : search_after_no_answer;
}

/// Both sets: the older one counts, if it is whole and none of it has failed.
Task<Status> settle_two(Tools tools, const BackupPlan& plan, Snapshots found,
                        Duration requests_took, std::optional<SnapshotSet>& set) {
  auto one = one_set_of(std::move(found), plan.attached_volumes());
  if (one.surplus.empty()) {
    co_return Status();
  }
  if (!are_of_one_run(one, requests_took)) {
    co_return fail(not_of_one_run(plan.backup));
  }
  SnapshotSet kept(one.kept);
  if (kept.ids() != set->ids()) {
    set = std::move(kept);
    tools.report(plan.instance.id, Step::warning,
                 fmt::format("{}: its first request for snapshots was carried out, too, and "
                             "counts: {}",
                             plan.instance.id.str(), names_of(with_devices(plan, *set))));
  }
  co_return co_await remove_surplus(tools, plan.instance.id, std::move(one.surplus));
}

/// Nobody has seen them before the server was started again.
Task<Status> settle_late(Tools tools, const BackupPlan& plan, Snapshots found,
                         Duration requests_took, std::optional<SnapshotSet>& set) {
  auto one = one_set_of(std::move(found), plan.attached_volumes());
  if (!are_of_one_run(one, requests_took)) {
    co_return fail(not_of_one_run(plan.backup));
  }
  set.emplace(one.kept);
  tools.report(plan.instance.id, Step::warning,
               fmt::format("{}: its snapshots appeared after they had been given up: {}; they may "
                           "be of the server as it runs, and are labelled so",
                           plan.instance.id.str(), names_of(with_devices(plan, *set))),
               "pitstop list shows what they are worth");
  CO_TRY_STATUS(co_await remove_surplus(tools, plan.instance.id, std::move(one.surplus)));
  co_return co_await tag_consistency(tools, set->ids(), Consistency::crash);
}

}  // namespace

Task<Status> settle_doubt(Tools tools, const BackupPlan& plan, Doubt doubt, Requested requested,
                          std::optional<SnapshotSet>& set) {
  const bool may_be_two = set && doubt.asked_again;
  if (!may_be_two && (set || !doubt.any)) {
    co_return Status();
  }
  const Duration took = requested.last - requested.first;
  const Instant end = requested.last + time_to_show(doubt);
  if (may_be_two) {
    // Both show by then, and nobody is made to wait for it.
    co_await tools.clock.sleep_until(end);
  }
  const auto enough = [&](const Snapshots& seen) {
    return may_be_two || (!seen.empty() && covers_every_volume(plan, seen));
  };
  CO_TRY(auto found, co_await search_snapshots(tools, tags_of(plan), end, enough));
  if (found.empty()) {
    co_return Status();
  }
  co_return set ? co_await settle_two(tools, plan, std::move(found), took, set)
                : co_await settle_late(tools, plan, std::move(found), took, set);
}

}  // namespace pitstop
