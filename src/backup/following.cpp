#include "backup/following.hpp"

#include <fmt/format.h>

#include <set>

#include "base/concurrently.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

/// Reports each snapshot once, when it is complete.
class Milestones {
 public:
  Milestones(Tools tools, const BackupPlan& plan) : tools_(tools), plan_(plan) {}

  void see(const SnapshotSet& set) {
    for (const auto& snapshot : set.snapshots()) {
      if (snapshot.state == ec2::SnapshotState::completed && reported_.insert(snapshot.id).second) {
        const auto device = plan_.device_of(snapshot.volume);
        tools_.report(plan_.instance.id, Step::snapshot_completed,
                      fmt::format("{} of {} ({}{} GiB)", snapshot.id.str(), snapshot.volume.str(),
                                  device.empty() ? "" : device + ", ",
                                  static_cast<std::int64_t>(snapshot.size)));
      }
    }
    if (tools_.observer.wants_progress()) {
      tools_.observer.saw_progress(plan_.instance.id, with_devices(plan_, set));
    }
  }

 private:
  Tools tools_;
  const BackupPlan& plan_;
  std::set<SnapshotId> reported_;
};

Task<void> add_tags(Tools tools, const BackupPlan& plan, SnapshotId snapshot, ec2::Tags tags) {
  std::vector<std::string> resources{snapshot.str()};
  const auto tagged = co_await tools.tags.create_later(std::move(resources), std::move(tags));
  if (!tagged) {
    tools.report(plan.instance.id, Step::warning,
                 fmt::format("{} lacks the tags of its device and volume: {}", snapshot.str(),
                             tagged.error().message),
                 tagged.error().hint);
  }
}

}  // namespace

Task<void> add_individual_tags(Tools tools, const BackupPlan& plan, const SnapshotSet& set) {
  std::vector<Task<void>> tasks;
  for (const auto& snapshot : set.snapshots()) {
    auto tags = individual_tags(plan, snapshot.volume);
    if (!tags.empty()) {
      tasks.push_back(add_tags(tools, plan, snapshot.id, std::move(tags)));
    }
  }
  co_await concurrently(std::move(tasks));
}

Task<Status> tag_consistency(Tools tools, std::vector<SnapshotId> snapshots,
                             Consistency consistency, std::optional<ImageId> image) {
  std::vector<std::string> resources;
  for (const auto& snapshot : snapshots) {
    resources.push_back(snapshot.str());
  }
  if (image) {
    resources.push_back(image->str());
  }
  ec2::Tags tags{{consistency_tag_key, std::string(to_string(consistency))}};
  return ec2::create_tags(tools.ec2, std::move(resources), std::move(tags));
}

Task<Following> follow(Tools tools, const BackupPlan& plan, SnapshotSet& set) {
  Following following;
  Milestones milestones(tools, plan);
  milestones.see(set);
  if (!set.all_ended()) {
    ec2::Wait<ec2::Snapshot> wait;
    wait.ids = set.ids();
    wait.tempo = ec2::while_following;
    wait.interruption = &tools.interruption;
    if (!tools.observer.wants_progress()) {
      wait.news = {"completed", "error", "recoverable"};
    }
    wait.enough = [&](const ec2::Snapshot& snapshot) {
      set.see(snapshot);
      milestones.see(set);
      return set.all_ended();
    };
    const auto waited = co_await tools.snapshots.wait(std::move(wait));
    following = {waited.status, waited.polls};
  }
  if (!following.status && following.status.error().kind == ErrorKind::interrupted) {
    following.status = Status();
  }
  if (const auto* failed = set.failed()) {
    following.status = fail(snapshot_failure(*failed));
  }
  co_return following;
}

BackupOutcome concluded(BackupOutcome outcome, const BackupPlan& plan,
                        const std::optional<SnapshotSet>& set, bool touched) {
  if (set) {
    outcome.snapshots = with_devices(plan, *set);
  }
  if (outcome.elsewhere && !touched) {
    outcome.outcome = Outcome::done_elsewhere;
    outcome.backup = BackupId();
    outcome.error.reset();
    return outcome;
  }
  if (!outcome.error) {
    outcome.outcome = !set || set->all_completed() ? Outcome::completed : Outcome::following;
    return outcome;
  }
  const bool interrupted = outcome.error->kind == ErrorKind::interrupted;
  outcome.outcome = touched || interrupted ? Outcome::failed : Outcome::refused;
  if (!touched) {
    outcome.backup = BackupId();
  }
  return outcome;
}

}  // namespace pitstop
