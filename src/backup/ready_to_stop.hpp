#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

/// What has to be there before a server is stopped.
namespace pitstop {

/// Sets the tokens aside that its snapshots and its start will need: a queue for what is needed
/// while the server is down costs nothing while it is up.
Task<Status> set_tokens_aside(Tools tools, const BackupPlan& plan);

/// Whether the credentials outlive the longest outage. The check asked before the wait for a place.
Task<Status> see_that_credentials_last(Tools tools, const BackupPlan& plan);

}  // namespace pitstop
