#include "backup/adopting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/captured_configuration.hpp"
#include "backup/following.hpp"
#include "base/contains.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

/// A new snapshot can be missing from filtered lists for this long at least (seen: 15 s and more).
constexpr Duration search_for = Seconds(60);
constexpr Duration between_searches = Seconds(5);

std::vector<ec2::Filter> tags_of(const Stranded& stranded) {
  std::vector<ec2::Filter> filters{{"tag:pitstop:run", {stranded.run.str()}},
                                   {"tag:pitstop:instance", {stranded.instance.id.str()}}};
  if (!stranded.backup.empty()) {
    filters.push_back({"tag:pitstop:backup", {stranded.backup.str()}});
  }
  return filters;
}

Task<Result<std::vector<ec2::Snapshot>>> search(Tools tools, const Stranded& stranded) {
  const Instant end = tools.clock.now() + (stranded.may_have_snapshots ? search_for : Duration{});
  while (true) {
    auto seen = co_await ec2::describe_snapshots(tools.ec2, {}, tags_of(stranded));
    const bool found = seen && !seen->empty();
    if (found || tools.clock.now() >= end) {
      co_return seen;
    }
    co_await tools.clock.sleep(between_searches);
  }
}

class Adoption {
 public:
  Adoption(Tools tools, const Stranded& stranded) : tools_(tools), stranded_(stranded) {}

  Task<Adopted> run(bool wait) {
    auto found = co_await search(tools_, stranded_);
    if (!found) {
      adopted_.status = fail(within("its snapshots cannot be looked for", found.error()));
      co_return adopted_;
    }
    if (found->empty()) {
      adopted_.status = fail(ErrorKind::refused,
                             fmt::format("{}: its run was interrupted before there were snapshots",
                                         stranded_.instance.id.str()),
                             "take another backup");
      co_return adopted_;
    }
    read_tags(found->front().tags);
    SnapshotSet set(*found);
    adopted_.status = is_whole(*found);
    const auto plan = as_plan();
    co_await add_individual_tags(tools_, plan, set);
    if (adopted_.status && wait) {
      co_await follow_to_the_end(plan, set);
    }
    take_over(set);
    co_return adopted_;
  }

 private:
  void read_tags(const ec2::Tags& tags) {
    adopted_.backup = BackupId(ec2::find_tag(tags, "pitstop:backup").value_or(""));
    adopted_.consistency =
        parse_consistency(ec2::find_tag(tags, "pitstop:consistency").value_or(""));
    if (const auto configuration = unpack_configuration(tags)) {
      volumes_ = captured_volumes(*configuration);
    }
  }

  Status is_whole(const std::vector<ec2::Snapshot>& snapshots) const {
    for (const auto& [volume, device] : volumes_) {
      if (!contains(snapshots, volume, &ec2::Snapshot::volume)) {
        return fail(ErrorKind::refused, fmt::format("there is no snapshot of {}", volume.str()),
                    "this backup is not complete: take another one");
      }
    }
    return {};
  }

  Task<void> follow_to_the_end(const BackupPlan& plan, SnapshotSet& set) {
    const auto followed = co_await follow(tools_, plan, set);
    adopted_.polls += followed.polls;
    const bool left_alone =
        !followed.status && followed.status.error().kind == ErrorKind::interrupted;
    if (!followed.status && !left_alone) {
      adopted_.status = followed.status;
    }
  }

  /// As much of a plan as it takes to follow the snapshots.
  BackupPlan as_plan() const {
    return {.run = stranded_.run,
            .backup = adopted_.backup,
            .instance = stranded_.instance,
            .options = {}};
  }

  void take_over(const SnapshotSet& set) {
    if (const auto* failed = set.failed()) {
      adopted_.status = fail(snapshot_failure(*failed));
    }
    if (set.all_completed()) {
      adopted_.completed = tools_.clock.wall();
    }
    for (const auto& snapshot : set.snapshots()) {
      const auto captured = std::ranges::find(volumes_, snapshot.volume, &CapturedVolume::volume);
      adopted_.snapshots.push_back({snapshot, captured == volumes_.end() ? "" : captured->device});
    }
    std::ranges::sort(adopted_.snapshots, {}, &SnapshotOutcome::device);
  }

  Tools tools_;
  const Stranded& stranded_;
  std::vector<CapturedVolume> volumes_;
  Adopted adopted_;
};

}  // namespace

Task<Adopted> adopt_snapshots(Tools tools, const Stranded& stranded, bool wait) {
  Adoption adoption(tools, stranded);
  co_return co_await adoption.run(wait);
}

}  // namespace pitstop
