#pragma once

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

/// Copies of what is in another region, or in another account: each is asked for where it will be.
namespace pitstop::ec2 {

/// With which key a copy is encrypted. What is encrypted stays so, by the default key of where the
/// copy is if nothing else is said.
struct CopyEncryption {
  bool encrypted = false;
  std::string key = {};  ///< one of where the copy will be: id, ARN or alias; needs `encrypted`
};

struct SnapshotCopyRequest {
  std::string source_region;
  SnapshotId source;
  std::string destination_region;  ///< the caller's
  /// The same call, signed for the region of the source: that is how EC2 there is asked for the
  /// contents of an encrypted one (API reference, CopySnapshot, "PresignedUrl").
  std::string presigned_url;
  std::string description;
  Tags tags;  ///< those of the source do not go along
  CopyEncryption encryption = {};
};

/// What the presigned URL says: the whole call.
Parameters presigned_parameters(const SnapshotCopyRequest& request);

/// CopySnapshot of a completed snapshot. Has no client token: after `unknown_fate` look for the
/// tags before asking again. What keeps it from becoming complete, such as a key that cannot be
/// used, is said later, by its state.
Task<Result<SnapshotId>> copy_snapshot(Caller& caller, SnapshotCopyRequest request);

/// What EC2 says when 20 copies into a region are under way (EBS quotas, "Concurrent snapshot
/// copies per destination Region").
inline constexpr auto too_many_copies = "ResourceLimitExceeded";
constexpr std::size_t most_copies_at_a_time = 20;

struct ImageCopyRequest {
  std::string source_region;
  ImageId source;
  std::string name;
  std::string description;
  /// The same token gives the same copy.
  std::string client_token;
  Tags image_tags;
  Tags snapshot_tags;  ///< on each of its snapshots
  CopyEncryption encryption = {};
};

/// CopyImage, with its snapshots: what AWS bills for beside the machine goes along. Only an image
/// of the caller's own account.
Task<Result<ImageId>> copy_image(Caller& caller, ImageCopyRequest request);

}  // namespace pitstop::ec2
