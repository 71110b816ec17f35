#pragma once

#include "backup/plan.hpp"
#include "backup/tools.hpp"

namespace pitstop {

/// Writes down that the backup is under way; everything else about it comes after that. `held` if
/// another run has the server.
Task<Status> open_backup(Tools tools, const BackupPlan& plan);

/// Writes down what is about to be done to a server that is not down yet: an error means that it
/// must not be done.
Task<Status> set_mark(Tools tools, const BackupPlan& plan, Mark mark, std::string detail = {});

/// Writes down what is about to be done to a server that is down. A journal that fails is reported,
/// and nothing else: what brings the server back must not wait for it, and EC2's tags tell the
/// rest.
Task<void> note_mark(Tools tools, const BackupPlan& plan, Mark mark, std::string detail = {});

}  // namespace pitstop
