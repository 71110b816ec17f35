#include "prune/prune_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "backup/fast_restore.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {
namespace {

/// Anybody who may write tags can have put the mark there: it counts where something is gone, which
/// the tags that are proven show.
bool is_being_removed(const BackupSet& set) {
  return set.state == SetState::incomplete && set.has_proven_tags &&
         ec2::find_tag(set.tags, pruning_tag_key).has_value();
}

bool is_on_its_way(const SetSnapshot& snapshot) {
  return !snapshot.state || snapshot.state == ec2::SnapshotState::pending;
}

/// A restore of volumes can take what there is.
bool holds_something(const BackupSet& set) {
  return contains(set.snapshots, std::optional(ec2::SnapshotState::completed), &SetSnapshot::state);
}

class JudgingBackups {
 public:
  JudgingBackups(std::vector<BackupSet> sets, const PruneRules& rules, const PruneMoment& moment)
      : sets_(std::move(sets)), rules_(rules), moment_(moment) {
    std::ranges::sort(sets_, [](const BackupSet& a, const BackupSet& b) {
      return std::tie(b.taken, a.backup) < std::tie(a.taken, b.backup);
    });
  }

  std::vector<Verdict<BackupSet>> run() {
    apply_keep_rules();
    std::vector<Verdict<BackupSet>> verdicts;
    for (const auto& set : sets_) {
      verdicts.push_back(judge(set));
    }
    return verdicts;
  }

 private:
  bool is_set_aside(const BackupSet& set) const {
    return set.before_restore && !rules_.count_safety_backups;
  }

  void apply_keep_rules() {
    std::vector<const BackupSet*> good;
    for (const auto& set : sets_) {
      if (set.state == SetState::complete && !is_set_aside(set)) {
        good.push_back(&set);
      }
    }
    has_good_one_ = !good.empty();
    auto reasons = reasons_to_keep(rules_.keep, good, moment_.now);
    for (std::size_t i = 0; i < good.size(); ++i) {
      kept_by_rules_.emplace(good[i], std::move(reasons[i]));
    }
  }

  Verdict<BackupSet> judge(const BackupSet& set) const {
    auto reasons = under_way(set);
    const auto by_rules = kept_by_rules_.find(&set);
    if (by_rules != kept_by_rules_.end()) {
      std::ranges::copy(by_rules->second, std::back_inserter(reasons));
    }
    if (auto why = not_ours_to_remove(set); !why.empty()) {
      reasons.push_back(std::move(why));
    }
    if (!reasons.empty()) {
      return {set, Fate::keep, std::move(reasons)};
    }
    if (set.state != SetState::complete) {
      return judge_flawed(set);
    }
    return is_set_aside(set) ? judge_set_aside(set) : removed(set, "no rule keeps it");
  }

  /// What neither a rule nor the passing of time removes.
  static std::string not_ours_to_remove(const BackupSet& set) {
    switch (set.state) {
      case SetState::suspect:
        return fmt::format("suspect: {}", set.flaw);
      case SetState::archived:
        return "archived, by somebody else";
      case SetState::incomplete:
        return set.is_pitstops && set.has_proven_tags
                   ? ""
                   : fmt::format("incomplete, as only tags say: {}", set.flaw);
      case SetState::complete:
      case SetState::pending:
      case SetState::failed:
        return set.is_pitstops ? "" : "only tags say that pitstop made it";
    }
    unreachable();
  }

  /// It may be all that is left, and while the restore can be taken back it belongs to that.
  Verdict<BackupSet> judge_set_aside(const BackupSet& set) const {
    const auto what = fmt::format("before the restore {}", set.before_restore->str());
    const auto can_be_taken_back = [&](const SetSnapshot& snapshot) {
      return contains(moment_.detached, snapshot.volume);
    };
    if (!has_good_one_) {
      return {set, Fate::keep, {what + ", but the server has no good one"}};
    }
    if (std::ranges::any_of(set.snapshots, can_be_taken_back)) {
      return {set, Fate::keep, {what + ", which can still be taken back"}};
    }
    const auto limit = short_time(rules_.keep_failed);
    if (moment_.now - set.taken <= rules_.keep_failed) {
      return {set, Fate::keep, {fmt::format("{}, not older than {}", what, limit)}};
    }
    return removed(set, fmt::format("{}, older than {}", what, limit));
  }

  std::vector<std::string> under_way(const BackupSet& set) const {
    if (contains(moment_.open, set.backup, &OpenBackup::backup)) {
      return {"its run is under way"};
    }
    if (const auto fast = fast_restore_in(set.tags);
        fast && moment_.now - fast->since <= fast_restore_is_lost_after) {
      return {fmt::format("{} restores it", fast->restore.str())};
    }
    if (set.state == SetState::pending || std::ranges::any_of(set.snapshots, is_on_its_way)) {
      return {"pending"};
    }
    return {};
  }

  Verdict<BackupSet> judge_flawed(const BackupSet& set) const {
    const auto state = to_string(set.state);
    const auto limit = short_time(rules_.keep_failed);
    if (!has_good_one_ && holds_something(set)) {
      return {set, Fate::keep, {fmt::format("{}, but the server has no good one", state)}};
    }
    if (!is_being_removed(set) && moment_.now - set.taken <= rules_.keep_failed) {
      return {set, Fate::keep, {fmt::format("{}, not older than {}", state, limit)}};
    }
    return removed(set, fmt::format("{}, older than {}", state, limit));
  }

  static Verdict<BackupSet> removed(const BackupSet& set, std::string why) {
    if (is_being_removed(set)) {
      why = "its removal was begun before";
    }
    return {set, Fate::remove, {std::move(why)}};
  }

  std::vector<BackupSet> sets_;
  const PruneRules& rules_;
  const PruneMoment& moment_;
  bool has_good_one_ = false;
  std::map<const BackupSet*, std::vector<std::string>> kept_by_rules_;
};

/// A set that was taken before the stop may be all that there is of that night.
bool is_outdone(const Leftover& prime, const std::vector<Verdict<BackupSet>>& backups) {
  return std::ranges::any_of(backups, [&](const Verdict<BackupSet>& backup) {
    return backup.thing.state == SetState::complete && !backup.thing.before_restore &&
           backup.thing.taken >= prime.made;
  });
}

/// Leftovers go when they are older than that.
Duration longest_age(const Leftover& leftover, const PruneRules& rules) {
  return leftover.fast_restore ? fast_restore_is_lost_after : rules.keep_failed;
}

std::string why_leftover_is_kept(const Leftover& leftover,
                                 const std::vector<Verdict<BackupSet>>& backups,
                                 const PruneRules& rules, const PruneMoment& moment) {
  using enum Leftover::Kind;
  const bool is_prime = leftover.kind == prime;
  const auto is_its_run = [&](const OpenBackup& open) {
    return (open.run == leftover.run || open.backup == leftover.backup) &&
           open.instance == leftover.instance;
  };
  if (std::ranges::any_of(moment.open, is_its_run)) {
    return "its run is under way";
  }
  if (std::ranges::any_of(leftover.snapshots, is_on_its_way)) {
    return "pending";
  }
  if (!leftover.made) {
    return "EC2 does not say how old it is";
  }
  if (is_prime && !is_outdone(leftover, backups)) {
    return "the server has no good backup since";
  }
  const auto limit = longest_age(leftover, rules);
  return moment.now - *leftover.made <= limit ? "not older than " + short_time(limit) : "";
}

/// What goes with its set anyway is not told of.
bool goes_with_its_set(const Leftover& leftover, const std::vector<Verdict<BackupSet>>& backups) {
  const bool has_set = leftover.image || leftover.kind == Leftover::Kind::doubles;
  return has_set && std::ranges::any_of(backups, [&](const Verdict<BackupSet>& backup) {
           return backup.thing.backup == leftover.backup && backup.fate == Fate::remove;
         });
}

Verdict<Leftover> judge(const Leftover& leftover, const std::vector<Verdict<BackupSet>>& backups,
                        const PruneRules& rules, const PruneMoment& moment) {
  auto why_kept = why_leftover_is_kept(leftover, backups, rules, moment);
  if (!why_kept.empty()) {
    return {leftover, Fate::keep, {std::move(why_kept)}};
  }
  return {leftover, Fate::remove, {"older than " + short_time(longest_age(leftover, rules))}};
}

bool is_of_set(const ec2::Image& image, const BackupSet& set) {
  const auto made_as = made_as_backup(image);
  const bool is_its_own =
      made_as && made_as->backup == set.backup && made_as->instance == set.instance;
  return is_its_own || is_image_of_restore(image, set);
}

}  // namespace

std::vector<VolumeId> volumes_replaced_by_restores(const std::vector<BackupSet>& sets) {
  std::vector<VolumeId> volumes;
  for (const auto& set : sets) {
    for (const auto& snapshot : set.snapshots) {
      if (set.before_restore && !contains(volumes, snapshot.volume)) {
        volumes.push_back(snapshot.volume);
      }
    }
  }
  return volumes;
}

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::keep:
      return "keep";
    case Fate::remove:
      return "remove";
    case Fate::pass_over:
      return "pass_over";
  }
  unreachable();
}

ServerPrune plan_prune(ServerRemains remains, const PruneRules& rules, const PruneMoment& moment) {
  ServerPrune plan{.instance = remains.instance,
                   .name = std::move(remains.name),
                   .site = remains.site,
                   .site_name = std::move(remains.site_name)};
  JudgingBackups judging(std::move(remains.sets), rules, moment);
  plan.backups = judging.run();
  for (const auto& leftover : remains.leftovers) {
    if (!goes_with_its_set(leftover, plan.backups)) {
      plan.leftovers.push_back(judge(leftover, plan.backups, rules, moment));
    }
  }
  return plan;
}

StandingImages standing_on(const BackupSet& set, const std::vector<ec2::Image>& images) {
  StandingImages standing;
  if (set.image) {
    standing.ours.push_back(set.image->id);
  }
  for (const auto& image : images) {
    const auto snapshot = std::ranges::find_if(
        set.snapshots, [&](const SetSnapshot& part) { return contains(image.snapshots, part.id); });
    if (snapshot == set.snapshots.end()) {
      continue;
    }
    if (is_of_set(image, set)) {
      if (!contains(standing.ours, image.id)) {
        standing.ours.push_back(image.id);
      }
    } else if (standing.foreign.empty()) {
      standing.foreign = fmt::format("{} stands on its {}", image.id.str(), snapshot->id.str());
    }
  }
  return standing;
}

void pass_over_what_cannot_go(ServerPrune& plan, const Obstacles& obstacles) {
  for (auto& [set, fate, reasons] : plan.backups) {
    if (fate != Fate::remove) {
      continue;
    }
    auto why = standing_on(set, obstacles.images).foreign;
    for (const auto& snapshot : set.snapshots) {
      if (why.empty() && std::ranges::binary_search(obstacles.locked, snapshot.id)) {
        why = fmt::format("its {} is locked", snapshot.id.str());
      }
    }
    if (!why.empty()) {
      fate = Fate::pass_over;
      reasons = {std::move(why)};
    }
  }
}

std::int64_t most_freed(const std::vector<SetSnapshot>& snapshots) {
  constexpr int bits_of_a_gibibyte = 30;
  std::int64_t sum = 0;
  for (const auto& snapshot : snapshots) {
    sum += snapshot.full_bytes.value_or(static_cast<std::int64_t>(snapshot.size)
                                        << bits_of_a_gibibyte);
  }
  return sum;
}

}  // namespace pitstop
