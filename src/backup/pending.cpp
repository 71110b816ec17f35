#include "backup/pending.hpp"

#include <algorithm>

#include "base/chunks.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

constexpr Duration between_snapshots = Seconds(15);

}  // namespace

Task<Result<std::vector<ec2::Snapshot>>> find_pending_snapshots(ec2::Caller& caller,
                                                                std::vector<ec2::Volume> volumes) {
  std::vector<ec2::Snapshot> pending;
  for (const auto& part : chunks(volumes, ec2::most_filter_values)) {
    std::vector<ec2::Filter> filters{{"status", {"pending"}}, {"volume-id", {}}};
    for (const auto& volume : part) {
      filters.back().values.push_back(volume.id.str());
    }
    CO_TRY(auto some, co_await ec2::look_at_snapshots(caller, {}, std::move(filters)));
    std::ranges::move(some, std::back_inserter(pending));
  }
  std::ranges::sort(pending, {}, &ec2::Snapshot::started);
  co_return pending;
}

Duration until_more_are_taken(const std::vector<ec2::Snapshot>& pending, WallTime now) {
  Duration wait{};
  for (const auto& snapshot : pending) {
    if (snapshot.started) {
      wait = std::max<Duration>(wait, *snapshot.started + between_snapshots - now);
    }
  }
  return std::min(wait, between_snapshots);
}

}  // namespace pitstop
