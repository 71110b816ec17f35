#pragma once

#include <utility>
#include <vector>

#include "ec2/caller.hpp"
#include "ec2/model.hpp"

namespace pitstop {

/// Which servers: those named, those with all of the tags, or every one; but for the excluded.
struct Selection {
  std::vector<InstanceId> ids;
  /// A value may hold the wildcards * and ?, as EC2's filters have them.
  ec2::Tags tags;
  bool all = false;
  std::vector<InstanceId> excluded = {};
};

struct SelectedServer {
  ec2::Instance instance;
  /// Those attached to it, and those added.
  std::vector<ec2::Volume> volumes;
  /// From 0: the account and region it was found in, of those that were asked.
  std::size_t site = 0;
};

/// The instances of servers.
std::vector<ec2::Instance> instances_of(const std::vector<SelectedServer>& servers);

struct SelectedServers {
  std::vector<SelectedServer> servers;
  /// The sites that gave no answer, of several, each with the reason.
  std::vector<std::pair<std::size_t, Error>> silent_sites = {};
};

/// Asks EC2 for the servers of a selection and the volumes attached to them, at every site; in the
/// order of the ids, or by site and id. An id that no site knows is an error, and so is a server
/// that two sites show; so is a selection
/// that selects nothing, and an exclusion of what is not selected: mistyped, it would stop what
/// should be left alone. A site that gives no answer is an error only if no other one does, or if
/// what is missing may be there.
Task<Result<SelectedServers>> select_servers(std::vector<ec2::Caller*> sites, Selection selection);

/// Adds volumes that are not attached to the server; one that EC2 does not know is left out.
Task<Status> add_volumes(ec2::Caller& caller, std::vector<VolumeId> ids, SelectedServer& server);

}  // namespace pitstop
