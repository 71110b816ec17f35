#include "restore/lost_restore.hpp"

#include "backup/ending_fast_restore.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {
namespace {

/// EC2 is eventually consistent: so long may something new be missing.
constexpr Duration lost_visible_after = Seconds(15);
constexpr Duration between_looks_at_lost = Seconds(3);

std::vector<ec2::Filter> of_backup(const BackupId& backup) {
  return {{"tag:pitstop:backup", {backup.str()}}};
}

Task<Result<std::vector<ImageId>>> images_of(ec2::Caller& ec2, OpenRestore restore) {
  std::vector<ec2::Filter> filters{{"name", {restore_image_name(restore.restore, restore.backup)}}};
  CO_TRY(const auto images, co_await ec2::describe_images(ec2, {}, std::move(filters)));
  std::vector<ImageId> ids;
  for (const auto& image : images) {
    if (!ec2::find_tag(image.tags, kept_image_tag_key)) {
      ids.push_back(image.id);
    }
  }
  co_return ids;
}

Task<Result<LostRestore>> look_once(ec2::Caller& ec2, OpenRestore restore) {
  LostRestore lost;
  CO_TRY(lost.images, co_await images_of(ec2, restore));
  CO_TRY(lost.fast_restore, co_await may_be_restored_fast(ec2, restore.restore));
  CO_TRY(auto found, co_await find_restores({&ec2}, restore.restore));
  if (!found.silent_sites.empty()) {
    co_return fail(std::move(found.silent_sites.front().second));
  }
  for (const auto& record : found.items) {
    lost.servers = record.servers;
    for (const auto& volume : record.made) {
      if (volume.attachments.empty()) {
        lost.volumes.push_back(volume.id);
      }
    }
  }
  co_return lost;
}

}  // namespace

Task<Result<LostRestore>> look_for_lost(ec2::Caller& ec2, Clock& clock, OpenRestore restore) {
  const Instant end = clock.now() + lost_visible_after;
  while (true) {
    CO_TRY(auto lost, co_await look_once(ec2, restore));
    if (clock.now() >= end) {
      co_return lost;
    }
    co_await clock.sleep(between_looks_at_lost);
  }
}

Task<Status> clear_away(ec2::Caller& ec2, OpenRestore restore, LostRestore lost) {
  for (const auto& image : lost.images) {
    CO_TRY_STATUS(co_await ec2::deregister_image(ec2, image));
  }
  if (lost.fast_restore) {
    CO_TRY(const auto snapshots,
           co_await ec2::describe_snapshots(ec2, {}, of_backup(restore.backup)));
    std::vector<SnapshotId> ids;
    for (const auto& snapshot : snapshots) {
      ids.push_back(snapshot.id);
    }
    CO_TRY_STATUS(co_await end_fast_restores_of(ec2, restore.restore, std::move(ids)));
  }
  co_return Status();
}

}  // namespace pitstop
