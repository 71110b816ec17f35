#pragma once

#include "cli/backup_request.hpp"
#include "journal/journal.hpp"

namespace pitstop {

/// Removes the servers that a restore has made and that nobody has adopted, and returns how many.
/// Such a server has the tags of the one that it is like, and a backup of both is not what somebody
/// has asked for who named servers by tags. Those that are named by their ids stay.
std::size_t pass_over_restored(std::vector<SelectedServer>& servers, const Selection& selection);

/// The servers of a policy, of which some may be due.
struct DueQuestion {
  std::string policy;
  /// Nothing: all of them are.
  std::optional<Schedule> schedule;
  /// How long after the beginning of a backup its snapshots may begin.
  Duration longest_outage{};
  std::vector<SelectedServer> selected;
};

DueQuestion due_question(const BackupRequest& request, std::vector<SelectedServer> selected);

struct DueServers {
  /// One a question.
  std::vector<std::vector<SelectedServer>> servers;
  /// The sites that could not tell whether there are backups, each with the reason: nothing of
  /// theirs is due.
  std::vector<std::pair<std::size_t, Error>> silent_sites = {};
};

/// Of the servers that policies select, those that are due: neither the journal nor EC2 knows of a
/// backup for the policy that is young enough. EC2 is asked for those alone that are due by the
/// journal, in one question a site. If no site can answer, nothing is due: an error.
Task<Result<DueServers>> those_due(std::vector<ec2::Caller*> sites,
                                   std::vector<DueQuestion> questions, const Journal& journal,
                                   WallTime now);

}  // namespace pitstop
