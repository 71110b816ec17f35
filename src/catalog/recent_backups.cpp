#include "catalog/recent_backups.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "backup/plan.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "catalog/backup_set.hpp"
#include "ec2/images.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

/// Patterns of the filter start-time, one a day; nothing where they are more than it takes.
std::vector<std::string> days(WallTime since, WallTime now) {
  constexpr std::size_t length_of_day = 10;
  // A day more at each end, for the clocks differ.
  const auto first = std::chrono::floor<std::chrono::days>(since) - std::chrono::days(1);
  const auto last = std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1);
  if ((last - first).count() + 1 > static_cast<std::int64_t>(ec2::most_filter_values)) {
    return {};
  }
  std::vector<std::string> patterns;
  for (auto day = first; day <= last; day += std::chrono::days(1)) {
    patterns.push_back(rfc3339(WallTime(day)).substr(0, length_of_day) + "*");
  }
  return patterns;
}

std::vector<ec2::Filter> of_servers(std::vector<std::string> ids) {
  return {{"tag-key", {"pitstop:policy"}}, {"tag:pitstop:instance", std::move(ids)}};
}

/// What EC2 itself says of one server's snapshots.
class Facts {
 public:
  Facts(const std::vector<SelectedServer>& servers, const std::vector<ec2::Snapshot>& snapshots) {
    for (const auto& server : servers) {
      for (const auto& volume : server.volumes) {
        volumes_[server.instance.id].insert(volume.id);
      }
    }
    for (const auto& snapshot : snapshots) {
      by_id_.emplace(snapshot.id, &snapshot);
    }
  }

  /// When the first snapshot of a set of the server's began; nothing if it is none of it.
  std::optional<WallTime> begun(const BackupSet& set) const {
    const auto own = volumes_.find(set.instance);
    bool fits = false;
    std::optional<WallTime> first;
    for (const auto& part : set.snapshots) {
      const auto& snapshot = *by_id_.at(part.id);
      fits |= own != volumes_.end() && own->second.contains(snapshot.volume);
      if (snapshot.started && (!first || *snapshot.started < *first)) {
        first = snapshot.started;
      }
    }
    return fits && !set.copied_from ? first : std::nullopt;
  }

 private:
  std::map<InstanceId, std::set<VolumeId>> volumes_;
  std::map<SnapshotId, const ec2::Snapshot*> by_id_;
};

struct Found {
  std::vector<ec2::Snapshot> snapshots;
  std::vector<ec2::Image> images;
};

Task<Result<Found>> find(ec2::Caller& caller, std::vector<std::string> ids,
                         std::vector<std::string> patterns) {
  Found found;
  for (const auto& part : chunks(ids, ec2::most_filter_values)) {
    auto filters = of_servers(part);
    if (!patterns.empty()) {
      filters.push_back({"start-time", patterns});
    }
    CO_TRY(auto some, co_await ec2::describe_snapshots(caller, {}, filters));
    const bool has_images = std::ranges::any_of(some, [](const ec2::Snapshot& snapshot) {
      return ec2::find_tag(snapshot.tags, method_tag_key).has_value();
    });
    std::ranges::move(some, std::back_inserter(found.snapshots));
    if (has_images) {
      CO_TRY(auto images, co_await ec2::describe_images(caller, {}, of_servers(part)));
      std::ranges::move(images, std::back_inserter(found.images));
    }
  }
  co_return found;
}

}  // namespace

Task<Result<std::vector<RecentBackup>>> recent_backups(ec2::Caller& caller,
                                                       std::vector<SelectedServer> servers,
                                                       WallTime since, WallTime now) {
  std::vector<std::string> ids;
  for (const auto& server : servers) {
    ids.push_back(server.instance.id.str());
  }
  CO_TRY(const auto found, co_await find(caller, std::move(ids), days(since, now)));
  const Facts facts(servers, found.snapshots);
  std::vector<RecentBackup> recent;
  for (const auto& set : sets_of(found.snapshots, found.images)) {
    const auto begun = facts.begun(set);
    if (begun && *begun >= since) {
      recent.push_back({.instance = set.instance,
                        .policy = set.policy,
                        .begun = std::min(*begun, now),
                        .good = set.state == SetState::complete || set.state == SetState::pending});
    }
  }
  co_return recent;
}

}  // namespace pitstop
