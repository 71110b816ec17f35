#include "backup/interrupted_restore.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backup/evidence.hpp"
#include "backup/swapping.hpp"
#include "base/contains.hpp"
#include "ec2/instances.hpp"

namespace pitstop {
namespace {

/// A request that was on its way takes effect within that time, or not at all.
constexpr Duration request_is_late_at_most = Seconds(30);

/// Volumes are made before the stop: after a place in the limiter, and once more when the rotation
/// has been left.
constexpr Milliseconds longest_preparation = std::chrono::hours(2);

}  // namespace

/// A server whose volumes are exchanged in part gets the rest of them; one where nothing has been
/// exchanged keeps what it has.
Task<Status> InterruptedRestore::finish() {
  outcome_.swapped = SwapState::old;
  co_await let_late_requests_arrive();
  auto swap = *stranded_.swap;
  if (stranded_.in_journal) {
    CO_TRY_STATUS(co_await complete_swap(tools_.ec2, outcome_.instance,
                                         outcome_.begun - clock_skew - longest_preparation, swap));
  }
  swap_ = std::move(swap);
  CO_TRY(const auto progress, co_await progress_of(tools_.ec2, outcome_.instance, *swap_));
  const bool all_exist = std::ranges::none_of(
      swap_->volumes, [](const SwappedVolume& volume) { return volume.in.empty(); });
  if (progress == SwapProgress::not_begun || !all_exist) {
    is_settled_ = true;  // nothing is replaced before all new volumes exist
    co_return Status();
  }
  if (progress == SwapProgress::begun) {
    CO_TRY_STATUS(co_await see_that_it_may());
    CO_TRY_STATUS(co_await see_that_it_rests());
  }
  const auto swapping = co_await swap_volumes(tools_, outcome_.instance, *swap_);
  outcome_.swapped = swapping.state;
  outcome_.swapped_volumes = swap_->volumes;
  is_settled_ = true;
  co_return swapping.status;
}

/// Nothing is stopped for what is refused then; and a server that nobody can start, because its
/// root volume is out, is left to somebody with the rights.
Task<Status> InterruptedRestore::see_that_it_may() {
  const auto may = co_await may_exchange(tools_.ec2, outcome_.instance, *swap_);
  if (may) {
    co_return Status();
  }
  outcome_.left_behind.push_back(
      fmt::format("its volumes are replaced in part by {}", swap_->restore.str()));
  const auto& root = stranded_.instance.root_device_name;
  const auto& volumes = stranded_.instance.volumes;
  const bool has_root = contains(volumes, root, &ec2::AttachedVolume::device);
  outcome_.left_down = stranded_.may_be_down && !has_root;
  co_return fail(
      Error{may.error().kind,
            fmt::format("{}: the replacement of its volumes by {} cannot be finished: "
                        "{}",
                        outcome_.instance.str(), swap_->restore.str(), may.error().message),
            fmt::format("with the rights of pitstop iam-policy restore: pitstop "
                        "recover {}",
                        outcome_.instance.str()),
            may.error().code});
}

/// Nobody can start a server whose root volume is out. One whose root is not exchanged may have
/// been started by somebody, the guard perhaps; then it runs on what is neither old nor new.
Task<Status> InterruptedRestore::see_that_it_rests() {
  using enum ec2::InstanceState;
  const auto state = stranded_.instance.state;
  if (state != running && state != pending) {
    co_return Status();
  }
  tools_.report(outcome_.instance, Step::stop_requested);
  stranded_.may_be_down = true;
  std::vector<InstanceId> ids{outcome_.instance};
  CO_TRY_STATUS(co_await ec2::stop_instances(tools_.ec2, std::move(ids)));
  ec2::Wait<ec2::Instance> wait;
  wait.ids = {outcome_.instance};
  wait.enough = [](const ec2::Instance& instance) { return instance.state == stopped; };
  const auto waited = co_await tools_.instances.wait(std::move(wait));
  outcome_.api_calls += waited.polls;
  co_return waited.status;
}

/// What the run had asked for when it ended may be carried out after that.
Task<void> InterruptedRestore::let_late_requests_arrive() {
  if (stranded_.last_sign) {
    const auto since = std::max<Duration>(tools_.clock.wall() - *stranded_.last_sign, Duration{});
    co_await tools_.clock.sleep(std::max<Duration>(request_is_late_at_most - since, Duration()));
  }
}

Task<Status> InterruptedRestore::conclude() {
  return conclude_swap(tools_, outcome_.instance, *swap_, *outcome_.swapped);
}

}  // namespace pitstop
