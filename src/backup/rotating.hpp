#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// Taking a server out of rotation before its stop, and bringing it back when it runs.
namespace pitstop {

/// Takes a running server out of what its plan's rotation names, and waits until no request is on
/// its way to it any more: until it is in Standby, and its targets have drained. On an error it may
/// be out of some of it.
Task<Status> leave_rotation(Tools tools, const BackupPlan& plan);

/// Whether what load balancing says supports that the server was in these places: target groups
/// that take it, in its network, and addresses that are its own.
Task<Status> supports_rotation(Tools tools, ec2::Instance instance, Rotation rotation);

/// Brings a running server back, and waits until it is in service, and for a while until its
/// targets are healthy. What is not there any more is no error, and what is there already is left
/// as it is: where it is only perhaps away, it is looked at for a minute.
Task<Status> rejoin_rotation(Tools tools, InstanceId instance, Rotation rotation, Away away);

}  // namespace pitstop
