#pragma once

#include "sim/cloud/instances.hpp"

namespace pitstop::sim {

/// A volume that is attached to nothing. From a snapshot it has the contents that the snapshot
/// caught.
Answer<VolumeId> create_volume(Region& region, const PlannedVolume& plan, const std::string& zone,
                               const std::string& client_token);

Answer<void> attach_volume(Region& region, const VolumeId& volume, const InstanceId& instance,
                           const std::string& device);

/// A root volume only while its instance is stopped.
Answer<void> detach_volume(Region& region, const VolumeId& volume,
                           std::optional<InstanceId> instance);

Answer<void> delete_volume(Region& region, const VolumeId& volume);

/// The volume, or EC2's InvalidVolume.NotFound.
Answer<Volume*> find_volume(Region& region, const VolumeId& id);

/// Counts what has been written up to now.
void settle(Region& region, Volume& volume);

/// From now on its server writes on it.
void mount(Region& region, Volume& volume);

/// Nobody writes any more; `left` is how the file systems were left.
void quiesce(Region& region, Volume& volume, FileSystem left);

}  // namespace pitstop::sim
