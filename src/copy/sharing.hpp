#pragma once

#include "copy/copy_plan.hpp"
#include "copy/copy_tools.hpp"

/// An original is open to the account that it is copied to for as long as that takes, and not a
/// moment longer: its tag tells the next `pitstop copy` to close what an interrupted one has left
/// open. What somebody else has opened stays open.
namespace pitstop {

/// Opens the snapshots of a set to the account.
Task<Status> open_to(CopyTools tools, BackupSet set, std::string account);

/// Closes those again that were opened by us.
Task<Status> close_to(CopyTools tools, BackupId backup, std::string account);

/// The backups of which something is open to the account by us.
Task<Result<std::vector<BackupId>>> open_backups_to(ec2::Caller& from, std::string account);

}  // namespace pitstop
