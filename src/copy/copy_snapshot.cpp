#include "copy/copy_snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/presigned_url.hpp"
#include "backup/plan.hpp"
#include "backup/snapshotting.hpp"
#include "base/text.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

/// An attempt and its repetitions take less.
constexpr Seconds presigned_for = std::chrono::minutes(15);

/// As many copies as EC2 takes are under way, of others: each takes minutes.
constexpr Duration between_asks_for_room = Seconds(30);

/// A snapshot that has just been opened to another account is not seen there at once.
constexpr Duration shared_is_seen_after = Seconds(60);
constexpr Duration between_looks_for_copy = Seconds(5);

constexpr auto hint_for_keys =
    "if it is the key: who copies must be allowed to use that of the original and that of the copy "
    "(--kms-key), by the policies of both keys, too";

class CopyingSnapshot {
 public:
  CopyingSnapshot(CopyTools tools, const CopyPlan& plan, SnapshotToCopy& snapshot,
                  CopyOptions options, std::vector<SnapshotOutcome>& seen)
      : tools_(tools),
        plan_(plan),
        snapshot_(snapshot),
        options_(std::move(options)),
        seen_(seen) {}

  Task<Result<CopyProgress>> run() {
    if (snapshot_.is_complete) {
      co_return CopyProgress::complete;
    }
    CO_TRY(auto place, co_await place_for_it());
    if (!place) {
      co_return CopyProgress::no_room;
    }
    if (!snapshot_.copy) {
      CO_TRY(snapshot_.copy, co_await begin());
      if (!snapshot_.copy) {
        co_return CopyProgress::no_room;
      }
    }
    if (!options_.wait) {
      tools_.room.given_away.push_back(std::move(*place));
      co_return CopyProgress::begun;
    }
    CO_TRY_STATUS(co_await await_it());
    CO_TRY_STATUS(co_await remove_doubles());
    co_return CopyProgress::complete;
  }

 private:
  Task<Result<std::optional<Semaphore::Permit>>> place_for_it() {
    if (auto at_once = tools_.room.places.try_acquire(); at_once || !options_.wait) {
      co_return at_once;
    }
    auto later = co_await tools_.room.places.acquire();
    CO_TRY_STATUS(still_wanted(tools_.interruption));
    co_return std::optional(std::move(later));
  }

  /// Nothing if there is no room for it, and nobody wants to wait.
  Task<Result<std::optional<SnapshotId>>> begin() {
    const Instant shared_by = tools_.clock.now() + shared_is_seen_after;
    while (true) {
      CO_TRY_STATUS(still_wanted(tools_.interruption));
      auto made = co_await ask();
      if (made) {
        tell_of(*made);
        co_return std::optional(*std::move(made));
      }
      const auto& error = made.error();
      if (error.kind == ErrorKind::unknown_fate) {
        CO_TRY(auto found, co_await look_for_it(error));
        if (found) {
          tell_of(*found);
          co_return found;
        }
      } else if (error.code == ec2::too_many_copies) {
        if (!options_.wait) {
          co_return std::nullopt;
        }
        CO_TRY_STATUS(co_await sleep_unless_interrupted(between_asks_for_room));
      } else if (is_not_seen_yet(error) && tools_.clock.now() < shared_by) {
        co_await tools_.clock.sleep(between_looks_for_copy);
      } else {
        // No error shows that nothing was made: one look tells.
        CO_TRY(const auto seen, co_await ec2::describe_snapshots(tools_.to, {}, found_by()));
        if (seen.empty()) {
          co_return fail(error);
        }
        tell_of(seen.front().id);
        co_return std::optional(seen.front().id);
      }
    }
  }

  bool is_not_seen_yet(const Error& error) const {
    return !plan_.route.to_account.empty() && error.kind == ErrorKind::not_found;
  }

  Task<Result<SnapshotId>> ask() {
    ec2::SnapshotCopyRequest request{.source_region = plan_.route.from_region,
                                     .source = snapshot_.source,
                                     .destination_region = plan_.route.to_region,
                                     .presigned_url = {},
                                     .description = description_of_copy(plan_, snapshot_),
                                     .tags = snapshot_.tags,
                                     .encryption = options_.encryption};
    CO_TRY(request.presigned_url, co_await presigned(request));
    co_return co_await ec2::copy_snapshot(tools_.to, std::move(request));
  }

  Task<Result<std::string>> presigned(const ec2::SnapshotCopyRequest& request) {
    CO_TRY(const auto endpoint, tools_.signing.endpoint("ec2"));
    CO_TRY(const auto signature, co_await tools_.signing.signature("ec2"));
    auto parameters = ec2::presigned_parameters(request).all();
    co_return presigned_url(signature, endpoint, std::move(parameters), tools_.signing.time(),
                            presigned_for);
  }

  void tell_of(const SnapshotId& copy) const {
    tools_.report(plan_.set.instance, Step::copy_begun,
                  fmt::format("{} of {} ({}{} GiB), from {}", copy.str(), snapshot_.volume.str(),
                              snapshot_.device.empty() ? "" : snapshot_.device + ", ",
                              static_cast<std::int64_t>(snapshot_.size), snapshot_.source.str()));
  }

  std::vector<ec2::Filter> found_by() const {
    const auto from = ec2::find_tag(snapshot_.tags, copied_from_tag_key).value_or("");
    return {{fmt::format("tag:{}", copied_from_tag_key), {from}},
            {"tag:pitstop:backup", {plan_.set.backup.str()}}};
  }

  /// Those that were made as this copy: its tags anybody may have given to others.
  Task<Result<std::vector<ec2::Snapshot>>> those_there() {
    CO_TRY(auto found, co_await ec2::describe_snapshots(tools_.to, {}, found_by()));
    std::erase_if(found, [&](const ec2::Snapshot& one) {
      return one.description != description_of_copy(plan_, snapshot_);
    });
    co_return found;
  }

  /// It may be there, and be seen late; nothing if it is not there even then.
  Task<Result<std::optional<SnapshotId>>> look_for_it(const Error& why) {
    may_be_there_twice_ = true;
    tools_.report(
        plan_.set.instance, Step::warning,
        fmt::format("CopySnapshot was asked for and its answer is not known ({}); looking "
                    "for the copy by its tags",
                    why.message));
    const Instant end = tools_.clock.now() + snapshots_are_visible_after;
    while (true) {
      CO_TRY(const auto found, co_await those_there());
      if (!found.empty()) {
        co_return found.front().id;
      }
      if (tools_.clock.now() >= end) {
        co_return std::nullopt;
      }
      CO_TRY_STATUS(co_await sleep_unless_interrupted(between_looks_for_copy));
    }
  }

  Task<Status> await_it() {
    std::optional<ec2::Snapshot> last;
    ec2::Wait<ec2::Snapshot> wait;
    wait.ids = {*snapshot_.copy};
    wait.tempo = ec2::while_following;
    wait.interruption = &tools_.interruption;
    wait.enough = [&](const ec2::Snapshot& seen) {
      last = seen;
      show(seen);
      return seen.state == ec2::SnapshotState::completed || seen.state == ec2::SnapshotState::error;
    };
    const auto waited = co_await tools_.arrivals.wait(std::move(wait));
    CO_TRY_STATUS(waited.status);
    if (last->state == ec2::SnapshotState::error) {
      co_return fail(ErrorKind::refused,
                     fmt::format("{}, the copy of {}, has failed{}{}", snapshot_.copy->str(),
                                 snapshot_.source.str(), last->state_message.empty() ? "" : ": ",
                                 printable(last->state_message)),
                     hint_for_keys);
    }
    snapshot_.is_complete = true;
    tools_.report(plan_.set.instance, Step::copy_completed,
                  fmt::format("{} of {}", snapshot_.copy->str(), snapshot_.volume.str()));
    co_return Status();
  }

  void show(const ec2::Snapshot& now) {
    std::erase_if(seen_, [&](const SnapshotOutcome& one) { return one.snapshot.id == now.id; });
    seen_.push_back({now, snapshot_.device});
    if (tools_.observer.wants_progress()) {
      tools_.observer.saw_progress(plan_.set.instance, seen_);
    }
  }

  Task<Status> remove_doubles() {
    if (!may_be_there_twice_) {
      co_return Status();
    }
    CO_TRY(const auto found, co_await those_there());
    for (const auto& one : found) {
      if (one.id != snapshot_.copy) {
        CO_TRY_STATUS(co_await ec2::delete_snapshot(tools_.to, one.id));
      }
    }
    co_return Status();
  }

  Task<Status> sleep_unless_interrupted(Duration length) {
    co_await tools_.clock.sleep(length);
    co_return still_wanted(tools_.interruption);
  }

  CopyTools tools_;
  const CopyPlan& plan_;
  SnapshotToCopy& snapshot_;
  CopyOptions options_;
  std::vector<SnapshotOutcome>& seen_;
  bool may_be_there_twice_ = false;
};

}  // namespace

Task<Result<CopyProgress>> copy_one(CopyTools tools, const CopyPlan& plan, SnapshotToCopy& snapshot,
                                    CopyOptions options, std::vector<SnapshotOutcome>& seen) {
  CopyingSnapshot copying(tools, plan, snapshot, std::move(options), seen);
  co_return co_await copying.run();
}

}  // namespace pitstop
