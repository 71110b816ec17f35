#include "restore/restore_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "backup/making_volumes.hpp"
#include "backup/plan.hpp"
#include "backup/swap.hpp"
#include "base/contains.hpp"
#include "ec2/images.hpp"
#include "ec2/instances.hpp"
#include "ec2/tags.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {
namespace {

using Records = std::map<std::string, RestoreRecord>;

/// That of a thing whose tag names one; null if it has no such tag.
RestoreRecord* record_of(Records& records, const ec2::Tags& tags, std::string_view key) {
  const auto restore = ec2::find_tag(tags, key);
  if (!restore || restore->empty()) {
    return nullptr;
  }
  auto& record = records[*restore];
  record.restore = RestoreId(*restore);
  if (const auto backup = ec2::find_tag(tags, restored_from_tag_key);
      backup && key == restore_tag_key) {
    record.backup = BackupId(*backup);
  }
  return &record;
}

void add(Records& records, const ec2::Volume& volume) {
  if (auto* maker = record_of(records, volume.tags, restore_tag_key)) {
    maker->made.push_back(volume);
    if (volume.created && (!maker->made_at || *volume.created < *maker->made_at)) {
      maker->made_at = volume.created;
    }
    if (ec2::find_tag(volume.tags, restored_volume_tag_key)) {
      maker->kind = RestoreKind::volumes;
    }
  }
  if (auto* keeper = record_of(records, volume.tags, replaced_by_tag_key)) {
    keeper->kept.push_back(volume);
  }
}

void add(Records& records, const ec2::Instance& server) {
  if (ec2::is_gone(server)) {
    return;
  }
  if (auto* maker = record_of(records, server.tags, restore_tag_key)) {
    maker->kind = RestoreKind::new_server;
    maker->servers.push_back({.id = server.id,
                              .name = server.name().value_or(""),
                              .state = server.state,
                              .restored_from = ec2::find_tag(server.tags, restored_from_tag_key)});
  }
}

/// The image of a backup that a restore in place took before has the tag of that restore, too. It
/// is the backup's.
void add(Records& records, const ec2::Image& image) {
  if (!ec2::find_tag(image.tags, restored_from_tag_key)) {
    return;
  }
  if (auto* maker = record_of(records, image.tags, restore_tag_key)) {
    maker->kind = RestoreKind::new_server;
    maker->images.push_back({.id = image.id,
                             .name = image.name,
                             .snapshots = image.snapshots,
                             .kept = ec2::find_tag(image.tags, kept_image_tag_key).has_value()});
  }
}

/// One in place is known by what it has replaced, or by where its volumes are.
void tell_kind(RestoreRecord& record) {
  const bool attached = std::ranges::any_of(
      record.made, [](const ec2::Volume& volume) { return !volume.attachments.empty(); });
  if (record.kind) {
    return;
  }
  if (record.made.empty() && !record.kept.empty()) {
    record.kind = RestoreKind::rollback;
  } else if (attached || !record.kept.empty()) {
    record.kind = RestoreKind::in_place;
  }
}

Task<Result<std::vector<RestoreRecord>>> look_at_site(ec2::Caller& caller, std::size_t site,
                                                      std::optional<RestoreId> restore) {
  const auto with = [&](std::string_view key) {
    ec2::Filter filter{.name = "tag-key", .values = {std::string(key)}};
    if (restore) {
      filter = {fmt::format("tag:{}", key), {restore->str()}};
    }
    return std::vector<ec2::Filter>{std::move(filter)};
  };
  auto made = with(restore_tag_key);
  auto kept = with(replaced_by_tag_key);
  CO_TRY(auto volumes, co_await ec2::describe_volumes(caller, {}, made));
  CO_TRY(const auto replaced, co_await ec2::describe_volumes(caller, {}, std::move(kept)));
  for (const auto& volume : replaced) {
    if (std::ranges::find(volumes, volume.id, &ec2::Volume::id) == volumes.end()) {
      volumes.push_back(volume);
    }
  }
  CO_TRY(const auto servers, co_await ec2::look_at_instances(caller, {}, made));
  CO_TRY(const auto images, co_await ec2::describe_images(caller, {}, std::move(made)));
  auto found = restores_of(servers, volumes, images);
  std::erase_if(found, [&](const RestoreRecord& record) {
    return restore && record.restore != *restore;  // what it has replaced was made by another one
  });
  for (auto& record : found) {
    record.site = site;
  }
  co_return found;
}

}  // namespace

std::optional<InstanceId> RestoreRecord::server() const {
  if (!servers.empty()) {
    return servers.front().id;
  }
  for (const auto& volume : made) {
    if (!volume.attachments.empty()) {
      return volume.attachments.front().instance;
    }
  }
  for (const auto& volume : kept) {
    if (const auto place = parse_replaced(volume)) {
      return place->instance;
    }
  }
  return std::nullopt;
}

ec2::Gibibytes RestoreRecord::unused() const {
  std::int64_t sum = 0;
  for (const auto* volumes : {&made, &kept}) {
    for (const auto& volume : *volumes) {
      sum += volume.attachments.empty() ? static_cast<std::int64_t>(volume.size) : 0;
    }
  }
  return ec2::Gibibytes(sum);
}

std::vector<RestoreRecord> restores_of(const std::vector<ec2::Instance>& servers,
                                       const std::vector<ec2::Volume>& volumes,
                                       const std::vector<ec2::Image>& images) {
  Records records;
  for (const auto& volume : volumes) {
    add(records, volume);
  }
  for (const auto& server : servers) {
    add(records, server);
  }
  for (const auto& image : images) {
    add(records, image);
  }
  std::vector<RestoreRecord> all;
  for (auto& [restore, record] : records) {
    tell_kind(record);
    all.push_back(std::move(record));
  }
  std::ranges::sort(all, [](const RestoreRecord& a, const RestoreRecord& b) {
    return std::tie(b.made_at, a.restore) < std::tie(a.made_at, b.restore);
  });
  return all;
}

Task<Result<FromSites<RestoreRecord>>> find_restores(std::vector<ec2::Caller*> sites,
                                                     std::optional<RestoreId> restore) {
  const auto ask = [restore](ec2::Caller& caller, std::size_t site) {
    return look_at_site(caller, site, restore);
  };
  return ask_every_site<RestoreRecord>(std::move(sites), ask);
}

Result<FinishPlan> plan_finish(const RestoreRecord& record) {
  FinishPlan plan;
  plan.deletes = record.kept;
  if (record.kind == RestoreKind::volumes) {
    std::ranges::copy(record.made, std::back_inserter(plan.deletes));
  }
  for (const auto& volume : plan.deletes) {
    if (!volume.attachments.empty()) {
      const auto& place = volume.attachments.front();
      return fail(ErrorKind::refused,
                  fmt::format("{} is attached to {} ({})", volume.id.str(), place.instance.str(),
                              place.device),
                  fmt::format("unmount and detach it first: aws ec2 detach-volume --volume-id {}",
                              volume.id.str()));
    }
  }
  for (const auto& server : record.servers) {
    if (!server.adopted()) {
      plan.adopts.push_back(server.id);
    }
  }
  for (const auto& image : record.images) {
    if (!image.kept) {
      plan.deregisters.push_back(image.id);
    }
  }
  return plan;
}

Task<Status> finish_restore(ec2::Caller& ec2, RestoreRecord record, FinishPlan plan) {
  for (const auto& server : record.servers) {
    if (contains(plan.adopts, server.id) && server.restored_from) {
      std::vector<std::string> resource{server.id.str()};
      CO_TRY_STATUS(co_await ec2::delete_tags(ec2, std::move(resource),
                                              {{restored_from_tag_key, *server.restored_from}}));
    }
  }
  for (const auto& image : plan.deregisters) {
    CO_TRY_STATUS(co_await ec2::deregister_image(ec2, image));
  }
  std::vector<VolumeId> volumes;
  for (const auto& volume : plan.deletes) {
    volumes.push_back(volume.id);
  }
  co_return co_await delete_volumes(ec2, std::move(volumes));
}

}  // namespace pitstop
