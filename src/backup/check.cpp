#include "backup/check.hpp"

#include <fmt/format.h>

#include "backup/down_tag.hpp"
#include "backup/reservation.hpp"
#include "ec2/instances.hpp"
#include "ec2/snapshots.hpp"
#include "ec2/tags.hpp"

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

/// The tag that the server has while it is down.
Task<Status> check_tagging(ec2::Caller& caller, const BackupPlan& plan) {
  const std::vector<std::string> resources{plan.instance.id.str()};
  const ec2::Tags tags{{down_tag_key, plan.run.str()}};
  auto tagging = co_await ec2::may_create_tags(caller, resources, tags);
  CO_TRY_STATUS(permission(plan, "CreateTags", std::move(tagging)));
  auto untagging = co_await ec2::may_delete_tags(caller, resources, tags);
  CO_TRY_STATUS(permission(plan, "DeleteTags", std::move(untagging)));
  co_return Status();
}

}  // namespace

Task<Status> check(ec2::Caller& caller, const BackupPlan& plan, WallTime now) {
  const std::vector<InstanceId> ids{plan.instance.id};
  if (!plan.found_stopped()) {
    auto start = co_await ec2::may_start_instances(caller, ids);
    CO_TRY_STATUS(permission(plan, "StartInstances", std::move(start)));
    auto stop = co_await ec2::may_stop_instances(caller, ids);
    CO_TRY_STATUS(permission(plan, "StopInstances", std::move(stop)));
  }
  CO_TRY_STATUS(co_await check_tagging(caller, plan));
  if (plan.options.reserve_capacity && !plan.found_stopped()) {
    auto reserve = co_await may_reserve_capacity(caller, plan, now);
    CO_TRY_STATUS(permission(plan, "CreateCapacityReservation", std::move(reserve)));
  }
  auto request = snapshot_request(plan, Consistency::at_rest, WallTime());
  auto snapshots = co_await ec2::may_create_snapshots(caller, std::move(request));
  CO_TRY_STATUS(permission(plan, "CreateSnapshots", std::move(snapshots)));
  co_return Status();
}

}  // namespace pitstop
