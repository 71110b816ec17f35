#include "cli/orphans.hpp"

#include <algorithm>
#include <map>

#include "backup/policy_names.hpp"
#include "cli/give_up.hpp"
#include "cli/recover_command.hpp"
#include "cli/wiring.hpp"

namespace pitstop {
namespace {

/// By the policy that had asked for their backup; empty: none had.
using Orphans = std::map<std::string, std::vector<std::string>>;

/// Forgets the locks again: whoever recovers takes them.
Result<Orphans> find_orphans(const GlobalOptions& options, const Surroundings& surroundings) {
  TRY(const auto state, open_state(options, surroundings));
  TRY(const auto open, state->journal.open_backups());
  Orphans orphans;
  for (const auto& backup : open) {
    if (state->locks.lock(backup.run)) {
      state->locks.unlock(backup.run);
      const auto names = policies_in(backup.policy);
      orphans[names.empty() ? "" : names.front()].push_back(backup.instance.str());
    }
  }
  return orphans;
}

}  // namespace

Task<ExitStatus> bring_back_orphans(std::vector<PolicyEntry> policies, GlobalOptions options,
                                    Surroundings& surroundings, BackupReport& report) {
  const auto orphans = find_orphans(options, surroundings);
  if (!orphans) {
    co_return give_up(orphans.error(), report);
  }
  auto worst = ExitStatus::done;
  for (const auto& [name, instances] : *orphans) {
    RecoverArguments arguments{.instances = instances, .no_wait = true, .on_down = {}};
    auto where = options;
    const auto known = std::ranges::find(policies, name, &PolicyEntry::name);
    if (known != policies.end() && known->policy) {
      where = known->policy->options;
      arguments.on_down = known->policy->on_down;
    }
    const auto own_report = open_report(options, surroundings);
    if (!own_report) {
      co_return give_up(own_report.error(), report);
    }
    worst = worse(worst, co_await run_recover(std::move(arguments), std::move(where), surroundings,
                                              **own_report));
  }
  co_return worst;
}

}  // namespace pitstop
