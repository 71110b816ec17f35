#include "backup/ending_fast_restore.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/contains.hpp"
#include "ec2/fast_restores.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

Error not_disabled(const SnapshotId& snapshot, const std::string& zone, Error why) {
  why.message = fmt::format(
      "fast snapshot restore of {} in {}, which AWS charges for, is not "
      "disabled: {}",
      snapshot.str(), zone, why.message);
  why.hint =
      "pitstop prune does it when it is a day old; at once: " + disabling_by_hand(snapshot, zone);
  return why;
}

/// EC2 refuses it, too, where there is nothing to be disabled.
Task<Status> disable_one(ec2::Caller& ec2, SnapshotId snapshot, std::string zone) {
  const std::vector<SnapshotId> one{snapshot};
  const auto refused = co_await ec2::disable_fast_restores(ec2, one, zone);
  if (refused ? refused->empty() : refused.error().kind == ErrorKind::not_found) {
    co_return Status();
  }
  // What EC2 shows counts, whatever it has answered.
  const auto seen = co_await ec2::describe_fast_restores(ec2, one, zone);
  if (seen && std::ranges::none_of(*seen, &ec2::FastRestore::is_on)) {
    co_return Status();
  }
  if (!refused) {
    co_return fail(not_disabled(snapshot, zone, refused.error()));
  }
  const auto& why = refused->front();
  co_return fail(not_disabled(
      snapshot, zone,
      {ErrorKind::refused, fmt::format("{}: {}", why.code, why.message), "", why.code}));
}

Task<Status> disable_and_untag(ec2::Caller& ec2, SnapshotId snapshot, FastRestoreTag tag) {
  CO_TRY_STATUS(co_await disable_one(ec2, snapshot, tag.zone));
  std::vector<std::string> resource{snapshot.str()};
  ec2::Tags tags{{fast_restore_tag_key, to_string(tag)}};
  auto untagged = co_await ec2::delete_tags(ec2, std::move(resource), std::move(tags));
  if (!untagged && untagged.error().kind != ErrorKind::not_found) {
    co_return fail(within(fmt::format("the tag {} stays on {}, of which fast snapshot restore is "
                                      "disabled",
                                      fast_restore_tag_key, snapshot.str()),
                          untagged.error()));
  }
  co_return Status();
}

Task<Result<std::vector<ec2::Snapshot>>> tagged_by(ec2::Caller& ec2, RestoreId restore) {
  std::vector<ec2::Filter> filters{
      {fmt::format("tag:{}", fast_restore_tag_key), {restore.str() + " *"}}};
  co_return co_await ec2::describe_snapshots(ec2, {}, std::move(filters));
}

}  // namespace

Task<Status> end_fast_restores(ec2::Caller& ec2, FastRestoreTag tag,
                               std::vector<SnapshotId> snapshots) {
  Status first;
  // One at a time: one that is gone says nothing of the others.
  for (const auto& snapshot : snapshots) {
    auto ended = co_await disable_and_untag(ec2, snapshot, tag);
    if (!ended && first) {
      first = std::move(ended);
    }
  }
  co_return first;
}

std::vector<LostFastRestore> fast_restores_of(const std::vector<ec2::Snapshot>& snapshots) {
  std::vector<LostFastRestore> all;
  for (const auto& snapshot : snapshots) {
    const auto tag = fast_restore_in(snapshot.tags);
    if (!tag) {
      continue;
    }
    auto known = std::ranges::find(all, *tag, &LostFastRestore::tag);
    if (known == all.end()) {
      all.push_back({.tag = *tag, .snapshots = {}});
      known = std::prev(all.end());
    }
    known->snapshots.push_back(snapshot.id);
  }
  return all;
}

Task<Result<bool>> may_be_restored_fast(ec2::Caller& ec2, RestoreId restore) {
  CO_TRY(const auto tagged, co_await tagged_by(ec2, restore));
  co_return !tagged.empty();
}

Task<Status> end_fast_restores_of(ec2::Caller& ec2, RestoreId restore,
                                  std::vector<SnapshotId> snapshots) {
  CO_TRY(auto tagged, co_await tagged_by(ec2, restore));
  std::erase_if(tagged,
                [&](const ec2::Snapshot& snapshot) { return !contains(snapshots, snapshot.id); });
  Status first;
  for (const auto& lost : fast_restores_of(tagged)) {
    auto ended = co_await end_fast_restores(ec2, lost.tag, lost.snapshots);
    if (!ended && first) {
      first = std::move(ended);
    }
  }
  co_return first;
}

}  // namespace pitstop
