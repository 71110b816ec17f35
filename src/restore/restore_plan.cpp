#include "restore/restore_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/plan.hpp"
#include "base/check.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

std::vector<PlannedVolume> volumes_as_they_were(const BackupSet& set,
                                                const CapturedServer& server) {
  std::vector<PlannedVolume> volumes;
  for (const auto& snapshot : set.snapshots) {
    PlannedVolume planned{.device = snapshot.device,
                          .snapshot = snapshot.id,
                          .was = snapshot.volume,
                          .size = snapshot.size,
                          .type = "gp3",
                          .iops = {},
                          .throughput = {},
                          .name = snapshot.name,
                          .tags = snapshot.volume_tags};
    const auto volume = std::ranges::find(server.volumes, snapshot.volume, &ec2::Volume::id);
    if (volume != server.volumes.end()) {
      planned.size = std::max(volume->size, snapshot.size);
      planned.type = volume->type.empty() ? planned.type : volume->type;
      // EC2 tells what gp2, st1 and sc1 do by their size, and takes it from nobody.
      const bool chooses = planned.type == "gp3" || planned.type.starts_with("io");
      planned.iops = chooses ? volume->iops : std::nullopt;
      planned.throughput = planned.type == "gp3" ? volume->throughput : std::nullopt;
      planned.multi_attach = volume->multi_attach && ec2::can_multi_attach(planned.type);
    }
    const auto attached =
        std::ranges::find(server.instance.volumes, snapshot.volume, &ec2::AttachedVolume::volume);
    planned.delete_on_termination =
        attached != server.instance.volumes.end() && attached->delete_on_termination;
    volumes.push_back(std::move(planned));
  }
  return volumes;
}

}  // namespace

std::string_view to_string(RestoreKind kind) {
  switch (kind) {
    case RestoreKind::new_server:
      return "new_server";
    case RestoreKind::volumes:
      return "volumes";
    case RestoreKind::in_place:
      return "in_place";
    case RestoreKind::rollback:
      return "rollback";
  }
  unreachable();
}

RestorePlan plan_for(const RestoreId& restore, RestoreKind kind, const BackupSet& set) {
  return {.restore = restore,
          .kind = kind,
          .backup = set.backup,
          .taken = set.taken,
          .consistency = set.consistency,
          .instance = set.instance,
          .name = set.name,
          .volumes = {},
          .fast_restore = {},
          .losses = notes_on(set)};
}

void tell_worth(RestorePlan& plan) {
  if (plan.consistency != Consistency::at_rest) {
    plan.losses.push_back(
        fmt::format("what was not on the disks: the backup is {}",
                    plan.consistency ? to_string(*plan.consistency) : "of unknown worth"));
  }
}

Status ask_for_fast_restore(RestorePlan& plan, const BackupSet& set, std::string zone) {
  FastRestorePlan fast{.restore = plan.restore, .zone = std::move(zone), .sources = {}};
  for (const auto& volume : plan.volumes) {
    const auto snapshot = std::ranges::find(set.snapshots, volume.snapshot, &SetSnapshot::id);
    if (snapshot->size > largest_fast_restore) {
      return fail(ErrorKind::refused,
                  fmt::format("{} is of a volume of {} GiB, and fast snapshot restore takes {} at "
                              "most",
                              snapshot->id.str(), static_cast<std::int64_t>(snapshot->size),
                              static_cast<std::int64_t>(largest_fast_restore)),
                  "leave out --fast-snapshot-restore; --initialize-rate has no such limit");
    }
    fast.sources.push_back({snapshot->id, snapshot->size});
  }
  if (fast.sources.size() > usual_fast_restores) {
    plan.losses.push_back(
        fmt::format("note: of {} snapshots a region fast snapshot restore is enabled, unless AWS "
                    "has raised the quota; these are {}",
                    usual_fast_restores, fast.sources.size()));
  }
  plan.fast_restore = std::move(fast);
  return {};
}

Result<std::vector<PlannedVolume>> planned_volumes(const BackupSet& set) {
  if (set.state == SetState::suspect) {
    auto volumes = volumes_as_they_were(set, {});
    for (auto& volume : volumes) {
      volume.device.clear();
      volume.name.clear();
      volume.tags.clear();
    }
    return volumes;
  }
  TRY(const auto server, server_of(set));
  return volumes_as_they_were(set, server);
}

ec2::Tags tags_of_volume(const PlannedVolume& volume, const RestorePlan& plan) {
  ec2::Tags tags = volume.tags;
  constexpr std::size_t ours = 4;
  if (tags.size() > ec2::most_tags - ours) {
    tags.resize(ec2::most_tags - ours);
  }
  tags.push_back({"Name", volume.name.empty() ? plan.name : volume.name});
  tags.push_back({restored_from_tag_key, plan.backup.str()});
  tags.push_back({restore_tag_key, plan.restore.str()});
  if (plan.kind == RestoreKind::volumes) {
    tags.push_back({restored_volume_tag_key, plan.restore.str()});
  }
  return tags;
}

}  // namespace pitstop
