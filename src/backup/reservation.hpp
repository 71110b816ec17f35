#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"
#include "ec2/placement_groups.hpp"

/// The place of a server that is down, kept by an On-Demand Capacity Reservation: an open one of
/// the same kind, which the running server fills and which stays when it stops (EC2 User Guide,
/// "Capacity Reservations").
namespace pitstop {

/// Why a reservation cannot keep the place of such a server; nothing if it can.
Status can_be_reserved(const ec2::Instance& instance);

/// The same of one in a placement group, as EC2 describes that; null if it does not.
Status can_be_reserved(const ec2::Instance& instance, const ec2::PlacementGroup* group);

/// Makes it, and waits until it is active. `no_capacity` says that the server might not come back.
Task<Status> reserve_capacity(Tools tools, const BackupPlan& plan);

/// Whether these credentials may make it, without making it (DryRun).
Task<Status> may_reserve_capacity(ec2::Caller& caller, const BackupPlan& plan, WallTime now);

/// Cancels what a run has reserved for an instance. If nothing shows, it is looked for once more:
/// EC2 may be late.
Task<Status> cancel_reservation(Tools tools, ec2::Caller& caller, RunId run, InstanceId instance);

}  // namespace pitstop
