#pragma once

#include "sim/api/form.hpp"
#include "sim/cloud/images.hpp"
#include "sim/cloud/instances.hpp"

namespace pitstop::sim {

/// "BlockDeviceMapping.1.DeviceName=…&BlockDeviceMapping.1.Ebs.VolumeSize=…": what it says of a
/// device; what it leaves open is as the image has it, or as is usual.
struct BlockDevice {
  std::string name;
  bool removed = false;       ///< NoDevice: the image's is left out
  bool is_ephemeral = false;  ///< VirtualName: not EBS's
  std::optional<int> gib;
  std::string type;
  std::optional<int> iops;
  std::optional<int> throughput;
  std::optional<bool> encrypted;
  std::string kms_key;
  std::optional<bool> delete_on_termination;
  SnapshotId snapshot;
  std::optional<int> initialization_rate;  ///< MiB/s
};

Answer<std::vector<BlockDevice>> read_block_devices(FormReader& form);

/// The volumes of an instance to be: those of the image, changed and added to by the devices.
Answer<std::vector<PlannedVolume>> plan_volumes(Region& region, const Image& image,
                                                const std::vector<BlockDevice>& devices);

/// The volumes of an image to be; each one needs a snapshot.
Answer<std::vector<MappedVolume>> map_volumes(Region& region,
                                              const std::vector<BlockDevice>& devices);

}  // namespace pitstop::sim
