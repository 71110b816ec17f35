#include "ec2/sharing.hpp"

#include "ec2/xml.hpp"

namespace pitstop::ec2 {
namespace {

constexpr auto permission = "createVolumePermission";

Task<Status> modify(Caller& caller, SnapshotId snapshot, const char* operation,
                    std::string account) {
  Call call{.action = "ModifySnapshotAttribute", .effect = Effect::settles};
  call.parameters.add("SnapshotId", snapshot);
  call.parameters.add("Attribute", permission);
  call.parameters.add("OperationType", operation);
  call.parameters.add("UserId.1", account);
  CO_TRY_STATUS(co_await caller.call(std::move(call)));
  co_return Status();
}

}  // namespace

Task<Result<std::vector<std::string>>> accounts_with_access(Caller& caller, SnapshotId snapshot) {
  Call call{.action = "DescribeSnapshotAttribute"};
  call.parameters.add("SnapshotId", snapshot);
  call.parameters.add("Attribute", permission);
  CO_TRY(const Reply reply, co_await caller.call(std::move(call)));
  std::vector<std::string> accounts;
  for (const auto& item : reply.root().child(permission).children("item")) {
    if (auto account = xml::text(item, "userId"); !account.empty()) {
      accounts.push_back(std::move(account));
    }
  }
  co_return accounts;
}

Task<Status> share_snapshot(Caller& caller, SnapshotId snapshot, std::string account) {
  return modify(caller, std::move(snapshot), "add", std::move(account));
}

Task<Status> unshare_snapshot(Caller& caller, SnapshotId snapshot, std::string account) {
  return modify(caller, std::move(snapshot), "remove", std::move(account));
}

}  // namespace pitstop::ec2
