#pragma once

#include "sim/cloud/images.hpp"

namespace pitstop::sim {

struct SnapshotCopy {
  SnapshotSpecification specification;
  bool encrypted = false;  ///< as the call says; that of an encrypted one always is
  std::string kms_key;     ///< by any of its names; empty: the account's own for EBS
};

/// CopySnapshot into `region`: made of a completed one of any region and account, whose region is
/// `there`, on the same clock. What a key forbids is found out later: then the copy ends in
/// `error`.
Answer<SnapshotId> copy_snapshot(Region& region, const Region& there, const Snapshot& source,
                                 const SnapshotCopy& copy);

/// CopyImage into `region`: a copy of each snapshot, and an image like the available one that
/// stands on these. The image has `tags`, whatever the call says of them.
Answer<ImageId> copy_image(Region& region, const Region& there, const Image& source,
                           const ImageCopy& copy, Tags tags);

/// The image that the client token has made before; nothing if there is none.
/// IdempotentParameterMismatch if it was made by another call.
Answer<std::optional<ImageId>> copied_before(const Region& region, const ImageCopy& copy);

}  // namespace pitstop::sim
