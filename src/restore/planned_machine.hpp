#pragma once

#include "backup/captured_configuration.hpp"
#include "catalog/backup_set.hpp"
#include "restore/restore_plan.hpp"

namespace pitstop {

/// Plans the machine of a new server like the one that a server was: its type, its processors and
/// what depends on them. What cannot be as it was is added to the losses of the plan, a line each.
void plan_machine(NewServerPlan& plan, const CapturedServer& was, const NewServerWishes& wishes,
                  const Original& original);

/// Plans the licenses of a new server. Those of a copy are losses: a license configuration belongs
/// to one account and region.
void plan_licenses(NewServerPlan& plan, const CapturedServer& was, const BackupSet& set);

}  // namespace pitstop
