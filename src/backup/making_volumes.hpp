#pragma once

#include <vector>

#include "base/clock.hpp"
#include "ec2/volumes.hpp"

namespace pitstop {

/// Makes volumes of snapshots and waits until all are available; their ids are in the order of the
/// requests. A request that is made again with its token makes no second volume. On an error those
/// that were made are deleted again; one that cannot be is named in the error.
Task<Result<std::vector<VolumeId>>> make_volumes(ec2::Caller& ec2, Clock& clock,
                                                 std::vector<ec2::VolumeRequest> requests);

/// Deletes them, however many are gone already. The error names what stays.
Task<Status> delete_volumes(ec2::Caller& ec2, std::vector<VolumeId> volumes);

}  // namespace pitstop
