#pragma once

#include <string>
#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

/// Which other accounts may make volumes and copies of a snapshot.
namespace pitstop::ec2 {

/// DescribeSnapshotAttribute: the numbers of the accounts.
Task<Result<std::vector<std::string>>> accounts_with_access(Caller& caller, SnapshotId snapshot);

/// ModifySnapshotAttribute. EC2 refuses (OperationNotPermitted) what is encrypted with the
/// account's default key for EBS. Some seconds may pass until the other account sees it.
Task<Status> share_snapshot(Caller& caller, SnapshotId snapshot, std::string account);

/// The other way round; what is not shared stays so.
Task<Status> unshare_snapshot(Caller& caller, SnapshotId snapshot, std::string account);

}  // namespace pitstop::ec2
