#pragma once

#include "backup/stranded.hpp"
#include "report/backup_report.hpp"

namespace pitstop {

/// The instances of selected, or of stranded, servers.
template <class Server>
std::vector<ec2::Instance> instances_of(const std::vector<Server>& servers) {
  std::vector<ec2::Instance> instances;
  for (const auto& server : servers) {
    instances.push_back(server.instance);
  }
  return instances;
}

/// Tells a report of the servers that interrupted runs have left, and why others are passed over.
/// Those that another run holds are what one expects, unless one has asked for them.
void tell_of_stranded(BackupReport& report, const StrandedServers& found, bool held_ones_too,
                      WallTime now);

}  // namespace pitstop
