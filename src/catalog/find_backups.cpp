#include "catalog/find_backups.hpp"

#include <fmt/format.h>

#include "backup/plan.hpp"
#include "backup/policy_names.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

/// What snapshots and images of backups have in common.
std::vector<std::vector<ec2::Filter>> questions_for(const BackupSearch& search) {
  return narrowed_to(search,
                     search.backup
                         ? std::vector<ec2::Filter>{{"tag:pitstop:backup", {search.backup->str()}}}
                         : std::vector<ec2::Filter>{{"tag-key", {"pitstop:backup"}}});
}

/// How the snapshots are found that sets seem to lack: by what they were described as when they
/// were made, and by the images that stand on them. A tag that was changed hides a snapshot from
/// whoever looks for tags, and a set that is incomplete only by that must not be taken for one.
std::vector<std::vector<ec2::Filter>> questions_for_hidden(const std::vector<BackupSet>& sets) {
  std::vector<std::string> descriptions;
  std::vector<std::string> ids;
  for (const auto& set : sets) {
    if (set.state != SetState::incomplete || !set.is_pitstops) {
      continue;
    }
    descriptions.push_back(fmt::format("pitstop {} of {}*", set.backup.str(), set.instance.str()));
    for (const auto& id : set.image ? set.image->snapshots : std::vector<SnapshotId>()) {
      ids.push_back(id.str());
    }
  }
  std::vector<std::vector<ec2::Filter>> questions;
  for (auto& part : chunks(descriptions, ec2::most_filter_values)) {
    questions.push_back({{"description", std::move(part)}});
  }
  for (auto& part : chunks(ids, ec2::most_filter_values)) {
    questions.push_back({{"snapshot-id", std::move(part)}});
  }
  return questions;
}

/// The images that stand on sets which seem to lack theirs.
Task<Status> add_hidden_images(ec2::Caller& caller, const std::vector<BackupSet>& sets,
                               std::vector<ec2::Image>& images) {
  std::vector<std::string> ids;
  for (const auto& set : sets) {
    if (set.state == SetState::incomplete && set.method == Method::image && !set.image) {
      ids.push_back(set.snapshots.front().id.str());
    }
  }
  for (auto& part : chunks(ids, ec2::most_filter_values)) {
    std::vector<ec2::Filter> filters{{"block-device-mapping.snapshot-id", std::move(part)}};
    CO_TRY(auto some, co_await ec2::describe_images(caller, {}, std::move(filters)));
    std::ranges::move(some, std::back_inserter(images));
  }
  co_return Status();
}

Task<Status> add_hidden_snapshots(ec2::Caller& caller, const std::vector<BackupSet>& sets,
                                  std::vector<ec2::Snapshot>& snapshots) {
  for (const auto& filters : questions_for_hidden(sets)) {
    CO_TRY(auto some, co_await ec2::describe_snapshots(caller, {}, filters));
    for (auto& snapshot : some) {
      if (!contains(snapshots, snapshot.id, &ec2::Snapshot::id)) {
        snapshots.push_back(std::move(snapshot));
      }
    }
  }
  co_return Status();
}

Task<Result<std::vector<BackupSet>>> find_at_site(ec2::Caller& caller, std::size_t site,
                                                  BackupSearch search) {
  std::vector<ec2::Snapshot> snapshots;
  std::vector<ec2::Image> images;
  for (const auto& filters : questions_for(search)) {
    CO_TRY(auto some, co_await ec2::describe_snapshots(caller, {}, filters));
    std::ranges::move(some, std::back_inserter(snapshots));
  }
  // Few have any: only then is there something to ask for.
  const bool has_images = std::ranges::any_of(snapshots, [](const ec2::Snapshot& snapshot) {
    return ec2::find_tag(snapshot.tags, method_tag_key).has_value();
  });
  if (has_images) {
    for (const auto& filters : questions_for(search)) {
      CO_TRY(auto some, co_await ec2::describe_images(caller, {}, filters));
      std::ranges::move(some, std::back_inserter(images));
    }
  }
  auto sets = sets_of(snapshots, images);
  const auto images_seen = images.size();
  CO_TRY_STATUS(co_await add_hidden_images(caller, sets, images));
  if (images.size() > images_seen) {
    sets = sets_of(snapshots, images);
  }
  const auto snapshots_seen = snapshots.size();
  CO_TRY_STATUS(co_await add_hidden_snapshots(caller, sets, snapshots));
  if (snapshots.size() > snapshots_seen) {
    sets = sets_of(snapshots, images);
  }
  for (auto& set : sets) {
    set.site = site;
  }
  co_return sets;
}

}  // namespace

std::vector<std::vector<ec2::Filter>> narrowed_to(const BackupSearch& search,
                                                  std::vector<ec2::Filter> common) {
  if (search.policy) {
    common.push_back({"tag:pitstop:policy", filter_values_of_policy(*search.policy)});
  }
  if (search.instances.empty()) {
    return {common};
  }
  std::vector<std::string> ids;
  for (const auto& instance : search.instances) {
    ids.push_back(instance.str());
  }
  std::vector<std::vector<ec2::Filter>> questions;
  for (const auto& part : chunks(ids, ec2::most_filter_values)) {
    questions.push_back(common);
    questions.back().push_back({"tag:pitstop:instance", part});
  }
  return questions;
}

Task<Result<FromSites<BackupSet>>> find_backups(std::vector<ec2::Caller*> sites,
                                                BackupSearch search) {
  const auto ask = [search](ec2::Caller& caller, std::size_t site) {
    return find_at_site(caller, site, search);
  };
  return ask_every_site<BackupSet>(std::move(sites), ask);
}

}  // namespace pitstop
