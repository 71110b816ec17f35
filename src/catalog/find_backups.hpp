#pragma once

#include "backup/every_site.hpp"
#include "catalog/backup_set.hpp"

namespace pitstop {

/// Which backups are looked for: all those that there are, or fewer.
struct BackupSearch {
  std::vector<InstanceId> instances = {};  ///< of these servers; they need not exist any more
  std::optional<BackupId> backup = {};
  std::optional<std::string> policy = {};  ///< that asked for them, alone or with others
};

/// The filters of the calls that look for it among what has `common` in common: one call for each
/// part of the servers, for a filter takes a limited number of them.
std::vector<std::vector<ec2::Filter>> narrowed_to(const BackupSearch& search,
                                                  std::vector<ec2::Filter> common);

/// The backups that EC2 knows of in these accounts and regions, by the tags of snapshots and images
/// that belong to the account; by site, and there the newest first.
Task<Result<FromSites<BackupSet>>> find_backups(std::vector<ec2::Caller*> sites,
                                                BackupSearch search);

}  // namespace pitstop
