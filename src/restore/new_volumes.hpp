#pragma once

#include "ec2/volumes.hpp"
#include "restore/restore_outcome.hpp"
#include "restore/restore_tools.hpp"

namespace pitstop {

/// What EC2 is asked for. The token is made of the restore and the snapshot: a request that is made
/// again makes no second volume.
ec2::VolumeRequest volume_request(const PlannedVolume& volume, const RestorePlan& plan,
                                  const std::string& zone, int initialization_rate);

/// Makes the volumes of a plan in a zone, and waits until each is available. On an error those that
/// were made are deleted.
Task<Result<std::vector<RestoredVolume>>> make_volumes(RestoreTools tools, RestorePlan plan,
                                                       std::string zone, int initialization_rate);

}  // namespace pitstop
