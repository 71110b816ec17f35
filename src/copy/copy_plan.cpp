#include "copy/copy_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "backup/fast_restore.hpp"
#include "backup/plan.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"
#include "prune/prune_plan.hpp"

namespace pitstop {
namespace {

/// What is said of an original alone, or of a single snapshot of the set.
constexpr std::array tags_that_stay = {"pitstop:device",    volume_tag_key,  copied_from_tag_key,
                                       shared_with_tag_key, pruning_tag_key, fast_restore_tag_key};

bool goes_along(const ec2::Tag& tag) {
  return !tag.key.starts_with("aws:") && is_reserved_tag(tag.key) &&
         !contains(tags_that_stay, std::string_view(tag.key));
}

/// As EC2 shows it, whatever its tags say.
bool is_copy(const ec2::Snapshot& snapshot) {
  const auto made_as = made_as_backup(snapshot);
  return made_as && made_as->kind == SnapshotDescription::Kind::copy;
}

bool is_copy(const ec2::Image& image) {
  const auto made_as = made_as_backup(image);
  return made_as && made_as->kind == SnapshotDescription::Kind::copy;
}

CopyOrigin origin_of(const BackupSet& set, const CopyRoute& route) {
  const auto& owner = set.snapshots.front().owner;
  return {route.from_region, owner.empty() ? "unknown" : owner};
}

/// What the machine is billed for beside itself.
std::string licence_of(const BackupSet& set) {
  const auto server = server_of(set);
  const auto platform = server ? server->instance.platform_details : "";
  return platform == "Linux/UNIX" ? "" : platform;
}

class PlanningCopy {
 public:
  PlanningCopy(BackupSet set, const CopyRoute& route, const CopiesThere& there,
               const CopyWishes& wishes, WallTime now)
      : there_(there), wishes_(wishes), now_(now) {
    plan_.set = std::move(set);
    plan_.route = route;
  }

  CopyPlan run() {
    const auto& set = plan_.set;
    if (set.state == SetState::pending && wishes_.backups.empty()) {
      stop(CopyState::not_yet, set.flaw);
    } else if (set.state != SetState::complete) {
      stop(CopyState::pass_over, fmt::format("it is {}: {}", to_string(set.state), set.flaw));
    } else if (ec2::find_tag(set.tags, pruning_tag_key)) {
      stop(CopyState::pass_over, "its removal was begun");
    } else {
      plan_.by_image = set.image && plan_.route.to_account.empty();
      look_at_snapshots();
      look_at_licence();
    }
    return std::move(plan_);
  }

 private:
  void stop(CopyState state, std::string reason) {
    plan_.state = state;
    plan_.reason = std::move(reason);
  }

  void look_at_snapshots() {
    for (const auto& snapshot : plan_.set.snapshots) {
      auto tags = tags_of_copy(plan_.set, snapshot, plan_.route);
      if (!tags) {
        return stop(CopyState::pass_over, tags.error().message);
      }
      plan_.snapshots.push_back({.source = snapshot.id,
                                 .volume = snapshot.volume,
                                 .device = snapshot.device,
                                 .size = snapshot.size,
                                 .tags = *std::move(tags)});
    }
    if (plan_.by_image) {
      return look_at_image();
    }
    for (auto& snapshot : plan_.snapshots) {
      look_for_copy(snapshot);
    }
    if (plan_.state != CopyState::pass_over) {
      settle();
    }
  }

  void settle() {
    const auto& all = plan_.snapshots;
    plan_.state = std::ranges::all_of(all, &SnapshotToCopy::is_complete) ? CopyState::is_there
                  : std::ranges::all_of(all, [](const auto& one) { return one.copy.has_value(); })
                      ? CopyState::under_way
                      : CopyState::to_copy;
  }

  /// Of several the first that is complete, else the first; a failed one is none. One whose tags
  /// were changed would be no backup, and is neither taken for a copy nor removed.
  void look_for_copy(SnapshotToCopy& snapshot) {
    std::vector<const ec2::Snapshot*> usable;
    for (const auto& candidate : there_.snapshots) {
      if (!is_of_set(candidate) || volume_of_copy(candidate) != snapshot.volume) {
        continue;
      }
      if (has_changed_tags(candidate)) {
        return stop(CopyState::pass_over,
                    fmt::format("{} is a copy of it, and its tags were changed since: delete it, "
                                "and copy again",
                                candidate.id.str()));
      }
      if (candidate.state == ec2::SnapshotState::error) {
        remove_failed(candidate);
      } else {
        usable.push_back(&candidate);
      }
    }
    std::ranges::sort(usable, {}, [](const ec2::Snapshot* one) {
      return std::tuple(one->state != ec2::SnapshotState::completed, one->started, one->id);
    });
    for (const auto* candidate : usable) {
      if (candidate == usable.front()) {
        snapshot.copy = candidate->id;
        snapshot.is_complete = candidate->state == ec2::SnapshotState::completed;
      } else if (is_copy(*candidate)) {
        plan_.to_remove.push_back(candidate->id);
      }
    }
  }

  bool is_of_set(const ec2::Snapshot& snapshot) const {
    const auto made_as = made_as_backup(snapshot);
    return made_as && made_as->backup == plan_.set.backup &&
           made_as->instance == plan_.set.instance;
  }

  static VolumeId volume_of_copy(const ec2::Snapshot& snapshot) {
    return is_copy(snapshot) ? volume_of(snapshot) : snapshot.volume;
  }

  static bool has_changed_tags(const ec2::Snapshot& snapshot) {
    const auto made_as = made_as_backup(snapshot);
    return !made_as->digest.empty() && !has_tags_as_made(*made_as, snapshot.tags);
  }

  void remove_failed(const ec2::Snapshot& copy) {
    const bool is_new = copy.started && now_ - *copy.started < wishes_.retry_failed_after;
    if (!is_copy(copy)) {
      stop(CopyState::pass_over, fmt::format("{} is there, and has failed", copy.id.str()));
    } else if (is_new) {
      stop(CopyState::pass_over,
           fmt::format("its copy {} has failed{}{}", copy.id.str(),
                       copy.state_message.empty() ? "" : ": ", printable(copy.state_message)));
    } else {
      plan_.to_remove.push_back(copy.id);
    }
  }

  void look_at_image() {
    for (const auto& image : there_.images) {
      const auto made_as = made_as_backup(image);
      if (!made_as || made_as->backup != plan_.set.backup ||
          made_as->instance != plan_.set.instance) {
        continue;
      }
      if (image.state == "failed") {
        remove_failed(image);
        continue;
      }
      plan_.image_there = image;
      match_snapshots(image);
      plan_.state = image.state == "available" && all_are_tagged() ? CopyState::is_there
                                                                   : CopyState::under_way;
    }
  }

  void remove_failed(const ec2::Image& image) {
    const bool is_new = image.created && now_ - *image.created < wishes_.retry_failed_after;
    if (!is_copy(image) || is_new) {
      return stop(CopyState::pass_over, fmt::format("its image {} has failed", image.id.str()));
    }
    plan_.failed_image = image.id;
    plan_.to_remove = image.snapshots;
  }

  void match_snapshots(const ec2::Image& image) {
    for (auto& snapshot : plan_.snapshots) {
      snapshot.copy = snapshot_at(image, snapshot.device);
      snapshot.is_complete = snapshot.copy && image.state == "available";
    }
  }

  bool all_are_tagged() const {
    return std::ranges::all_of(plan_.snapshots, [&](const SnapshotToCopy& snapshot) {
      return std::ranges::any_of(there_.snapshots, [&](const ec2::Snapshot& one) {
        return one.id == snapshot.copy && volume_of(one) == snapshot.volume;
      });
    });
  }

  void look_at_licence() {
    const auto licence = licence_of(plan_.set);
    if (licence.empty() || plan_.by_image) {
      return;
    }
    plan_.losses.push_back(fmt::format(
        "{}: AWS may not bill a new server of it for {}, and then there can be none; its volumes "
        "can be had{}",
        plan_.set.backup.str(), printable(licence),
        plan_.route.to_account.empty() ? " (a backup of --method image keeps that)" : ""));
  }

  const CopiesThere& there_;
  const CopyWishes& wishes_;
  WallTime now_;
  CopyPlan plan_;
};

}  // namespace

std::string_view to_string(CopyState state) {
  switch (state) {
    case CopyState::to_copy:
      return "to_copy";
    case CopyState::under_way:
      return "under_way";
    case CopyState::is_there:
      return "is_there";
    case CopyState::not_yet:
      return "not_yet";
    case CopyState::pass_over:
      return "pass_over";
  }
  unreachable();
}

std::vector<BackupSet> chosen_for_copy(const std::vector<BackupSet>& sets,
                                       const CopyWishes& wishes) {
  std::vector<BackupSet> chosen;
  for (const auto& set : sets) {
    if (!wishes.backups.empty()) {
      if (contains(wishes.backups, set.backup)) {
        chosen.push_back(set);
      }
      continue;
    }
    if (wishes.since && set.taken < *wishes.since) {
      break;
    }
    if (set.before_restore && !wishes.counts_safety_backups) {
      continue;
    }
    if (set.state == SetState::complete || set.state == SetState::pending) {
      chosen.push_back(set);
    }
    if (!wishes.since && set.state == SetState::complete) {
      break;
    }
  }
  return chosen;
}

std::optional<SnapshotId> snapshot_at(const ec2::Image& image, std::string_view device) {
  for (std::size_t i = 0; i < image.snapshots.size(); ++i) {
    if (image.devices[i] == device) {
      return image.snapshots[i];
    }
  }
  return std::nullopt;
}

CopyPlan plan_copy(BackupSet set, const CopyRoute& route, const CopiesThere& there,
                   const CopyWishes& wishes, WallTime now) {
  PlanningCopy planning(std::move(set), route, there, wishes, now);
  return planning.run();
}

std::string description_of_copy(const CopyPlan& plan, const SnapshotToCopy& snapshot) {
  return describe_copy(plan.set.backup, plan.set.instance, plan.route.from_region, snapshot.tags);
}

Result<ec2::Tags> tags_of_copy(const BackupSet& set, const SetSnapshot& snapshot,
                               const CopyRoute& route) {
  ec2::Tags tags;
  std::ranges::copy_if(set.tags, std::back_inserter(tags), goes_along);
  for (auto& tag : tags) {
    // Of an original EC2 says it; of a copy nobody will but its tags.
    if (tag.key == "pitstop:created") {
      tag.value = rfc3339(set.taken);
    }
    // A volume may have a name of its own; the set's tags are those of one snapshot.
    if (tag.key == "Name" && !snapshot.name.empty()) {
      tag.value = snapshot.name;
    }
  }
  if (!route.to_account.empty()) {
    // Without its image it is a set of snapshots, and can be restored as one.
    std::erase_if(tags, [](const ec2::Tag& tag) { return tag.key == method_tag_key; });
  }
  if (!snapshot.device.empty()) {
    tags.push_back({"pitstop:device", snapshot.device});
  }
  tags.push_back({volume_tag_key, snapshot.volume.str()});
  tags.push_back({copied_from_tag_key, copied_from_text(snapshot.id, origin_of(set, route))});
  // One more finds room later: that of a prune.
  constexpr std::size_t most = ec2::most_tags - 1;
  if (tags.size() > most) {
    return fail(
        ErrorKind::refused,
        fmt::format("its copy would need {} tags, and there is room for {}", tags.size(), most));
  }
  for (const auto& tag : snapshot.volume_tags) {
    if (tags.size() < most) {
      tags.push_back(tag);
    }
  }
  return tags;
}

}  // namespace pitstop
