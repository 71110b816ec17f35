#pragma once

#include <memory>
#include <vector>

#include "backup/plan.hpp"
#include "base/clock.hpp"
#include "ec2/caller.hpp"

/// Snapshots that are not complete: EC2 copies those of a volume one after the other, so they keep
/// a new one at 0 %, and its server down (AWS re:Post, "Why is my EBS snapshot stuck").
namespace pitstop {

/// Looks for them for any number of servers: those that are looked at within a moment go in one
/// call.
class PendingSnapshots {
 public:
  PendingSnapshots(ec2::Caller& caller, Clock& clock, Duration moment);
  ~PendingSnapshots();
  PendingSnapshots(const PendingSnapshots&) = delete;
  PendingSnapshots& operator=(const PendingSnapshots&) = delete;

  /// Those of these volumes, whoever made them; the oldest first.
  Task<Result<std::vector<ec2::Snapshot>>> of(const std::vector<ec2::Volume>& volumes);

 private:
  struct Gathering;
  std::unique_ptr<Gathering> gathering_;
};

/// How long to wait until EC2 takes another snapshot of these volumes: 15 s must lie between two
/// snapshots of one volume (EC2 error SnapshotCreationPerVolumeRateExceeded).
Duration until_more_are_taken(const std::vector<ec2::Snapshot>& pending, WallTime now);

}  // namespace pitstop
