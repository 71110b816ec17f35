#pragma once

#include "sim/cloud/snapshots.hpp"

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

}  // namespace pitstop::sim
