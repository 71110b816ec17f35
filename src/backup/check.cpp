#include "backup/check.hpp"

#include <fmt/format.h>

#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"

namespace pitstop {
namespace {

Status permission(const BackupPlan& plan, std::string_view action, Status tried) {
  if (tried) {
    return tried;
  }
  const auto& error = tried.error();
  if (error.kind != ErrorKind::forbidden) {
    return fail(within("the permissions cannot be checked", error));
  }
  return fail(Error{ErrorKind::forbidden,
                    fmt::format("these credentials may not {} for {}: {}", action,
                                plan.instance.id.str(), error.message),
                    fmt::format("allow ec2:{} in their IAM policy; nothing was stopped", action),
                    error.code});
}

}  // namespace

Task<Status> check(ec2::Caller& caller, const BackupPlan& plan) {
  const std::vector<InstanceId> ids{plan.instance.id};
  if (!plan.found_stopped()) {
    auto start = co_await ec2::may_start_instances(caller, ids);
    CO_TRY_STATUS(permission(plan, "StartInstances", std::move(start)));
    auto stop = co_await ec2::may_stop_instances(caller, ids);
    CO_TRY_STATUS(permission(plan, "StopInstances", std::move(stop)));
  }
  auto request = snapshot_request(plan, Consistency::at_rest, WallTime());
  auto snapshots = co_await ec2::may_create_snapshots(caller, std::move(request));
  CO_TRY_STATUS(permission(plan, "CreateSnapshots", std::move(snapshots)));
  co_return Status();
}

}  // namespace pitstop
