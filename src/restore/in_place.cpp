#include "restore/in_place.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/plan.hpp"
#include "base/contains.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"
#include "restore/new_volumes.hpp"

namespace pitstop {
namespace {

const ec2::AttachedVolume* attached_at(const ec2::Instance& server, const std::string& device) {
  const auto found = std::ranges::find(server.volumes, device, &ec2::AttachedVolume::device);
  return found == server.volumes.end() ? nullptr : &*found;
}

const ec2::Volume* volume_of(const std::vector<ec2::Volume>& volumes, const VolumeId& id) {
  const auto found = std::ranges::find(volumes, id, &ec2::Volume::id);
  return found == volumes.end() ? nullptr : &*found;
}

/// Those that a person gave it; "Name" is among them here, for it is the volume's own.
ec2::Tags own_tags(const ec2::Volume& volume) {
  ec2::Tags tags;
  std::ranges::copy_if(volume.tags, std::back_inserter(tags), [](const ec2::Tag& tag) {
    return !tag.key.starts_with("aws:") && !tag.key.starts_with("pitstop:");
  });
  return tags;
}

/// As the volume whose place it takes is now.
void take_after(PlannedVolume& planned, const ec2::Volume& present) {
  planned.size = std::max(planned.size, present.size);
  planned.type = present.type;
  const bool chooses = present.type == "gp3" || present.type.starts_with("io");
  planned.iops = chooses ? present.iops : std::nullopt;
  planned.throughput = present.type == "gp3" ? present.throughput : std::nullopt;
  planned.multi_attach = present.multi_attach && ec2::can_multi_attach(present.type);
}

class PlanningInPlace {
 public:
  PlanningInPlace(const BackupSet& set, const ec2::Instance& server,
                  const std::vector<ec2::Volume>& volumes, const InPlaceWishes& wishes)
      : set_(set), server_(server), volumes_(volumes), wishes_(wishes) {}

  Result<InPlacePlan> run(const RestoreId& restore) {
    static_cast<RestorePlan&>(plan_) = plan_for(restore, RestoreKind::in_place, set_);
    plan_.server = server_.id;
    plan_.zone = server_.zone;
    plan_.stops = server_.state != ec2::InstanceState::stopped;
    plan_.swap = {.restore = restore,
                  .volumes = {},
                  .safety_backup = wishes_.safety_backup,
                  .drops_old = wishes_.drops_old};
    TRY(const auto planned, planned_volumes(set_));
    for (const auto& volume : planned) {
      add(volume);
    }
    if (plan_.swap.volumes.empty()) {
      return fail(ErrorKind::refused,
                  fmt::format("{} has no volume that was attached", set_.backup.str()),
                  "take its volumes: --volumes-only");
    }
    if (wishes_.fast_restore) {
      TRY_STATUS(ask_for_fast_restore(plan_, set_, server_.zone));
      plan_.swap.fast_restore = plan_.fast_restore;
    }
    tell_what_stays();
    return std::move(plan_);
  }

 private:
  void add(PlannedVolume planned) {
    if (planned.device.empty()) {
      plan_.losses.push_back(
          fmt::format("note: {} was attached to nothing, and is not restored "
                      "(--volumes-only)",
                      planned.was.str()));
      return;
    }
    SwappedVolume swapped{.device = planned.device, .out = {}, .in = {}};
    swapped.delete_on_termination = planned.delete_on_termination;
    const auto* attached = attached_at(server_, planned.device);
    const auto* present = attached == nullptr ? nullptr : volume_of(volumes_, attached->volume);
    if (attached != nullptr) {
      swapped.out = attached->volume;
      swapped.out_deletes_on_termination = attached->delete_on_termination;
      swapped.delete_on_termination = attached->delete_on_termination;
      plan_.losses.push_back(fmt::format("what was written to {} since then ({})", planned.device,
                                         attached->volume.str()));
    }
    if (present != nullptr) {
      take_after(planned, *present);
    }
    planned.delete_on_termination = swapped.delete_on_termination;
    auto request = volume_request(planned, plan_, server_.zone, wishes_.initialization_rate);
    request.size = planned.size;
    if (present != nullptr) {
      request.tags = own_tags(*present);
      request.tags.push_back({restored_from_tag_key, set_.backup.str()});
      request.tags.push_back({restore_tag_key, plan_.restore.str()});
    }
    swapped.request = std::move(request);
    plan_.swap.volumes.push_back(std::move(swapped));
    plan_.volumes.push_back(std::move(planned));
  }

  void tell_what_stays() {
    for (const auto& attached : server_.volumes) {
      if (!contains(plan_.swap.volumes, attached.device, &SwappedVolume::device)) {
        plan_.losses.push_back(fmt::format("note: {} ({}) is not in the backup, and stays as it is",
                                           attached.device, attached.volume.str()));
      }
    }
    if (set_.instance != server_.id) {
      plan_.losses.push_back(
          fmt::format("note: the backup is one of {}, another server", set_.instance.str()));
    }
    tell_worth(plan_);
    if (!wishes_.safety_backup) {
      plan_.losses.push_back("note: no backup of what is there now is taken before");
    }
    if (wishes_.drops_old) {
      plan_.losses.push_back("the volumes that it has now: they are deleted at once");
    }
  }

  const BackupSet& set_;
  const ec2::Instance& server_;
  const std::vector<ec2::Volume>& volumes_;
  const InPlaceWishes& wishes_;
  InPlacePlan plan_;
};

}  // namespace

Result<InPlacePlan> plan_in_place(const RestoreId& restore, const BackupSet& set,
                                  const ec2::Instance& server,
                                  const std::vector<ec2::Volume>& volumes,
                                  const InPlaceWishes& wishes) {
  TRY_STATUS(is_whole(set));
  PlanningInPlace planning(set, server, volumes, wishes);
  return planning.run(restore);
}

Result<InPlacePlan> plan_rollback(const RestoreId& restore, const RestoreId& taken_back,
                                  const ec2::Instance& server,
                                  const std::vector<ec2::Volume>& volumes,
                                  const std::vector<ec2::Volume>& replaced,
                                  const InPlaceWishes& wishes) {
  InPlacePlan plan;
  plan.restore = restore;
  plan.kind = RestoreKind::rollback;
  plan.instance = plan.server = server.id;
  plan.name = server.name().value_or("");
  plan.zone = server.zone;
  plan.stops = server.state != ec2::InstanceState::stopped;
  plan.swap = {.restore = restore,
               .volumes = {},
               .safety_backup = wishes.safety_backup,
               .drops_old = wishes.drops_old};
  for (const auto& old : replaced) {
    const auto place = parse_replaced(old);
    if (!place || old.state != "available") {
      return fail(ErrorKind::refused,
                  fmt::format("{}, which {} has replaced, is {}", old.id.str(), taken_back.str(),
                              place ? old.state : "without the tag that tells its place"),
                  "detach it from where it is, or attach the volumes by hand");
    }
    if (old.zone != server.zone) {
      return fail(ErrorKind::refused,
                  fmt::format("{}, which {} has replaced, is in {}, and {} in {}", old.id.str(),
                              taken_back.str(), old.zone, server.id.str(), server.zone),
                  "EC2 attaches volumes in their own zone only");
    }
    SwappedVolume swapped{.device = place->device, .out = {}, .in = old.id};
    swapped.delete_on_termination = place->delete_on_termination;
    swapped.stale_tags = replaced_tags_of(old);
    if (const auto* attached = attached_at(server, place->device)) {
      swapped.out = attached->volume;
      swapped.out_deletes_on_termination = attached->delete_on_termination;
      plan.losses.push_back(fmt::format("what was written to {} since the restore ({})",
                                        place->device, attached->volume.str()));
    }
    plan.volumes.push_back({.device = place->device,
                            .snapshot = old.made_from,
                            .was = old.id,
                            .size = old.size,
                            .type = old.type,
                            .iops = old.iops,
                            .throughput = old.throughput,
                            .delete_on_termination = place->delete_on_termination});
    plan.swap.volumes.push_back(std::move(swapped));
  }
  for (const auto& volume : volumes) {
    const auto backup = ec2::find_tag(volume.tags, restored_from_tag_key);
    if (backup && ec2::find_tag(volume.tags, restore_tag_key) == taken_back.str()) {
      plan.backup = BackupId(*backup);
    }
  }
  return plan;
}

Task<Result<std::vector<ec2::Volume>>> find_replaced(ec2::Caller& ec2, RestoreId restore) {
  std::vector<ec2::Filter> filters{{fmt::format("tag:{}", replaced_by_tag_key), {restore.str()}}};
  return ec2::describe_volumes(ec2, {}, std::move(filters));
}

RestoreOutcome outcome_of(const InPlacePlan& plan, const BackupOutcome& backup) {
  auto outcome = outcome_for(plan);
  outcome.server = plan.server;
  outcome.swapped = backup.swapped;
  outcome.downtime = backup.downtime;
  outcome.left_down = backup.left_down;
  outcome.left_behind = backup.left_behind;
  outcome.error = backup.error;
  if (!backup.snapshots.empty()) {
    outcome.safety_backup = backup.backup;
  }
  if (backup.swapped == SwapState::now) {
    for (const auto& volume : backup.swapped_volumes) {
      const auto planned = std::ranges::find(plan.volumes, volume.device, &PlannedVolume::device);
      outcome.volumes.push_back({volume.device, volume.in, planned->snapshot});
      if (!volume.out.empty() && !plan.swap.drops_old) {
        outcome.kept.push_back({volume.device, volume.out, {}});
      }
    }
  }
  return outcome;
}

}  // namespace pitstop
