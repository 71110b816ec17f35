// How a backup goes.
//
// 1. Nothing is deleted that does not carry the tags of the backup at that time, and that EC2 does
//    not show as made for it: EC2 is asked again.
// 2. A set that an image of somebody else stands on is not begun; nor is one of which a snapshot is
//    locked, as far as that was known when the plan was made.
// 3. A set is marked before anything of it is deleted, so that what an interruption leaves of it is
//    seen for what it is, and goes with the next prune.
// 4. Its images go before its snapshots, which EC2 would not delete else.

#include "prune/remove_backups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {
namespace {

// For some seconds EC2 holds a snapshot to be in use by an image that is gone.
constexpr Duration between_tries_after_image = Seconds(5);
constexpr int most_tries_after_image = 12;

constexpr auto hint_for_blocked =
    "it is left whole; once that has changed, it goes with the next prune";

/// What EC2 says to one more tag than a resource can have.
constexpr auto too_many_tags = "TagLimitExceeded";

bool is_gone(const Error& error) {
  return error.kind == ErrorKind::not_found || error.code == "InvalidAMIID.Unavailable";
}

Status fine_if_gone(Status status) {
  return !status && is_gone(status.error()) ? Status() : status;
}

std::vector<SnapshotId> ids_of(const std::vector<ec2::Snapshot>& snapshots) {
  std::vector<SnapshotId> ids;
  for (const auto& snapshot : snapshots) {
    ids.push_back(snapshot.id);
  }
  return ids;
}

Task<Status> delete_one(PruneTools tools, SnapshotId id, bool had_image) {
  for (int tries = 1;; ++tries) {
    auto deleted = fine_if_gone(co_await ec2::delete_snapshot(tools.ec2, id));
    const bool may_be_over_soon = had_image && !deleted &&
                                  deleted.error().code == "InvalidSnapshot.InUse" &&
                                  tries < most_tries_after_image;
    if (!may_be_over_soon) {
      co_return deleted;
    }
    co_await tools.clock.sleep(between_tries_after_image);
  }
}

class RemovingBackup {
 public:
  RemovingBackup(PruneTools tools, BackupSet set) : tools_(tools), set_(std::move(set)) {}

  Task<Status> run() {
    CO_TRY_STATUS(co_await look_again());
    CO_TRY_STATUS(co_await mark());
    auto removed = co_await remove();
    if (!removed && !has_begun_) {
      co_await take_mark_back();
    }
    co_return removed;
  }

 private:
  Task<Status> look_again() {
    std::vector<ec2::Filter> filters{{"tag:pitstop:backup", {set_.backup.str()}},
                                     {"tag:pitstop:instance", {set_.instance.str()}}};
    CO_TRY(const auto snapshots,
           co_await ec2::describe_snapshots(tools_.ec2, {}, std::move(filters)));
    auto all = ids_of(snapshots);
    CO_TRY(const auto images, co_await images_on(tools_.ec2, std::move(all)));
    CO_TRY_STATUS(choose(snapshots, images));
    auto standing = standing_on(set_, images);
    if (!standing.foreign.empty()) {
      co_return fail(ErrorKind::refused, std::move(standing.foreign), hint_for_blocked);
    }
    images_ = std::move(standing.ours);
    co_return Status();
  }

  /// What of that is the set's by EC2's facts, and what this host's journal says that it made.
  Status choose(const std::vector<ec2::Snapshot>& snapshots,
                const std::vector<ec2::Image>& images) {
    auto seen = sets_of(snapshots, images);
    const auto same = std::ranges::find_if(seen, [&](const BackupSet& one) {
      return one.backup == set_.backup && one.instance == set_.instance;
    });
    if (same == seen.end()) {
      return {};
    }
    if (same->state == SetState::suspect) {
      return fail(ErrorKind::refused, fmt::format("it has become suspect: {}", same->flaw),
                  fmt::format("pitstop show {} tells what contradicts what", set_.backup.str()));
    }
    for (const auto& part : {same->snapshots, same->doubles}) {
      for (const auto& snapshot : part) {
        const bool is_known = contains(set_.snapshots, snapshot.id, &SetSnapshot::id);
        if (same->is_pitstops || (set_.is_pitstops && is_known)) {
          snapshots_.push_back(snapshot.id);
        }
      }
    }
    if (snapshots_.empty()) {
      return fail(
          ErrorKind::refused, "EC2 does not show that pitstop made it",
          fmt::format("look at it, and delete it by hand: pitstop show {}", set_.backup.str()));
    }
    set_.snapshots = std::move(same->snapshots);
    return {};
  }

  Task<Status> mark() {
    if (snapshots_.empty() || ec2::find_tag(set_.tags, pruning_tag_key)) {
      co_return Status();
    }
    mark_ = {{pruning_tag_key, rfc3339(tools_.clock.wall())}};
    auto resources = names_of_snapshots();
    auto marked = co_await ec2::create_tags(tools_.ec2, std::move(resources), mark_);
    if (!marked && marked.error().code == too_many_tags) {
      // What is left of it by an interruption is incomplete then, and goes by the rule for those.
      mark_.clear();
      co_return Status();
    }
    co_return marked;
  }

  Task<Status> remove() {
    for (const auto& image : images_) {
      CO_TRY_STATUS(fine_if_gone(co_await ec2::deregister_image(tools_.ec2, image)));
      has_begun_ = true;
    }
    for (const auto& snapshot : snapshots_) {
      CO_TRY_STATUS(co_await delete_one(tools_, snapshot, !images_.empty()));
      has_begun_ = true;
    }
    co_return Status();
  }

  /// It is whole, and no later prune is bound to remove it. If that does not work, one is.
  Task<void> take_mark_back() {
    if (!mark_.empty()) {
      auto resources = names_of_snapshots();
      (void)co_await ec2::delete_tags(tools_.ec2, std::move(resources), mark_);
    }
  }

  std::vector<std::string> names_of_snapshots() const {
    std::vector<std::string> names;
    for (const auto& snapshot : snapshots_) {
      names.push_back(snapshot.str());
    }
    return names;
  }

  PruneTools tools_;
  BackupSet set_;
  std::vector<SnapshotId> snapshots_;
  std::vector<ImageId> images_;
  ec2::Tags mark_;  ///< that this run has put on
  bool has_begun_ = false;
};

Task<Status> delete_unless_used(PruneTools tools, std::vector<SnapshotId> ids) {
  CO_TRY(const auto images, co_await images_on(tools.ec2, ids));
  if (!images.empty()) {
    co_return fail(ErrorKind::refused,
                   fmt::format("{} stands on its snapshots", images.front().id.str()),
                   "deregister it if nobody needs it");
  }
  for (const auto& id : ids) {
    CO_TRY_STATUS(co_await delete_one(tools, id, false));
  }
  co_return Status();
}

Task<Status> remove_prime_left(PruneTools tools, Leftover prime) {
  auto filters = prime_filters();
  filters.push_back({"tag:pitstop:run", {prime.run.str()}});
  filters.push_back({"tag:pitstop:instance", {prime.instance.str()}});
  CO_TRY(auto snapshots, co_await ec2::describe_snapshots(tools.ec2, {}, std::move(filters)));
  std::erase_if(snapshots, [](const ec2::Snapshot& one) { return !is_lost_prime(one); });
  co_return co_await delete_unless_used(tools, ids_of(snapshots));
}

/// EC2 is asked again: what belongs to the set by now stays.
Task<Status> remove_doubles_left(PruneTools tools, Leftover leftover) {
  std::vector<ec2::Filter> filters{{"tag:pitstop:backup", {leftover.backup.str()}},
                                   {"tag:pitstop:instance", {leftover.instance.str()}}};
  CO_TRY(const auto snapshots, co_await ec2::describe_snapshots(tools.ec2, {}, std::move(filters)));
  std::vector<SnapshotId> ids;
  for (const auto& set : sets_of(snapshots, {})) {
    for (const auto& snapshot : set.doubles) {
      if (set.state == SetState::complete &&
          contains(leftover.snapshots, snapshot.id, &SetSnapshot::id)) {
        ids.push_back(snapshot.id);
      }
    }
  }
  co_return co_await delete_unless_used(tools, std::move(ids));
}

Task<Status> remove_image_left(PruneTools tools, Leftover leftover) {
  std::vector<ec2::Filter> filters{
      {"image-id", {leftover.image->str()}},
      {fmt::format("tag:{}", restored_from_tag_key), {leftover.backup.str()}}};
  CO_TRY(const auto images, co_await ec2::describe_images(tools.ec2, {}, std::move(filters)));
  for (const auto& image : images) {
    CO_TRY_STATUS(fine_if_gone(co_await ec2::deregister_image(tools.ec2, image.id)));
  }
  co_return Status();
}

std::string snapshots_in_words(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "snapshot" : "snapshots");
}

/// A restore may have taken it over in the meantime: then it has another tag.
Task<Status> end_fast_restore_left(PruneTools tools, LostFastRestore lost) {
  auto filters = fast_restore_filters();
  filters.push_back({fmt::format("tag:{}", fast_restore_tag_key), {to_string(lost.tag)}});
  CO_TRY(const auto snapshots, co_await ec2::describe_snapshots(tools.ec2, {}, std::move(filters)));
  auto ids = ids_of(snapshots);
  co_return co_await end_fast_restores(tools.ec2, lost.tag, std::move(ids));
}

std::string name_of_leftover(const Leftover& leftover) {
  if (const auto& fast = leftover.fast_restore) {
    return fmt::format("fast snapshot restore of {} in {}, by {}",
                       snapshots_in_words(fast->snapshots.size()), fast->tag.zone,
                       fast->tag.restore.str());
  }
  if (leftover.kind == Leftover::Kind::doubles) {
    return fmt::format("{} that EC2 made twice, of {}",
                       snapshots_in_words(leftover.snapshots.size()), leftover.backup.str());
  }
  return leftover.image ? fmt::format("{} of a restore", leftover.image->str())
                        : fmt::format("the prime of {}", leftover.run.str());
}

class Pruning {
 public:
  Pruning(PruneTools tools, ServerPrune plan) : tools_(tools), plan_(std::move(plan)) {}

  Task<Removed> run() {
    for (const auto& [leftover, fate, reasons] : plan_.leftovers) {
      if (fate == Fate::remove && !is_asked_to_end()) {
        co_await remove(leftover);
      }
    }
    for (const auto& [set, fate, reasons] : plan_.backups | std::views::reverse) {
      if (fate == Fate::pass_over) {
        pass_over(set, join(reasons, ", "));
      } else if (fate == Fate::remove && !is_asked_to_end()) {
        co_await remove(set);
      }
    }
    co_return removed_;
  }

 private:
  bool is_asked_to_end() const { return tools_.interruption.requested(); }

  Task<void> remove(BackupSet set) {
    RemovingBackup removing(tools_, set);
    const auto status = co_await removing.run();
    const auto what = set.backup.str();
    if (!status) {
      co_return failed(what, status.error());
    }
    ++removed_.backups;
    removed_.freed_bytes += most_freed(set.snapshots);
    tools_.report(plan_.instance, Step::removed,
                  fmt::format("{}, {}", what, snapshots_in_words(set.snapshots.size())));
  }

  Task<void> remove(Leftover leftover) {
    Status status;
    if (leftover.fast_restore) {
      status = co_await end_fast_restore_left(tools_, *leftover.fast_restore);
    } else if (leftover.image) {
      status = co_await remove_image_left(tools_, leftover);
    } else if (leftover.kind == Leftover::Kind::doubles) {
      status = co_await remove_doubles_left(tools_, leftover);
    } else {
      status = co_await remove_prime_left(tools_, leftover);
    }
    const auto what = name_of_leftover(leftover);
    if (!status) {
      co_return failed(what, status.error());
    }
    ++removed_.leftovers;
    removed_.freed_bytes += most_freed(leftover.snapshots);
    tools_.report(plan_.instance, Step::removed, what);
  }

  void pass_over(const BackupSet& set, const std::string& why) {
    failed(set.backup.str(), {ErrorKind::refused, why, hint_for_blocked, ""});
  }

  void failed(const std::string& what, const Error& error) {
    ++removed_.not_removed;
    tools_.report(plan_.instance, Step::warning,
                  fmt::format("{} is not removed: {}", what, error.message), error.hint);
  }

  PruneTools tools_;
  ServerPrune plan_;
  Removed removed_;
};

}  // namespace

Removed& Removed::operator+=(const Removed& other) {
  backups += other.backups;
  leftovers += other.leftovers;
  not_removed += other.not_removed;
  freed_bytes += other.freed_bytes;
  return *this;
}

Task<Removed> remove_backups(PruneTools tools, ServerPrune plan) {
  Pruning pruning(tools, std::move(plan));
  co_return co_await pruning.run();
}

}  // namespace pitstop
