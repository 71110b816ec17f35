#pragma once

#include <map>

#include "backup/select.hpp"
#include "catalog/find_backups.hpp"
#include "cli/ec2_sites.hpp"
#include "report/backup_list.hpp"

/// The backups that there are, for the commands that show them or work on them.
namespace CLI {
class App;
}

namespace pitstop {

/// A server whose backups are asked for.
struct NamedServer {
  InstanceId instance;
  std::string name = {};  ///< empty: it is not known
};

/// A server of which no more is known than this, as reports are told of it.
ec2::Instance as_instance(const InstanceId& id, const std::string& name);

/// Declares `--with-safety-backups`.
void declare_safety_backups(CLI::App& command, bool& counts, const char* group);

/// The servers of a selection. Those that are named by their ids need not exist any more.
Task<Result<std::vector<NamedServer>>> named_servers(const Ec2Sites& sites, Selection selection);

/// Finds them at all sites and adds what the journal of this machine knows, if it has one; by site,
/// name and server, and of each server the newest first. `silent_sites`, if there are any, are told
/// to the report.
Task<Result<BackupList>> known_backups(const Ec2Sites& sites, BackupSearch search,
                                       const GlobalOptions& options,
                                       const Surroundings& surroundings, BackupReport& report);

/// The one of that id; an error says that there is none, or that several sites have it.
Task<Result<BackupSet>> the_backup(const Ec2Sites& sites, BackupId backup,
                                   const GlobalOptions& options, const Surroundings& surroundings,
                                   BackupReport& report);

}  // namespace pitstop
