#include "backup/volume_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/pending.hpp"
#include "backup/tag_keys.hpp"
#include "base/text.hpp"
#include "ec2/tags.hpp"

namespace pitstop {
namespace {

using enum FindingCode;

/// CreateSnapshots takes so many volumes, the root among them (EBS User Guide, "Create snapshots").
constexpr std::size_t most_volumes = 128;

/// EBS User Guide, "Quotas": concurrent snapshots of a volume.
constexpr std::ptrdiff_t most_pending = 5;
constexpr std::ptrdiff_t most_pending_of_hdd = 1;

class VolumeInspector {
 public:
  VolumeInspector(const BackupPlan& plan, const Facts& facts)
      : plan_(plan), instance_(plan.instance), id_(plan.instance.id.str()), facts_(facts) {}

  std::vector<Finding> run() {
    look_at_root();
    look_at_room();
    look_at_volumes();
    look_at_snapshots();
    return std::move(findings_);
  }

 private:
  void add(FindingCode code, std::string message, std::string hint = {},
           std::optional<Severity> severity = {}) {
    findings_.push_back(found(code, std::move(message), std::move(hint), severity));
  }

  /// A backup without a root volume is one of volumes: no server starts from it.
  void look_at_root() {
    if (instance_.root_device_name.empty() || ec2::has_root_volume(instance_)) {
      return;
    }
    const bool runs = instance_.state == ec2::InstanceState::running;
    add(FindingCode::volumes,
        fmt::format("{}: EC2 names {} as its root device, and maps no volume there", id_,
                    printable(instance_.root_device_name)),
        runs ? "no server could be restored from its backup, for nobody can tell which volume is "
               "the root: exclude it, or have its image name the device that it maps"
             : "no server can be restored from its backup, only volumes: attach its root volume",
        runs ? Severity::refuse : Severity::warn);
  }

  /// What comes in beside what is there: EC2 would refuse it while the server is down.
  void look_at_room() {
    const auto type = facts_.survey.types.find(instance_.type);
    if (!plan_.options.swap || type == facts_.survey.types.end()) {
      return;
    }
    const auto more =
        std::ranges::count_if(plan_.options.swap->volumes,
                              [](const SwappedVolume& volume) { return volume.out.empty(); });
    const auto room = ec2::free_attachments(type->second, instance_);
    if (room && more > *room) {
      add(attachment_limit,
          fmt::format("{} is of the type {} and can have {} more volume{}; the restore adds {}",
                      id_, printable(instance_.type), *room, *room == 1 ? "" : "s", more),
          "detach volumes that it does not need, or restore volumes only");
    }
  }

  void look_at_volumes() {
    if (plan_.volumes.size() > most_volumes) {
      add(too_many_volumes,
          fmt::format("{} has {} volumes to back up; EC2 takes {} into one set", id_,
                      plan_.volumes.size(), most_volumes),
          "leave some of them out with --exclude-volume");
    }
    for (const auto& volume : plan_.volumes) {
      if (const auto restore = ec2::find_tag(volume.tags, restored_volume_tag_key)) {
        add(restored_volume,
            fmt::format("{}: its volume {} ({} GiB) was made by the restore {}, and is backed up, "
                        "too",
                        id_, volume.id.str(), static_cast<std::int64_t>(volume.size),
                        printable(*restore)),
            fmt::format("--exclude-volume {} leaves it out; detached, pitstop restore --finish {} "
                        "deletes it",
                        volume.id.str(), printable(*restore)));
      }
    }
    if (plan_.options.approach == Approach::online) {
      return;
    }
    for (const auto& volume : plan_.volumes) {
      for (const auto& attachment : volume.attachments) {
        if (attachment.instance != instance_.id) {
          add(shared_volume,
              fmt::format("{}: its volume {} is attached to {}, too", id_, volume.id.str(),
                          attachment.instance.str()),
              "that one goes on writing to it; leave it out with --exclude-volume, or --accept "
              "shared-volume if the snapshot may be as after a power cut");
        }
      }
    }
  }

  void look_at_snapshots() {
    for (const auto& volume : plan_.volumes) {
      const auto pending =
          std::ranges::count(facts_.pending_snapshots, volume.id, &ec2::Snapshot::volume);
      if (pending > 0) {
        look_at_pending(volume, pending);
      }
    }
    const auto wait = until_more_are_taken(facts_.pending_snapshots, facts_.now);
    if (wait > Duration{}) {
      add(recent_snapshot,
          fmt::format("{}: a snapshot of its volumes began a moment ago; EC2 takes the next one in "
                      "{}",
                      id_, human(wait)));
    }
  }

  void look_at_pending(const ec2::Volume& volume, std::ptrdiff_t pending) {
    const bool hdd = volume.type == "st1" || volume.type == "sc1";
    const bool full = pending >= (hdd ? most_pending_of_hdd : most_pending);
    if (plan_.goes_on() && !full) {
      return;  // there is no gate that it could hold shut
    }
    const auto code = full ? snapshot_limit : pending_snapshots;
    const auto oldest =
        std::ranges::find(facts_.pending_snapshots, volume.id, &ec2::Snapshot::volume);
    const auto message =
        fmt::format("{}: its volume {} has {} pending snapshot{} ({})", id_, volume.id.str(),
                    pending, pending == 1 ? "" : "s", oldest->id.str());
    if (plan_.options.wait_pending) {
      add(code, message, "they are waited for before anything is done", Severity::info);
    } else {
      add(code, message,
          full ? "EC2 takes no more of it until they are complete; --wait-pending waits for that"
               : "the new one shows no progress before they are complete; --wait-pending waits for "
                 "that before the stop");
    }
  }

  const BackupPlan& plan_;
  const ec2::Instance& instance_;
  const std::string& id_;
  const Facts& facts_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> look_at_volumes(const BackupPlan& plan, const Facts& facts) {
  VolumeInspector inspector(plan, facts);
  return inspector.run();
}

}  // namespace pitstop
