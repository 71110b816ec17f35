#pragma once

#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop::ec2 {

/// DescribeImages. At least one of `ids` and `filters` must be given; without ids only images of
/// the caller's own account are found.
Task<Result<std::vector<Image>>> describe_images(Caller& caller, std::vector<ImageId> ids,
                                                 std::vector<Filter> filters);

struct ImageRequest {
  InstanceId instance;
  std::string
      name;  ///< 3 to 128 characters, unique in the account and region: that makes it idempotent
  std::string description;
  /// Volumes that are left out, by where the instance has them; never the root.
  std::vector<std::string> exclude_devices = {};
  Tags image_tags;
  Tags snapshot_tags;
};

/// CreateImage of a stopped instance. NoReboot is set, so that an instance that has come up
/// meanwhile is not restarted. The image's snapshots are seen through describe_images. One attempt,
/// which may take as long as `longest`: after any error look for the name before asking again
/// (backup/creating).
Task<Result<ImageId>> create_image(Caller& caller, ImageRequest request, Duration longest);

/// Whether these credentials may do it, without doing it (DryRun).
Task<Status> may_create_image(Caller& caller, ImageRequest request);

/// What EC2 says to a second image of the same name.
inline constexpr auto image_name_is_taken = "InvalidAMIName.Duplicate";

struct MappedVolume {
  std::string device;
  SnapshotId snapshot;
  std::string type;
  std::optional<int> iops;
  std::optional<int> throughput;
  bool delete_on_termination = false;
};

struct ImageRegistration {
  std::string name;
  std::string description;
  /// EC2's defaults (i386, paravirtual) suit no instance of today: these are always sent.
  std::string architecture;
  std::string virtualization;
  std::string root_device_name;
  bool ena_support = true;
  std::string sriov_net_support;
  std::string boot_mode;
  std::string tpm_support;
  std::string uefi_data;
  std::string imds_support;
  std::string kernel;
  std::string ramdisk;
  std::vector<MappedVolume> volumes;
  Tags tags;
};

/// RegisterImage from snapshots. Has no client token, but a second image of the same name is
/// refused.
Task<Result<ImageId>> register_image(Caller& caller, ImageRegistration registration);

/// DeregisterImage. Its snapshots stay.
Task<Status> deregister_image(Caller& caller, ImageId image);

}  // namespace pitstop::ec2
