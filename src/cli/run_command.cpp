#include "cli/run_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "backup/recording.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "cli/backup_command.hpp"
#include "cli/check_command.hpp"
#include "cli/config_option.hpp"
#include "cli/copy_command.hpp"
#include "cli/give_up.hpp"
#include "cli/orphans.hpp"
#include "cli/policy_file.hpp"
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
      "does not keep is removed after a new backup. Policies are run in the order of the file, "
      "one\n"
      "after the other.");
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

/// A policy that is under way is locked as a run is, by a name that no run has.
RunId lock_of(const Policy& policy) {
  return RunId("policy-" + policy.name);
}

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

class PoliciesRun {
 public:
  PoliciesRun(RunArguments arguments, GlobalOptions options, Surroundings& surroundings,
              BackupReport& report)
      : arguments_(std::move(arguments)),
        options_(std::move(options)),
        surroundings_(surroundings),
        report_(report),
        begun_(surroundings.clock.wall()) {}

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
    for (const auto& mistake : file->mistakes) {
      ended_with(give_up(mistake, report_));
    }
    for (const auto& entry : *chosen) {
      const auto status = co_await run_entry(entry);
      ended_.emplace_back(entry.name, number(status));
      ended_with(status);
    }
    for (const auto& entry : *chosen) {
      if (entry.policy && entry.policy->copies && !surroundings_.interruption.requested()) {
        ended_with(co_await copy_backups_of(*entry.policy));
      }
    }
    if (options_.output == "json") {
      write_policies_json(ended_, number(status_), surroundings_.output);
    }
    co_return status_;
  }

 private:
  void ended_with(ExitStatus status) { status_ = worse(status_, status); }

  Task<ExitStatus> run_entry(PolicyEntry entry) {
    if (surroundings_.interruption.requested()) {
      co_return ExitStatus::interrupted;
    }
    if (!entry.policy) {
      tell(entry.name, Standing::mistaken);
      co_return ExitStatus::usage;
    }
    co_return co_await run_if_open(*std::move(entry.policy));
  }

  Task<ExitStatus> run_if_open(Policy policy) {
    auto& request = policy.request;
    request.dry_run = arguments_.dry_run;
    if (!arguments_.now) {
      const auto opening = opening_at(policy.schedule, surroundings_.clock.wall());
      if (!opening && !policy.schedule.windows.empty()) {
        co_return closed(policy);
      }
      request.schedule = policy.schedule;
      request.options.begin_before = opening ? std::optional(opening->closes) : std::nullopt;
    }
    co_return co_await run_policy(std::move(policy));
  }

  ExitStatus closed(const Policy& policy) {
    const auto& schedule = policy.schedule;
    if (opening_at(schedule, begun_)) {
      return give_up({ErrorKind::deadline,
                      fmt::format("policy {}: its window closed while the policies before it were "
                                  "run",
                                  policy.name),
                      "give each policy a timer of its own, with pitstop run POLICY", ""},
                     report_);
    }
    const auto opens = opening_after(schedule, surroundings_.clock.wall()).opens;
    tell(policy.name, Standing::closed, opens, schedule.zone.show(opens));
    return ExitStatus::done;
  }

  /// With a report of its own, for each run has a board and a summary.
  Task<ExitStatus> run_policy(Policy policy) {
    const auto report = open_report(policy.options, surroundings_);
    if (!report) {
      co_return give_up(report.error(), report_);
    }
    if (arguments_.dry_run) {
      co_return co_await run_check(std::move(policy.request), std::move(policy.options),
                                   surroundings_, **report);
    }
    const auto state = open_state(policy.options, surroundings_);
    if (!state) {
      co_return give_up(state.error(), report_);
    }
    auto& locks = (*state)->locks;
    const auto lock = lock_of(policy);
    const auto locked = locks.lock(lock);
    if (!locked && locked.error().kind == ErrorKind::held) {
      tell(policy.name, Standing::under_way);
      co_return ExitStatus::done;
    }
    if (!locked) {
      co_return give_up(locked.error(), report_);
    }
    const auto begun = surroundings_.clock.wall();
    auto status =
        co_await run_backup(policy.request, policy.options, surroundings_, **report, **state);
    if (policy.retention.originals && is_newly_backed_up(**state, policy, begun)) {
      status = worse(status, co_await prune_after(policy));
    }
    locks.unlock(lock);
    co_return status;
  }

  /// A timer asks often: as long as there is no new backup, no old one goes.
  static bool is_newly_backed_up(const State& state, const Policy& policy, WallTime begun) {
    const auto backups = state.journal.backups({.policy = policy.name, .since = begun});
    return backups && std::ranges::any_of(*backups, [](const BackupRecord& record) {
             return is_good(to_outcome(record));
           });
  }

  Task<ExitStatus> prune_after(const Policy& policy) {
    const auto report = open_report(policy.options, surroundings_);
    if (!report) {
      co_return give_up(report.error(), report_);
    }
    co_return co_await prune_for_policy(policy.name, {.originals = policy.retention.originals},
                                        policy.options, surroundings_, **report);
  }

  /// After all servers are up, and at each call: what was not complete before may be now.
  Task<ExitStatus> copy_backups_of(const Policy& policy) {
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

  Task<ExitStatus> prune_copies(const Policy& policy, std::vector<std::string> regions) {
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
                                        std::move(there), surroundings_, **report);
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
  WallTime begun_;
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
