#include "prune/leftovers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "backup/priming.hpp"
#include "backup/snapshot_description.hpp"
#include "base/check.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {
namespace {

std::string value_of(const ec2::Tags& tags, std::string_view key) {
  return ec2::find_tag(tags, key).value_or("");
}

bool is_tagged_by_restore(const ec2::Image& image) {
  return ec2::find_tag(image.tags, restored_from_tag_key) &&
         ec2::find_tag(image.tags, restore_tag_key) &&
         !ec2::find_tag(image.tags, kept_image_tag_key);
}

Leftover prime_of(const ec2::Snapshot& snapshot) {
  return {.kind = Leftover::Kind::prime,
          .instance = InstanceId(value_of(snapshot.tags, "pitstop:instance")),
          .name = value_of(snapshot.tags, "Name"),
          .run = RunId(value_of(snapshot.tags, "pitstop:run")),
          .backup = {},
          .snapshots = {},
          .image = {},
          .made = {}};
}

/// Those of a restore are of one server, as its backup is.
Leftover fast_restore_of(LostFastRestore lost, const std::vector<ec2::Snapshot>& snapshots,
                         const std::vector<BackupSet>& sets) {
  const auto first = std::ranges::find(snapshots, lost.snapshots.front(), &ec2::Snapshot::id);
  Leftover leftover{.kind = Leftover::Kind::fast_restore,
                    .instance = InstanceId(value_of(first->tags, "pitstop:instance")),
                    .name = value_of(first->tags, "Name"),
                    .run = {},
                    .backup = BackupId(value_of(first->tags, "pitstop:backup")),
                    .snapshots = {},
                    .image = {},
                    .made = lost.tag.since};
  const auto set = std::ranges::find(sets, leftover.backup, &BackupSet::backup);
  if (set != sets.end()) {
    leftover.name = set->name;  // the name of a snapshot may be its volume's
  }
  leftover.fast_restore = std::move(lost);
  return leftover;
}

void add_to(Leftover& prime, const ec2::Snapshot& snapshot) {
  prime.snapshots.push_back({.id = snapshot.id,
                             .volume = snapshot.volume,
                             .device = {},
                             .state = snapshot.state,
                             .state_message = {},
                             .progress = snapshot.progress,
                             .size = snapshot.size,
                             .full_bytes = snapshot.full_bytes});
  if (snapshot.started && (!prime.made || *prime.made < *snapshot.started)) {
    prime.made = snapshot.started;
  }
}

Leftover image_of(const ec2::Image& image, const BackupSet& set) {
  return {.kind = Leftover::Kind::restore_image,
          .instance = set.instance,
          .name = set.name,
          .run = {},
          .backup = set.backup,
          .snapshots = {},
          .image = image.id,
          .made = image.created};
}

Leftover doubles_of(const BackupSet& set) {
  return {.kind = Leftover::Kind::doubles,
          .instance = set.instance,
          .name = set.name,
          .run = set.run,
          .backup = set.backup,
          .snapshots = set.doubles,
          .image = {},
          .made = set.taken};
}

/// Of what is not pitstop's nothing is ended, whatever its tags say.
std::vector<ec2::Snapshot> those_of(const std::vector<BackupSet>& sets,
                                    const std::vector<ec2::Snapshot>& snapshots) {
  std::set<SnapshotId> known;
  for (const auto& set : sets) {
    for (const auto& snapshot : set.snapshots) {
      if (set.is_pitstops) {
        known.insert(snapshot.id);
      }
    }
  }
  std::vector<ec2::Snapshot> theirs;
  std::ranges::copy_if(snapshots, std::back_inserter(theirs),
                       [&](const ec2::Snapshot& one) { return known.contains(one.id); });
  return theirs;
}

Task<Result<std::vector<Leftover>>> look_at_site(ec2::Caller& caller, std::size_t site,
                                                 BackupSearch search, std::vector<BackupSet> sets) {
  std::erase_if(sets, [&](const BackupSet& set) { return set.site != site; });
  std::vector<ec2::Snapshot> snapshots;
  auto questions = narrowed_to(search, prime_filters());
  std::ranges::move(narrowed_to(search, fast_restore_filters()), std::back_inserter(questions));
  for (auto& filters : questions) {
    CO_TRY(auto some, co_await ec2::describe_snapshots(caller, {}, filters));
    std::ranges::move(some, std::back_inserter(snapshots));
  }
  std::vector<ec2::Filter> restored{{"tag-key", {restored_from_tag_key}}};
  CO_TRY(const auto images, co_await ec2::describe_images(caller, {}, std::move(restored)));
  auto found = leftovers_of(snapshots, images, sets);
  for (auto& leftover : found) {
    leftover.site = site;
  }
  co_return found;
}

}  // namespace

std::string_view to_string(Leftover::Kind kind) {
  switch (kind) {
    case Leftover::Kind::prime:
      return "prime";
    case Leftover::Kind::restore_image:
      return "restore_image";
    case Leftover::Kind::fast_restore:
      return "fast_restore";
    case Leftover::Kind::doubles:
      return "doubles";
  }
  unreachable();
}

/// One of an earlier version was described as the backup that it was taken before.
bool is_lost_prime(const ec2::Snapshot& snapshot) {
  const auto& tags = snapshot.tags;
  const auto made_as = parse_snapshot_description(snapshot.description);
  const bool is_tagged = value_of(tags, prime_tag_key) == prime_to_remove &&
                         !value_of(tags, "pitstop:run").empty() &&
                         !ec2::find_tag(tags, "pitstop:backup");
  if (!is_tagged || !made_as || value_of(tags, "pitstop:instance") != made_as->instance.str()) {
    return false;
  }
  return made_as->kind == SnapshotDescription::Kind::pre_snapshot
             ? made_as->run.str() == value_of(tags, "pitstop:run")
             : made_as->kind == SnapshotDescription::Kind::backup && made_as->digest.empty();
}

bool is_image_of_restore(const ec2::Image& image, const BackupSet& set) {
  return value_of(image.tags, restored_from_tag_key) == set.backup.str() &&
         is_tagged_by_restore(image) && image.name.starts_with("pitstop ") &&
         image.description == restore_image_description(set.backup, set.instance) &&
         set.is_pitstops && !image.snapshots.empty() &&
         std::ranges::all_of(image.snapshots, [&](const SnapshotId& id) {
           return contains(set.snapshots, id, &SetSnapshot::id);
         });
}

std::vector<Leftover> leftovers_of(const std::vector<ec2::Snapshot>& snapshots,
                                   const std::vector<ec2::Image>& images,
                                   const std::vector<BackupSet>& sets) {
  std::map<std::pair<std::string, std::string>, Leftover> primes;
  for (const auto& snapshot : snapshots) {
    if (is_lost_prime(snapshot)) {
      auto prime = prime_of(snapshot);
      auto& known =
          primes.try_emplace({prime.run.str(), prime.instance.str()}, prime).first->second;
      add_to(known, snapshot);
    }
  }
  std::vector<Leftover> all;
  for (auto& [key, prime] : primes) {
    all.push_back(std::move(prime));
  }
  for (const auto& image : images) {
    const auto set = std::ranges::find_if(
        sets, [&](const BackupSet& one) { return is_image_of_restore(image, one); });
    if (set != sets.end()) {
      all.push_back(image_of(image, *set));
    }
  }
  const auto of_sets = those_of(sets, snapshots);
  for (auto& lost : fast_restores_of(of_sets)) {
    all.push_back(fast_restore_of(std::move(lost), of_sets, sets));
  }
  for (const auto& set : sets) {
    if (!set.doubles.empty() && set.is_pitstops) {
      all.push_back(doubles_of(set));
    }
  }
  return all;
}

Task<Result<FromSites<Leftover>>> find_leftovers(std::vector<ec2::Caller*> sites,
                                                 BackupSearch search, std::vector<BackupSet> sets) {
  const auto ask = [search, sets](ec2::Caller& caller, std::size_t site) {
    return look_at_site(caller, site, search, sets);
  };
  return ask_every_site<Leftover>(std::move(sites), ask);
}

Task<Result<std::vector<ec2::Image>>> images_on(ec2::Caller& caller,
                                                std::vector<SnapshotId> snapshots) {
  std::vector<std::string> ids;
  for (const auto& snapshot : snapshots) {
    ids.push_back(snapshot.str());
  }
  std::vector<ec2::Image> images;
  for (const auto& part : chunks(ids, ec2::most_filter_values)) {
    std::vector<ec2::Filter> filters{{"block-device-mapping.snapshot-id", part}};
    CO_TRY(auto some, co_await ec2::describe_images(caller, {}, std::move(filters)));
    for (auto& image : some) {
      if (!contains(images, image.id, &ec2::Image::id)) {
        images.push_back(std::move(image));
      }
    }
  }
  co_return images;
}

std::vector<ec2::Filter> prime_filters() {
  return {{fmt::format("tag:{}", prime_tag_key), {prime_to_remove}}, {"tag-key", {"pitstop:run"}}};
}

std::vector<ec2::Filter> fast_restore_filters() {
  return {{"tag-key", {fast_restore_tag_key}}};
}

}  // namespace pitstop
