#include "restore/finish_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/snapshot_description.hpp"
#include "backup/swap.hpp"
#include "backup/tag_keys.hpp"
#include "base/check.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "base/text.hpp"
#include "catalog/set_members.hpp"
#include "ec2/images.hpp"
#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

bool is_replaced(const RestoreRecord& record, const ec2::Volume& volume) {
  return contains(record.kept, volume.id, &ec2::Volume::id);
}

/// What was made out of a backup is known by the snapshot that it was made of.
bool needs_origin(const RestoreRecord& record, const ec2::Volume& volume) {
  return !is_replaced(record, volume) || record.kind == RestoreKind::rollback;
}

std::string untagging(const std::string& id, std::string_view key) {
  return fmt::format("aws ec2 delete-tags --resources {} --tags Key={}", id, key);
}

class SupportingFinish {
 public:
  SupportingFinish(const FinishFacts& facts, const RestoreRecord& record, const FinishPlan& plan)
      : facts_(facts), record_(record), plan_(plan) {}

  Status run() {
    for (const auto& volume : plan_.deletes) {
      TRY_STATUS(is_replaced(record_, volume) ? was_replaced(volume) : was_made(volume));
    }
    for (const auto& server : plan_.adopts) {
      TRY_STATUS(was_launched(server));
    }
    for (const auto& id : plan_.deregisters) {
      const auto image = std::ranges::find(record_.images, id, &MadeImage::id);
      CHECK(image != record_.images.end());
      TRY_STATUS(was_registered(*image));
    }
    return {};
  }

 private:
  Status was_made(const ec2::Volume& volume) const {
    const auto* source = find_snapshot(volume.made_from);
    if (source != nullptr && is_of(*source, record_.backup)) {
      return {};
    }
    const auto from = volume.made_from.str();
    auto why = fmt::format("{} is no snapshot of {}", from, printable(record_.backup.str()));
    if (from.empty()) {
      why = "it was created from no snapshot";
    } else if (source == nullptr) {
      why = fmt::format("the snapshot {} that it was created from is gone", from);
    }
    return not_shown(volume, "made", restore_tag_key, why);
  }

  Status was_replaced(const ec2::Volume& volume) {
    if (record_.kind == RestoreKind::volumes || record_.kind == RestoreKind::new_server) {
      return not_shown(volume, "replaced", replaced_by_tag_key, "that restore replaces no volumes");
    }
    std::optional<SnapshotDescription> pending;
    for (const auto& snapshot : facts_.snapshots) {
      const auto made_as = snapshot.volume == volume.id ? backup_of(snapshot) : std::nullopt;
      if (made_as && snapshot.state == ec2::SnapshotState::completed) {
        return {};
      }
      if (made_as && snapshot.state == ec2::SnapshotState::pending) {
        pending = made_as;
      }
    }
    if (comes_from_the_backup_taken_back(volume)) {
      return {};
    }
    if (pending) {
      const auto backup = printable(pending->backup.str());
      return fail(
          ErrorKind::refused,
          text_of(volume.id.str(), "replaced", fmt::format("its backup {} is pending", backup)),
          fmt::format("nothing was done; wait until {} is complete: pitstop list {}", backup,
                      printable(pending->instance.str())));
    }
    return not_shown(volume, "replaced", replaced_by_tag_key, "there is no completed backup of it");
  }

  /// A rollback takes back what one restore has made, of one backup.
  bool comes_from_the_backup_taken_back(const ec2::Volume& volume) {
    const auto* source = find_snapshot(volume.made_from);
    const auto made_as = source == nullptr ? std::nullopt : backup_of(*source);
    if (record_.kind != RestoreKind::rollback || !made_as) {
      return false;
    }
    if (taken_back_.empty()) {
      taken_back_ = made_as->backup;
    }
    return made_as->backup == taken_back_;
  }

  Status was_launched(const InstanceId& server) const {
    if (contains(facts_.launched, server)) {
      return {};
    }
    const auto& id = server.str();
    return fail(ErrorKind::refused,
                text_of(id, "launched", "its client token is not that of the restore"),
                fmt::format("nothing was done; if policies are to back it up: {}; if not: {}",
                            untagging(id, restored_from_tag_key), untagging(id, restore_tag_key)));
  }

  Status was_registered(const MadeImage& image) const {
    const auto is_part = [&](const SnapshotId& id) {
      const auto* snapshot = find_snapshot(id);
      return snapshot != nullptr && is_of(*snapshot, record_.backup);
    };
    const bool has_name = image.name == restore_image_name(record_.restore, record_.backup);
    if (has_name && !image.snapshots.empty() && std::ranges::all_of(image.snapshots, is_part)) {
      return {};
    }
    const auto& id = image.id.str();
    return fail(ErrorKind::refused,
                text_of(id, "registered",
                        has_name ? fmt::format("it does not stand on snapshots of {} alone",
                                               printable(record_.backup.str()))
                                 : fmt::format("its name is {}", in_quotes(image.name))),
                fmt::format("nothing was done; if it is to go: aws ec2 deregister-image --image-id "
                            "{}; if it is to stay: {}",
                            id, untagging(id, restore_tag_key)));
  }

  std::unexpected<Error> not_shown(const ec2::Volume& volume, std::string_view what,
                                   std::string_view key, std::string_view why) const {
    const auto& id = volume.id.str();
    return fail(ErrorKind::refused, text_of(id, what, why),
                fmt::format("nothing was done; if it is to go: aws ec2 delete-volume --volume-id "
                            "{}; if it is to stay: {}",
                            id, untagging(id, key)));
  }

  std::string text_of(const std::string& id, std::string_view what, std::string_view why) const {
    return fmt::format("{} is not shown to have been {} by {}: {}", id, what, record_.restore.str(),
                       why);
  }

  const ec2::Snapshot* find_snapshot(const SnapshotId& id) const {
    const auto found = std::ranges::find(facts_.snapshots, id, &ec2::Snapshot::id);
    return found == facts_.snapshots.end() ? nullptr : &*found;
  }

  bool is_of(const ec2::Snapshot& snapshot, const BackupId& backup) const {
    const auto made_as = backup_of(snapshot);
    return made_as && made_as->backup == backup;
  }

  /// The backup that it was made for, by its own description, or by that of the backup's image. A
  /// tag makes a pre-snapshot one of a backup, so there the digest has to prove the tags.
  std::optional<SnapshotDescription> backup_of(const ec2::Snapshot& snapshot) const {
    if (auto made_as = made_as_backup(snapshot)) {
      const bool is_proven = made_as->kind != SnapshotDescription::Kind::pre_snapshot ||
                             has_tags_as_made(*made_as, snapshot.tags);
      return is_proven ? std::move(made_as) : std::nullopt;
    }
    for (const auto& image : facts_.images) {
      auto made_as = made_as_backup(image);
      if (made_as && contains(image.snapshots, snapshot.id)) {
        return made_as;
      }
    }
    return std::nullopt;
  }

  const FinishFacts& facts_;
  const RestoreRecord& record_;
  const FinishPlan& plan_;
  BackupId taken_back_;
};

class AskingForFinish {
 public:
  AskingForFinish(ec2::Caller& ec2, const RestoreRecord& record, const FinishPlan& plan)
      : ec2_(ec2), record_(record), plan_(plan) {}

  Task<Result<FinishFacts>> run() {
    const auto volumes = replaced_volumes();
    CO_TRY_STATUS(co_await ask_for_snapshots("volume-id", volumes));
    const auto snapshots = origins();
    CO_TRY_STATUS(co_await ask_for_snapshots("snapshot-id", snapshots));
    CO_TRY_STATUS(co_await ask_for_images());
    if (!plan_.adopts.empty()) {
      std::vector<ec2::Filter> filters{{"client-token", {record_.restore.str()}}};
      CO_TRY(const auto servers, co_await ec2::look_at_instances(ec2_, {}, std::move(filters)));
      for (const auto& server : servers) {
        facts_.launched.push_back(server.id);
      }
    }
    co_return std::move(facts_);
  }

 private:
  std::vector<std::string> replaced_volumes() const {
    std::vector<std::string> ids;
    for (const auto& volume : plan_.deletes) {
      if (is_replaced(record_, volume)) {
        ids.push_back(volume.id.str());
      }
    }
    return ids;
  }

  std::vector<std::string> origins() const {
    std::vector<std::string> ids;
    const auto add = [&](const SnapshotId& id) {
      if (!id.empty() && !contains(ids, id.str())) {
        ids.push_back(id.str());
      }
    };
    for (const auto& volume : plan_.deletes) {
      if (needs_origin(record_, volume)) {
        add(volume.made_from);
      }
    }
    for (const auto& image : record_.images) {
      if (contains(plan_.deregisters, image.id)) {
        std::ranges::for_each(image.snapshots, add);
      }
    }
    return ids;
  }

  /// By filter: one that is gone fails nothing.
  Task<Status> ask_for_snapshots(std::string filter, std::vector<std::string> values) {
    for (auto& part : chunks(values, ec2::most_filter_values)) {
      std::vector<ec2::Filter> filters{{filter, std::move(part)}};
      CO_TRY(auto some, co_await ec2::describe_snapshots(ec2_, {}, std::move(filters)));
      for (auto& snapshot : some) {
        if (!contains(facts_.snapshots, snapshot.id, &ec2::Snapshot::id)) {
          facts_.snapshots.push_back(std::move(snapshot));
        }
      }
    }
    co_return Status();
  }

  /// Few backups have any: only then is there something to ask for.
  Task<Status> ask_for_images() {
    std::vector<std::string> ids;
    for (const auto& snapshot : facts_.snapshots) {
      if (!made_as_backup(snapshot) && ec2::find_tag(snapshot.tags, method_tag_key)) {
        ids.push_back(snapshot.id.str());
      }
    }
    for (auto& part : chunks(ids, ec2::most_filter_values)) {
      std::vector<ec2::Filter> filters{{"block-device-mapping.snapshot-id", std::move(part)}};
      CO_TRY(auto some, co_await ec2::describe_images(ec2_, {}, std::move(filters)));
      std::ranges::move(some, std::back_inserter(facts_.images));
    }
    co_return Status();
  }

  ec2::Caller& ec2_;
  const RestoreRecord& record_;
  const FinishPlan& plan_;
  FinishFacts facts_;
};

}  // namespace

Status supports_finish(const FinishFacts& facts, const RestoreRecord& record,
                       const FinishPlan& plan) {
  SupportingFinish supporting(facts, record, plan);
  return supporting.run();
}

Task<Status> check_finish(ec2::Caller& ec2, RestoreRecord record, FinishPlan plan) {
  AskingForFinish asking(ec2, record, plan);
  CO_TRY(const auto facts, co_await asking.run());
  co_return supports_finish(facts, record, plan);
}

}  // namespace pitstop
