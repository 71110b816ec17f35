#pragma once

#include "backup/swap.hpp"
#include "ec2/instances.hpp"
#include "ec2/volumes.hpp"

/// What EC2 shows of volumes that are replaced, or are about to be. Changes nothing.
namespace pitstop {

/// Orders the places of a swap: what is listed first goes out first, and comes in last.
void root_first(Swap& swap, const std::string& root_device);

/// Where an instance has a volume attached, or is about to; null if it has not.
const ec2::VolumeAttachment* attachment_to(const InstanceId& instance,
                                           const std::vector<ec2::Volume>& volumes,
                                           const VolumeId& id);

/// The exchange that an interrupted run has prepared, as the tags of its volumes tell, which
/// anybody may have written; nothing if there are none.
Task<Result<std::optional<Swap>>> find_swap(ec2::Caller& ec2, RestoreId restore,
                                            std::string root_device);

/// The volumes of both sides.
Task<Result<std::vector<ec2::Volume>>> volumes_of(ec2::Caller& ec2, Swap swap);

/// Completes a swap that the journal has: finds the volumes that were about to be made, which it
/// cannot name yet. One of them is what was created from the snapshot that it names, `since` then,
/// and has the tags of that place.
Task<Status> complete_swap(ec2::Caller& ec2, InstanceId instance, WallTime since, Swap& swap);

/// Whether these credentials may detach and attach its volumes (DryRun): `forbidden` if not.
Task<Status> may_exchange(ec2::Caller& ec2, InstanceId instance, Swap swap);

/// How far an exchange has come, by what is attached.
enum class SwapProgress {
  not_begun,
  begun,  ///< some volume has gone out, or come in
  done,
};
Task<Result<SwapProgress>> progress_of(ec2::Caller& ec2, InstanceId instance, Swap swap);

}  // namespace pitstop
