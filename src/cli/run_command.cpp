#include "cli/run_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "cli/check_command.hpp"
#include "cli/config_option.hpp"
#include "cli/copy_command.hpp"
#include "cli/give_up.hpp"
#include "cli/orphans.hpp"
#include "cli/policy_file.hpp"
#include "cli/policy_fleet.hpp"
#include "cli/prune_command.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_run(CLI::App& app, RunArguments& arguments) {
  auto* command = app.add_subcommand(
      "run",
      "Back up what is due by the policies of a file: for a timer.\n\n"
      "A policy says which servers, how, how often, and in which window. Of its servers those are\n"
      "backed up that have no good backup for it that is young enough. Does nothing else, says\n"
      "nothing and asks AWS nothing while the window is closed, so it may be called every few\n"
      "minutes; but what an interrupted run has left down is brought back at any time. What a "
      "policy\n"
      "does not keep is removed after a new backup. All policies that are due run side by side, "
      "each\n"
      "by its own rules; a server of several is stopped once for all of them.");
  const auto* group = policies_group;
  command
      ->add_option("policies", arguments.policies, "Only these policies (default: all of the file)")
      ->type_name("POLICY")
      ->expected(0, CLI::detail::expected_max_vector_size)
      ->group(group);
  declare_config(*command, arguments.config);
  command
      ->add_flag("--now", arguments.now,
                 "All servers of the policies that are named, be they due or not, and\n"
                 "whether or not the window is open")
      ->group(group);
  command
      ->add_flag("--dry-run", arguments.dry_run, "Say what would be done now, and change nothing")
      ->group(group);
  command->footer(
      "Examples:\n"
      "  pitstop policy check\n"
      "  pitstop run --dry-run\n"
      "  pitstop run\n"
      "  pitstop run web --now\n\n" +
      exit_status_help());
  return command;
}

// Run.

namespace {

RunId copy_lock_of(const Policy& policy) {
  return RunId("copy-" + policy.name);
}

Result<std::vector<PolicyEntry>> choose(const PolicyFile& file, const RunArguments& arguments) {
  if (arguments.policies.empty() && arguments.now) {
    return fail(ErrorKind::usage, "--now is for policies that are named",
                "pitstop run POLICY --now; without --now, pitstop run does what is due");
  }
  if (arguments.policies.empty()) {
    return file.policies;
  }
  std::vector<PolicyEntry> chosen;
  for (const auto& name : arguments.policies) {
    const auto found = std::ranges::find(file.policies, name, &PolicyEntry::name);
    if (found == file.policies.end()) {
      std::vector<std::string> known;
      std::ranges::transform(file.policies, std::back_inserter(known), &PolicyEntry::name);
      return fail(ErrorKind::usage,
                  fmt::format("there is no policy {} in {}", in_quotes(name), file.path),
                  did_you_mean(name, known));
    }
    chosen.push_back(*found);
  }
  return chosen;
}

class PoliciesRun final : public AfterPolicy {
 public:
  PoliciesRun(RunArguments arguments, GlobalOptions options, Surroundings& surroundings,
              BackupReport& report)
      : arguments_(std::move(arguments)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report) {}

  /// What is left down comes first, even before an error in the file.
  Task<ExitStatus> run() {
    const auto file = read_policy_file(arguments_.config, options_, surroundings_);
    if (!arguments_.dry_run) {
      auto known = file ? file->policies : std::vector<PolicyEntry>();
      ended_with(co_await bring_back_orphans(std::move(known), options_, surroundings_, report_));
    }
    const auto chosen = file ? choose(*file, arguments_) : fail(file.error());
    if (!chosen) {
      ended_with(give_up(chosen.error(), report_));
      co_return status_;
    }
    retentions_ = retention_of_all(*file);
    for (const auto& mistake : file->mistakes) {
      ended_with(give_up(mistake, report_));
    }
    auto known = std::vector<Policy>();
    for (const auto& entry : *chosen) {
      if (entry.policy) {
        known.push_back(*entry.policy);
      } else {
        tell(entry.name, Standing::mistaken);
        statuses_[entry.name] = ExitStatus::usage;
      }
    }
    auto working = arguments_.dry_run ? check_all(known) : back_up_all(known);
    co_await std::move(working);
    co_await copy_all(std::move(known));
    for (const auto& entry : *chosen) {
      ended_.emplace_back(entry.name, number(statuses_[entry.name]));
      ended_with(statuses_[entry.name]);
    }
    if (options_.output == "json") {
      write_policies_json(ended_, number(status_), surroundings_.output);
    }
    co_return status_;
  }

  /// Old backups go when there are new ones. Copies are begun after all servers, and before that
  /// where others take long.
  Task<ExitStatus> after(Policy policy, bool has_new, bool others) override {
    auto status = ExitStatus::done;
    const bool copies = others && has_new && policy.copies;
    const bool prunes = has_new && policy.retention.originals;
    if (!copies && !prunes) {
      co_return status;
    }
    report_.hold_still(true);
    if (prunes) {
      status = co_await prune_after(policy);
    }
    if (copies) {
      status = worse(status, co_await copy_backups_of(policy));
    }
    report_.hold_still(false);
    co_return status;
  }

 private:
  void ended_with(ExitStatus status) { status_ = worse(status_, status); }

  Task<void> check_all(std::vector<Policy> policies) {
    for (const auto& policy : policies) {
      statuses_[policy.name] = co_await check_if_open(policy);
    }
  }

  Task<ExitStatus> check_if_open(Policy policy) {
    if (surroundings_.interruption.requested()) {
      co_return ExitStatus::interrupted;
    }
    auto& request = policy.request;
    request.dry_run = true;
    if (!arguments_.now) {
      const auto now = surroundings_.clock.wall();
      const auto& schedule = policy.schedule;
      const auto opening = opening_at(schedule, now);
      if (!opening && !schedule.windows.empty()) {
        const auto opens = opening_after(schedule, now).opens;
        tell(policy.name, Standing::closed, opens, schedule.zone.show(opens));
        co_return ExitStatus::done;
      }
      request.schedule = schedule;
    }
    co_return co_await run_check(std::move(policy.request), std::move(policy.options),
                                 surroundings_, report_);
  }

  Task<void> back_up_all(std::vector<Policy> policies) {
    const auto state = open_state(options_, surroundings_);
    if (!state) {
      ended_with(give_up(state.error(), report_));
      co_return;
    }
    PolicyFleet fleet({surroundings_, report_, **state, *this});
    co_await fleet.run(policies, arguments_.now);
    for (const auto& policy : policies) {
      statuses_[policy.name] = fleet.status_of(policy.name);
    }
  }

  Task<void> copy_all(std::vector<Policy> policies) {
    for (const auto& policy : policies) {
      if (policy.copies && !surroundings_.interruption.requested()) {
        ended_with(co_await copy_backups_of(policy));
      }
    }
  }

  Task<ExitStatus> prune_after(Policy policy) {
    const auto report = open_report(policy.options, surroundings_);
    if (!report) {
      co_return give_up(report.error(), report_);
    }
    co_return co_await prune_for_policy(policy.name, {.originals = policy.retention.originals},
                                        retentions_, policy.options, surroundings_, **report);
  }

  /// After all servers are up, and at each call: what was not complete before may be now.
  Task<ExitStatus> copy_backups_of(Policy policy) {
    const auto report = open_report(policy.options, surroundings_);
    if (!report) {
      co_return give_up(report.error(), report_);
    }
    const auto state = open_state(policy.options, surroundings_);
    if (!state) {
      co_return give_up(state.error(), report_);
    }
    const auto lock = copy_lock_of(policy);
    const auto locked = (*state)->locks.lock(lock);
    if (!locked) {
      co_return locked.error().kind == ErrorKind::held ? ExitStatus::done
                                                       : give_up(locked.error(), report_);
    }
    const auto copied = co_await copy_for_policy(policy.name, *policy.copies, arguments_.dry_run,
                                                 policy.options, surroundings_, **report);
    auto status = copied.status;
    if (policy.retention.copies && copied.begun_some) {
      status = worse(status, co_await prune_copies(policy, copied.regions));
    }
    (*state)->locks.unlock(lock);
    co_return status;
  }

  Task<ExitStatus> prune_copies(Policy policy, std::vector<std::string> regions) {
    const auto report = open_report(policy.options, surroundings_);
    if (!report) {
      co_return give_up(report.error(), report_);
    }
    auto there = policy.options;
    there.regions = std::move(regions);
    there.regions_of_accounts = false;
    if (!policy.copies->role.empty()) {
      there.assume_roles = {policy.copies->role};
      there.accounts.reset();
    }
    co_return co_await prune_for_policy(policy.name, {.copies = policy.retention.copies},
                                        retentions_, std::move(there), surroundings_, **report);
  }

  void tell(const std::string& policy, Standing standing, std::optional<WallTime> opens = {},
            std::string opens_text = {}) {
    report_.policy({.policy = policy,
                    .standing = standing,
                    .opens = opens,
                    .opens_text = std::move(opens_text),
                    .dry_run = arguments_.dry_run});
  }

  RunArguments arguments_;
  GlobalOptions options_;
  Surroundings& surroundings_;
  BackupReport& report_;
  std::map<std::string, RetentionRules> retentions_;
  std::map<std::string, ExitStatus> statuses_;
  std::vector<std::pair<std::string, int>> ended_;
  ExitStatus status_ = ExitStatus::done;
};

}  // namespace

Task<ExitStatus> run_policies(RunArguments arguments, GlobalOptions options,
                              Surroundings& surroundings, BackupReport& report) {
  PoliciesRun run(std::move(arguments), std::move(options), surroundings, report);
  co_return co_await run.run();
}

}  // namespace pitstop
