#include "backup/adopting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/captured_configuration.hpp"
#include "backup/following.hpp"
#include "backup/imaging.hpp"
#include "backup/snapshot_description.hpp"
#include "backup/snapshotting.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

std::vector<ec2::Filter> tags_of(const Stranded& stranded) {
  std::vector<ec2::Filter> filters{{"tag:pitstop:run", {stranded.run.str()}},
                                   {"tag:pitstop:instance", {stranded.instance.id.str()}},
                                   {"tag-key", {"pitstop:backup"}}};
  if (!stranded.backup.empty()) {
    filters.push_back({"tag:pitstop:backup", {stranded.backup.str()}});
  }
  return filters;
}

/// As much of the run's plan as the tags of its snapshots tell: the volumes that were to be backed
/// up, and their devices then.
BackupPlan plan_told_by(const ec2::Tags& tags, const Stranded& stranded) {
  BackupPlan plan{.run = stranded.run,
                  .backup = BackupId(ec2::find_tag(tags, "pitstop:backup").value_or("")),
                  .instance = stranded.instance,
                  .options = {}};
  const auto configuration = unpack_configuration(tags);
  if (!configuration) {
    return plan;
  }
  plan.instance.volumes.clear();
  for (const auto& [id, device] : captured_volumes(*configuration)) {
    plan.instance.volumes.push_back({.device = device, .volume = id});
    plan.volumes.emplace_back().id = id;
  }
  return plan;
}

/// Without its image the backup is not what was asked for.
Task<void> adopt_image(Tools tools, const Stranded& stranded, bool wait, Adopted& adopted) {
  const Instant end = tools.clock.now() + snapshots_are_visible_after;
  const auto found =
      co_await find_image(tools, image_name(stranded.run, stranded.instance.id), end);
  if (found && *found) {
    adopted.image = (*found)->id;
  }
  if (!adopted.status) {
    co_return;
  }
  if (!found) {
    adopted.status = fail(within("its image cannot be looked for", found.error()));
  } else if (!*found) {
    adopted.status = fail(ErrorKind::refused, "its snapshots are there, and their image is not",
                          "take another backup for an image");
  } else if (wait) {
    adopted.status = co_await await_image(tools, *adopted.image);
  }
}

/// A request that was late may have been carried out when the server had been started again. EC2's
/// own times tell, and no clock of a host: that of its last start, and those of the snapshots. What
/// cannot be told is not claimed.
Task<bool> came_too_late(Tools tools, InstanceId instance, std::vector<ec2::Snapshot> snapshots) {
  std::vector<InstanceId> ids{std::move(instance)};
  const auto seen = co_await ec2::find_instances(tools.ec2, std::move(ids));
  if (!seen || seen->empty() || !seen->front().launched) {
    co_return true;
  }
  const auto launched = *seen->front().launched;
  co_return std::ranges::any_of(snapshots, [&](const ec2::Snapshot& snapshot) {
    return !snapshot.started || *snapshot.started >= launched;
  });
}

/// The description of a snapshot is that of the request that made it, and no tag changes it: what
/// only carries the tags of the run is no part of its backup.
bool is_of_run(const ec2::Snapshot& snapshot, const InstanceId& instance) {
  const auto& description = snapshot.description;
  if (ec2::find_tag(snapshot.tags, method_tag_key)) {
    return description.starts_with(fmt::format("Created by CreateImage({}) ", instance.str()));
  }
  const BackupId backup(ec2::find_tag(snapshot.tags, "pitstop:backup").value_or(""));
  const auto made_as = parse_snapshot_description(description);
  return made_as && made_as->kind == SnapshotDescription::Kind::backup &&
         made_as->backup == backup && made_as->instance == instance;
}

/// Their tags say at rest, and they are not.
Task<void> take_back_the_claim(Tools tools, const InstanceId& instance, const SnapshotSet& set,
                               Adopted& adopted) {
  adopted.consistency = Consistency::crash;
  tools.report(instance, Step::warning,
               fmt::format("{}: its snapshots were taken after it was started again: they are as "
                           "after a power cut",
                           instance.str()));
  const auto tagged = co_await tag_consistency(tools, set.ids(), Consistency::crash, adopted.image);
  if (!tagged) {
    tools.report(instance, Step::warning,
                 fmt::format("{}: their tag {} still says otherwise: {}", instance.str(),
                             consistency_tag_key, tagged.error().message),
                 tagged.error().hint);
  }
}

Task<Adopted> adopt(Tools tools, const Stranded& stranded, std::vector<ec2::Snapshot> found,
                    bool wait) {
  const auto& tags = found.front().tags;
  const auto plan = plan_told_by(tags, stranded);
  Adopted adopted;
  adopted.backup = plan.backup;
  adopted.consistency = parse_consistency(ec2::find_tag(tags, consistency_tag_key).value_or(""));
  adopted.status = covers_every_volume(plan, found);
  SnapshotSet set(found);
  co_await add_individual_tags(tools, plan, set);
  if (adopted.status && wait) {
    const auto followed = co_await follow(tools, plan, set);
    adopted.status = followed.status;
    adopted.polls = followed.polls;
  } else if (const auto* failed = set.failed()) {
    adopted.status = fail(snapshot_failure(*failed));
  }
  if (ec2::find_tag(tags, method_tag_key)) {
    co_await adopt_image(tools, stranded, set.all_completed(), adopted);
  }
  const bool is_claimed = adopted.consistency == Consistency::at_rest;
  if (is_claimed && co_await came_too_late(tools, stranded.instance.id, found)) {
    co_await take_back_the_claim(tools, stranded.instance.id, set, adopted);
  }
  if (set.all_completed()) {
    adopted.completed = tools.clock.wall();
  }
  adopted.snapshots = with_devices(plan, set);
  co_return adopted;
}

}  // namespace

Task<Adopted> adopt_snapshots(Tools tools, const Stranded& stranded, bool wait) {
  const Duration longest = stranded.may_have_snapshots ? snapshots_are_visible_after : Duration{};
  const auto is_whole = [&](const std::vector<ec2::Snapshot>& found) {
    return !found.empty() && covers_every_volume(plan_told_by(found.front().tags, stranded), found);
  };
  auto found =
      co_await search_snapshots(tools, tags_of(stranded), tools.clock.now() + longest, is_whole);
  Adopted none;
  if (!found) {
    none.status = fail(within("its snapshots cannot be looked for", found.error()));
    co_return none;
  }
  std::erase_if(*found, [&](const ec2::Snapshot& snapshot) {
    return !is_of_run(snapshot, stranded.instance.id);
  });
  if (found->empty()) {
    none.status = fail(ErrorKind::refused,
                       fmt::format("{}: its run was interrupted before there were snapshots",
                                   stranded.instance.id.str()),
                       "take another backup");
    co_return none;
  }
  auto one = one_set_of(*found, plan_told_by(found->front().tags, stranded).attached_volumes());
  if (one.surplus.empty() || !are_of_one_run(one, requests_take_at_most)) {
    co_return co_await adopt(tools, stranded, std::move(*found), wait);
  }
  // EC2 has carried out two requests of the run, or was asked twice: one set counts.
  auto removed = co_await remove_surplus(tools, stranded.instance.id, std::move(one.surplus));
  auto adopted = co_await adopt(tools, stranded, std::move(one.kept), wait);
  if (adopted.status) {
    adopted.status = std::move(removed);
  }
  co_return adopted;
}

}  // namespace pitstop
