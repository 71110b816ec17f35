#include "ec2/fast_restores.hpp"

#include <algorithm>
#include <array>

#include "base/check.hpp"
#include "base/chunks.hpp"
#include "ec2/dry_run.hpp"
#include "ec2/paging.hpp"
#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

/// "Number of values of parameter SourceSnapshotIds must be less than or equal to 10"
/// (pingcap/tidb#48505); no reference says so.
constexpr std::size_t most_source_snapshots = 10;

constexpr auto disable_action = "DisableFastSnapshotRestores";

constexpr std::array all_fast_restore_states{
    FastRestoreState::enabling, FastRestoreState::optimizing, FastRestoreState::enabled,
    FastRestoreState::disabling, FastRestoreState::disabled};

std::optional<FastRestoreState> parse_fast_restore_state(std::string_view name) {
  const auto found = std::ranges::find(all_fast_restore_states, name,
                                       [](FastRestoreState state) { return to_string(state); });
  return found == all_fast_restore_states.end() ? std::nullopt : std::optional(*found);
}

FastRestore read_fast_restore(const pugi::xml_node& item) {
  FastRestore fast;
  fast.snapshot = SnapshotId(xml::text(item, "snapshotId"));
  fast.zone = xml::text(item, "availabilityZone");
  fast.state = parse_fast_restore_state(xml::text(item, "state"));
  fast.optimizing_since = xml::time(item, "optimizingTime");
  fast.enabled_since = xml::time(item, "enabledTime");
  return fast;
}

RefusedFastRestore read_refused(const pugi::xml_node& item) {
  const auto error = item.child("fastSnapshotRestoreStateErrorSet").child("item").child("error");
  return {.snapshot = SnapshotId(xml::text(item, "snapshotId")),
          .code = xml::text(error, "code"),
          .message = xml::text(error, "message")};
}

Call fast_restore_call(const char* action, const std::vector<SnapshotId>& snapshots,
                       const std::string& zone) {
  CHECK(!snapshots.empty());
  Call call{.action = action, .effect = Effect::settles};
  call.parameters.add("AvailabilityZone.1", zone);
  call.parameters.add_list("SourceSnapshotId", snapshots);
  return call;
}

Task<Result<std::vector<RefusedFastRestore>>> change_fast_restores(
    Caller& caller, const char* action, std::vector<SnapshotId> snapshots, std::string zone) {
  std::vector<RefusedFastRestore> refused;
  for (const auto& part : chunks(snapshots, most_source_snapshots)) {
    CO_TRY(const Reply reply, co_await caller.call(fast_restore_call(action, part, zone)));
    for (const auto& item : reply.root().child("unsuccessful").children("item")) {
      refused.push_back(read_refused(item));
    }
  }
  co_return refused;
}

}  // namespace

std::string_view to_string(FastRestoreState state) {
  switch (state) {
    case FastRestoreState::enabling:
      return "enabling";
    case FastRestoreState::optimizing:
      return "optimizing";
    case FastRestoreState::enabled:
      return "enabled";
    case FastRestoreState::disabling:
      return "disabling";
    case FastRestoreState::disabled:
      return "disabled";
  }
  unreachable();
}

bool FastRestore::is_on() const {
  return state != FastRestoreState::disabling && state != FastRestoreState::disabled;
}

Task<Result<std::vector<FastRestore>>> describe_fast_restores(Caller& caller,
                                                              std::vector<SnapshotId> snapshots,
                                                              std::string zone) {
  CHECK(!snapshots.empty() && snapshots.size() <= most_filter_values);
  Filter of_these{.name = "snapshot-id", .values = {}};
  for (const auto& snapshot : snapshots) {
    of_these.values.push_back(snapshot.str());
  }
  Call call{.action = "DescribeFastSnapshotRestores"};
  call.parameters.add_filters({std::move(of_these), {"availability-zone", {std::move(zone)}}});
  std::vector<FastRestore> all;
  const auto take = [&](const pugi::xml_node& item) { all.push_back(read_fast_restore(item)); };
  CO_TRY_STATUS(co_await for_each_item(caller, std::move(call), "fastSnapshotRestoreSet", take));
  co_return all;
}

Task<Result<std::vector<RefusedFastRestore>>> enable_fast_restores(
    Caller& caller, std::vector<SnapshotId> snapshots, std::string zone) {
  return change_fast_restores(caller, "EnableFastSnapshotRestores", std::move(snapshots),
                              std::move(zone));
}

Task<Result<std::vector<RefusedFastRestore>>> disable_fast_restores(
    Caller& caller, std::vector<SnapshotId> snapshots, std::string zone) {
  return change_fast_restores(caller, disable_action, std::move(snapshots), std::move(zone));
}

Task<Status> may_disable_fast_restores(Caller& caller, std::vector<SnapshotId> snapshots,
                                       std::string zone) {
  for (const auto& part : chunks(snapshots, most_source_snapshots)) {
    CO_TRY_STATUS(co_await dry_run(caller, fast_restore_call(disable_action, part, zone)));
  }
  co_return Status();
}

}  // namespace pitstop::ec2
