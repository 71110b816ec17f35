#include "backup/pending.hpp"

#include <algorithm>

#include "backup/surprises.hpp"
#include "base/chunks.hpp"
#include "base/contains.hpp"
#include "base/together.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

constexpr Duration between_snapshots = Seconds(15);

using Volumes = std::vector<VolumeId>;
using Pending = Result<std::vector<ec2::Snapshot>>;

Task<Pending> find_pending(ec2::Caller& caller, Volumes volumes) {
  std::vector<ec2::Snapshot> pending;
  for (const auto& part : chunks(volumes, ec2::most_filter_values)) {
    std::vector<ec2::Filter> filters{{"status", {"pending"}}, {"volume-id", {}}};
    for (const auto& volume : part) {
      filters.back().values.push_back(volume.str());
    }
    CO_TRY(auto some, co_await ec2::look_at_snapshots(caller, {}, std::move(filters)));
    std::ranges::move(some, std::back_inserter(pending));
  }
  std::ranges::sort(pending, {}, &ec2::Snapshot::started);
  co_return pending;
}

/// To each his own; what keeps EC2 from answering concerns them all.
std::vector<Pending> shared_out(const Pending& found, const std::vector<Volumes>& asked) {
  std::vector<Pending> answers;
  for (const auto& volumes : asked) {
    if (!found) {
      answers.push_back(found);
      continue;
    }
    std::vector<ec2::Snapshot> own;
    std::ranges::copy_if(*found, std::back_inserter(own), [&](const ec2::Snapshot& snapshot) {
      return contains(volumes, snapshot.volume);
    });
    answers.emplace_back(std::move(own));
  }
  return answers;
}

Task<std::vector<Pending>> find_for_all(ec2::Caller& caller, Clock& clock,
                                        std::vector<Volumes> asked) {
  Volumes all;
  for (const auto& volumes : asked) {
    std::ranges::copy(volumes, std::back_inserter(all));
  }
  auto finding = find_pending(caller, std::move(all));
  const auto found = co_await without_surprises(clock, std::move(finding));
  co_return shared_out(found ? *found : fail(found.error()), asked);
}

}  // namespace

struct PendingSnapshots::Gathering {
  Gathering(ec2::Caller& caller, Clock& clock, Duration moment)
      : together(clock, moment, [&caller, &clock](std::vector<Volumes> asked) {
          return find_for_all(caller, clock, std::move(asked));
        }) {}

  Together<Volumes, Pending> together;
};

PendingSnapshots::PendingSnapshots(ec2::Caller& caller, Clock& clock, Duration moment)
    : gathering_(std::make_unique<Gathering>(caller, clock, moment)) {}

PendingSnapshots::~PendingSnapshots() = default;

Task<Result<std::vector<ec2::Snapshot>>> PendingSnapshots::of(
    const std::vector<ec2::Volume>& volumes) {
  Volumes ids;
  for (const auto& volume : volumes) {
    ids.push_back(volume.id);
  }
  return gathering_->together.ask(std::move(ids));
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
