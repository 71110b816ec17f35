#include "backup/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/down_tag.hpp"
#include "backup/reservation.hpp"
#include "backup/snapshot_description.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

/// CreateSnapshots takes no more (API reference, InstanceSpecification).
constexpr std::size_t most_exclusions = 40;

/// Those that come later: pitstop:consistency, pitstop:created and pitstop:device; on a copy
/// pitstop:volume and pitstop:copied-from; and one for what is done with it at the moment.
constexpr std::size_t tags_to_come = 6;

bool has_key(const ec2::Tags& tags, const std::string& key) {
  return contains(tags, key, &ec2::Tag::key);
}

using Verdict = std::expected<void, Finding>;

std::unexpected<Finding> not_plannable(FindingCode code, std::string message, std::string hint) {
  return std::unexpected(found(code, std::move(message), std::move(hint)));
}

Verdict check_state(const ec2::Instance& instance) {
  using enum ec2::InstanceState;
  const auto& id = instance.id.str();
  if (instance.root_device_type == "instance-store") {
    return not_plannable(FindingCode::instance_store_root,
                         fmt::format("{} has an instance-store root and cannot be stopped", id),
                         "a backup of such a server has to be taken from inside it");
  }
  switch (instance.state) {
    case running:
    case stopped:
      return {};
    case pending:
      return not_plannable(FindingCode::state, fmt::format("{} is still starting", id),
                           "try again when it runs");
    case stopping:
      return not_plannable(FindingCode::state,
                           fmt::format("{} is being stopped by someone else", id),
                           "try again when it is stopped; it will then be left stopped");
    case shutting_down:
    case terminated:
      return not_plannable(FindingCode::state,
                           fmt::format("{} is {}", id, to_string(instance.state)),
                           "a terminated instance has no volumes to back up");
  }
  return {};
}

/// There must be room for one more tag while the server is down. Those of AWS's own do not count
/// (EC2 User Guide, "Tag restrictions").
Verdict check_tags(const ec2::Instance& instance) {
  const auto others = std::ranges::count_if(instance.tags, [](const ec2::Tag& tag) {
    return !tag.key.starts_with("aws:") && !is_passing_tag(tag.key);
  });
  if (static_cast<std::size_t>(others) < ec2::most_tags) {
    return {};
  }
  return not_plannable(
      FindingCode::tags,
      fmt::format("{} has {} tags, and no room for {}", instance.id.str(), others, down_tag_key),
      "remove a tag: without that one nobody else could bring the server back");
}

bool is_root(const ec2::Instance& instance, const ec2::AttachedVolume& attached) {
  return attached.device == instance.root_device_name;
}

/// Only what nobody can be writing to.
Verdict choose_detached_volumes(BackupPlan& plan, const std::vector<ec2::Volume>& volumes) {
  const auto& id = plan.instance.id.str();
  for (const auto& detached : plan.options.detached_volumes) {
    const auto found = std::ranges::find(volumes, detached, &ec2::Volume::id);
    if (found == volumes.end()) {
      return not_plannable(FindingCode::volumes,
                           fmt::format("{}: there is no volume {}", id, detached.str()),
                           "check the id; the volume must be in the server's region and account");
    }
    if (!found->attachments.empty()) {
      return not_plannable(
          FindingCode::volumes,
          fmt::format("{}: {} is attached to {}", id, detached.str(),
                      found->attachments.front().instance.str()),
          "leave out --detached-volume: the attached volumes of a server are taken without it");
    }
    if (found->state != "available") {
      return not_plannable(FindingCode::volumes,
                           fmt::format("{}: {} is {}", id, detached.str(), printable(found->state)),
                           "only a volume that is available can be taken");
    }
    plan.volumes.push_back(*found);
  }
  return {};
}

/// Sorts the attached volumes into those of the backup and those left out.
Verdict choose_attached_volumes(BackupPlan& plan, const std::vector<ec2::Volume>& volumes) {
  const auto& id = plan.instance.id.str();
  std::size_t data_volumes_excluded = 0;
  for (const auto& attached : plan.instance.volumes) {
    const bool is_mounted =
        plan.options.approach == Approach::unmounted && is_root(plan.instance, attached);
    if (is_mounted || contains(plan.options.exclude_volumes, attached.volume)) {
      plan.excluded.push_back(attached);
      data_volumes_excluded += is_root(plan.instance, attached) ? 0 : 1;
      continue;
    }
    const auto found = std::ranges::find(volumes, attached.volume, &ec2::Volume::id);
    if (found == volumes.end()) {
      return not_plannable(
          FindingCode::volumes,
          fmt::format("{}: EC2 does not describe its volume {}", id, attached.volume.str()),
          "was it detached a moment ago? try again");
    }
    plan.volumes.push_back(*found);
  }
  const bool without_root = std::ranges::any_of(
      plan.excluded, [&](const auto& excluded) { return is_root(plan.instance, excluded); });
  if (without_root && plan.options.method == Method::image) {
    return not_plannable(FindingCode::volumes,
                         fmt::format("{}: no image is without its root volume", id),
                         "take --method snapshots, or leave the root volume in");
  }
  if (data_volumes_excluded > most_exclusions) {
    return not_plannable(FindingCode::volumes,
                         fmt::format("{}: EC2 can leave out {} data volumes, not {}", id,
                                     most_exclusions, data_volumes_excluded),
                         "exclude fewer volumes");
  }
  return {};
}

Verdict choose_volumes(BackupPlan& plan, const std::vector<ec2::Volume>& volumes) {
  TRY_STATUS(choose_attached_volumes(plan, volumes));
  TRY_STATUS(choose_detached_volumes(plan, volumes));
  if (plan.volumes.empty()) {
    return not_plannable(FindingCode::volumes,
                         fmt::format("{} has no volume to back up", plan.instance.id.str()),
                         plan.excluded.empty() ? "only EBS volumes can be backed up"
                                               : "every volume of it is left out");
  }
  return {};
}

/// The tags that all volumes of the backup have in common: those can go into the call.
ec2::Tags shared_volume_tags(const std::vector<ec2::Volume>& volumes) {
  ec2::Tags shared;
  for (const auto& tag : volumes.front().tags) {
    const bool everywhere = std::ranges::all_of(
        volumes, [&](const ec2::Volume& volume) { return contains(volume.tags, tag); });
    if (everywhere && !is_reserved_tag(tag.key)) {
      shared.push_back(tag);
    }
  }
  return shared;
}

Verdict add_tags(BackupPlan& plan, const std::string& configuration) {
  auto& tags = plan.common_tags;
  tags = {{"Name", plan.instance.name().value_or(plan.instance.id.str())},
          {"pitstop:backup", plan.backup.str()},
          {"pitstop:run", plan.run.str()},
          {"pitstop:instance", plan.instance.id.str()}};
  if (!plan.options.policy.empty()) {
    tags.push_back({"pitstop:policy", plan.options.policy});
  }
  if (plan.options.method == Method::image) {
    tags.push_back({method_tag_key, std::string(to_string(Method::image))});
  }
  if (plan.options.swap) {
    tags.push_back({reason_tag_key, reason_before_restore});
    tags.push_back({restore_tag_key, plan.options.swap->restore.str()});
  }
  std::ranges::copy(pack_configuration(configuration), std::back_inserter(tags));
  for (const auto& tag : plan.options.set_tags) {
    if (const auto same = std::ranges::find(tags, tag.key, &ec2::Tag::key); same != tags.end()) {
      same->value = tag.value;
    } else {
      tags.push_back(tag);
    }
  }
  if (tags.size() + tags_to_come > ec2::most_tags) {
    return not_plannable(
        FindingCode::tags,
        fmt::format("{}: its snapshots would need {} tags; EC2 allows {}", plan.instance.id.str(),
                    tags.size() + tags_to_come, ec2::most_tags),
        "give fewer --set-tag, or remove long tags from the instance: they are part of "
        "what is saved");
  }
  for (const auto& tag : shared_volume_tags(plan.volumes)) {
    if (!has_key(tags, tag.key) && tags.size() + tags_to_come < ec2::most_tags) {
      tags.push_back(tag);
    }
  }
  return {};
}

void add_findings(BackupPlan& plan) {
  if (plan.goes_on()) {
    // Nothing about it changes.
  } else if (plan.found_stopped()) {
    plan.findings.push_back(found(
        FindingCode::found_stopped,
        fmt::format("{} is stopped; it is backed up and left stopped", plan.instance.id.str())));
  } else if (!plan.instance.public_ip.empty()) {
    const bool elastic = std::ranges::any_of(plan.instance.network_interfaces,
                                             &ec2::NetworkInterface::public_ip_is_elastic);
    if (!elastic) {
      plan.findings.push_back(
          found(FindingCode::public_address,
                fmt::format("{}: its public address {} changes with the stop",
                            plan.instance.id.str(), plan.instance.public_ip),
                "it is not an Elastic IP; whoever knows it by that address will not find it"));
    }
  }
  for (const auto& volume : plan.volumes) {
    const auto individual = individual_tags(plan, volume.id);
    for (const auto& tag : volume.tags) {
      if (!is_reserved_tag(tag.key) && !has_key(individual, tag.key) &&
          !has_key(plan.common_tags, tag.key)) {
        plan.findings.push_back(
            found(FindingCode::tag_lost,
                  fmt::format("{}: the tag {} of {} finds no room on its snapshot",
                              plan.instance.id.str(), in_quotes(tag.key), volume.id.str())));
      }
    }
  }
}

ec2::Tags tags_of_snapshots(const BackupPlan& plan, Consistency consistency, WallTime now) {
  auto tags = plan.common_tags;
  tags.push_back({consistency_tag_key, std::string(to_string(consistency))});
  tags.push_back({"pitstop:created", rfc3339(now)});
  return tags;
}

}  // namespace

bool AsSelected::is_busy() const {
  return held_since || state == ec2::InstanceState::pending ||
         state == ec2::InstanceState::stopping;
}

AsSelected as_selected(const ec2::Instance& instance, WallTime run_begun) {
  AsSelected selected{
      .run_begun = run_begun, .launched = instance.launched, .state = instance.state};
  const auto text = down_tag_of(instance);
  if (const auto tag = text ? parse_down_tag(*text) : std::nullopt) {
    selected.held_since = tag->since;
  }
  return selected;
}

bool is_reserved_tag(std::string_view key) {
  return key.starts_with("aws:") || key.starts_with("pitstop:") || key == "Name";
}

std::string BackupPlan::device_of(const VolumeId& volume) const {
  const auto attached = std::ranges::find(instance.volumes, volume, &ec2::AttachedVolume::volume);
  return attached == instance.volumes.end() ? "" : attached->device;
}

std::vector<VolumeId> BackupPlan::attached_volumes() const {
  std::vector<VolumeId> attached;
  for (const auto& volume : volumes) {
    if (!contains(options.detached_volumes, volume.id)) {
      attached.push_back(volume.id);
    }
  }
  return attached;
}

std::vector<VolumeId> BackupPlan::detached_volumes() const {
  return options.detached_volumes;
}

Planned make_plan(const ec2::Instance& instance, const ec2::LaunchSettings& attributes,
                  const std::vector<ec2::Volume>& volumes, const BackupOptions& options,
                  const RunId& run, const BackupId& backup) {
  TRY_STATUS(check_state(instance));
  BackupPlan plan{.run = run, .backup = backup, .instance = instance, .options = options};
  if (!plan.goes_on()) {
    TRY_STATUS(check_tags(instance));
  }
  if (options.reserve_capacity && plan.stops()) {
    if (const auto possible = can_be_reserved(instance); !possible) {
      return not_plannable(FindingCode::reservation, possible.error().message,
                           possible.error().hint);
    }
  }
  TRY_STATUS(choose_volumes(plan, volumes));
  TRY_STATUS(add_tags(plan, capture_configuration(instance, attributes, plan.volumes)));
  add_findings(plan);
  return plan;
}

ec2::SnapshotSetRequest snapshot_request(const BackupPlan& plan, Consistency consistency,
                                         WallTime now) {
  ec2::SnapshotSetRequest request;
  request.instance = plan.instance.id;
  for (const auto& excluded : plan.excluded) {
    if (is_root(plan.instance, excluded)) {
      request.exclude_boot_volume = true;
    } else {
      request.exclude_data_volumes.push_back(excluded.volume);
    }
  }
  request.tags = tags_of_snapshots(plan, consistency, now);
  request.description = describe_backup(plan.backup, plan.instance.id, request.tags);
  request.outpost = plan.instance.outpost;
  return request;
}

ec2::SnapshotRequest snapshot_request_for(const BackupPlan& plan, const VolumeId& volume,
                                          Consistency consistency, WallTime now) {
  auto tags = tags_of_snapshots(plan, consistency, now);
  auto description = describe_backup(plan.backup, plan.instance.id, tags);
  return {.volume = volume,
          .description = std::move(description),
          .tags = std::move(tags),
          .outpost = plan.instance.outpost};
}

ec2::Tags individual_tags(const BackupPlan& plan, const VolumeId& volume) {
  ec2::Tags tags;
  if (auto device = plan.device_of(volume); !device.empty()) {
    tags.push_back({"pitstop:device", std::move(device)});
  }
  const auto found = std::ranges::find(plan.volumes, volume, &ec2::Volume::id);
  if (found == plan.volumes.end()) {
    return tags;
  }
  for (const auto& tag : found->tags) {
    const bool room = plan.common_tags.size() + tags_to_come + tags.size() - 1 < ec2::most_tags;
    if (room && !is_reserved_tag(tag.key) && !has_key(plan.common_tags, tag.key)) {
      tags.push_back(tag);
    }
  }
  // In place of the server's name, which the whole set has until then.
  auto name = ec2::find_tag(found->tags, "Name");
  if (name && !name->empty() && !has_key(plan.options.set_tags, "Name")) {
    tags.push_back({"Name", *std::move(name)});
  }
  return tags;
}

}  // namespace pitstop
