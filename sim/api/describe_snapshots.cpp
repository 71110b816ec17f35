#include <algorithm>

#include "base/contains.hpp"
#include "sim/api/actions.hpp"
#include "sim/api/snapshot_view.hpp"
#include "sim/api/visible.hpp"

namespace pitstop::sim::actions {
namespace {

/// Whether one of "self", an account or an alias stands for this account. All snapshots here belong
/// to it, and nobody else may use them.
bool means(const std::vector<std::string>& accounts, const std::string& account) {
  return accounts.empty() || contains(accounts, "self") || contains(accounts, account);
}

}  // namespace

Answer<void> describe_snapshots(ActionCall& call) {
  const Catalogue<SeenSnapshot> catalogue{"SnapshotId", snapshot_ids, snapshot_filters(),
                                          "snapshotSet", write_snapshot};
  const auto owners = call.form.list("Owner");
  const auto restorable_by = call.form.list("RestorableBy");
  const bool shown =
      means(owners, call.region.account) && means(restorable_by, call.region.account);
  TRY(const auto inquiry, read_inquiry(call, catalogue));
  TRY_STATUS(call.admit());
  auto set = call.answer.append_child(catalogue.set);
  return for_each_asked(
      call, catalogue, inquiry, call.region.snapshots,
      [&](const Snapshot& snapshot) -> std::optional<SeenSnapshot> {
        const bool there = is_there(snapshot, call.seen) && (shown || !inquiry.ids.empty());
        return there ? std::optional<SeenSnapshot>({call.region, snapshot, call.seen})
                     : std::nullopt;
      },
      [&](const SeenSnapshot& seen) {
        if (shown) {
          write_snapshot(set.append_child("item"), seen);
        }
      });
}

}  // namespace pitstop::sim::actions
