#pragma once

#include <vector>

#include "backup/options.hpp"

namespace pitstop {

/// The options of one backup that is made for several policies, given in their order, so that each
/// gets at least what it asks for: those of the first policy that stops servers, else of the first,
/// and
///   - only volumes that all of them leave out are left out, and detached ones of any are taken;
///   - whatever one of them asks for is done: guard, reservation, standby, drain, waiting;
///   - a finding that one accepts is accepted, for the server would be stopped for that one anyway;
///   - the shortest longest downtime holds, and the window that closes first.
BackupOptions options_for_all(const std::vector<BackupOptions>& of_policies);

}  // namespace pitstop
