#pragma once

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
};

/// Asks EC2 for the servers of a selection and the volumes attached to them; in the order of the
/// ids, or by id. An id that EC2 does not know is an error and nothing else is looked at; so is a
/// selection that selects nothing, and an exclusion of what is not selected: mistyped, it would
/// stop what should be left alone.
Task<Result<std::vector<SelectedServer>>> select_servers(ec2::Caller& caller, Selection selection);

/// Adds volumes that are not attached to the server; one that EC2 does not know is left out.
Task<Status> add_volumes(ec2::Caller& caller, std::vector<VolumeId> ids, SelectedServer& server);

}  // namespace pitstop
