#include "cli/show_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "cli/give_up.hpp"
#include "cli/known_backups.hpp"
#include "cli/known_restores.hpp"
#include "report/past_run_json.hpp"
#include "report/past_run_text.hpp"
#include "report/wording.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_show(CLI::App& app, ShowArguments& arguments) {
  auto* command = app.add_subcommand(
      "show",
      "Everything about a run, a backup, or a restore.\n\n"
      "A run, r-…: what came of each server, and why, from the journal that pitstop backup keeps\n"
      "on this machine; asks nothing of AWS. Of each server: outcome, consistency, downtime and "
      "its\n"
      "phases, gate, image, snapshots, error and hint. A run that is under way is shown as far as\n"
      "it has come; so is one that was interrupted and not recovered yet.\n\n"
      "A backup, b-…: asks EC2 for its snapshots, and says what they are worth, whether all are\n"
      "there, and what the server was. pitstop list has the ids.\n\n"
      "A restore, rs-…: what it has made, what it keeps, and what can be done about that. pitstop\n"
      "list --restores has the ids.");
  const auto* group = "What to show";
  command
      ->add_option("what", arguments.what,
                   "A run: its id, or the beginning of it (default: the latest); or the\n"
                   "id of a backup or of a restore")
      ->type_name("RUN|BACKUP|RESTORE")
      ->group(group);
  command
      ->add_flag("--failed", arguments.failed,
                 "Of a run: only servers that have no backup, or were left down, or are\n"
                 "under way")
      ->group(group);
  command->footer(
      "Examples:\n"
      "  pitstop show\n"
      "  pitstop show r-0123456789ab --failed\n"
      "  pitstop show b-0123456789ab\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}));
  return command;
}

// Run.

namespace {

/// So many are named in an error.
constexpr std::size_t most_runs_named = 5;

std::string named(const RunRecord& run) {
  return fmt::format("{} ({}, {})", run.run.str(), rfc3339(run.begun),
                     counted(run.ended + run.under_way, "server"));
}

std::string first_named(const std::vector<RunRecord>& runs) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(runs.size(), most_runs_named); ++i) {
    names.push_back(named(runs[i]));
  }
  if (runs.size() > most_runs_named) {
    names.push_back(fmt::format("and {} more", runs.size() - most_runs_named));
  }
  return join(names, ", ");
}

/// Of `runs`, which has the latest first, the one that is meant.
Result<RunRecord> choose_run(const std::string& text, const std::vector<RunRecord>& runs) {
  if (runs.empty()) {
    return fail(ErrorKind::not_found, "no backup is in the journal",
                "pitstop backup writes each one down; --state-dir names another journal");
  }
  if (text.empty()) {
    return runs.front();
  }
  std::vector<RunRecord> meant;
  for (const auto& run : runs) {
    if (run.run.str() == text) {
      return run;
    }
    if (run.run.str().starts_with(text)) {
      meant.push_back(run);
    }
  }
  if (meant.empty()) {
    return fail(ErrorKind::not_found, fmt::format("no run {} is in the journal", in_quotes(text)),
                fmt::format("the latest are {}", first_named(runs)));
  }
  if (meant.size() > 1) {
    return fail(ErrorKind::usage,
                fmt::format("{} runs begin with {}", meant.size(), in_quotes(text)),
                fmt::format("give more of the id: {}", first_named(meant)));
  }
  return meant.front();
}

Status show_past_run(const ShowArguments& arguments, const GlobalOptions& options,
                     const Surroundings& surroundings) {
  TRY(const auto journal, find_journal(options, surroundings));
  TRY(const auto runs, journal.runs());
  TRY(const auto chosen, choose_run(arguments.what, runs));
  PastRun run;
  run.run = chosen.run;
  run.is_latest = chosen.run == runs.front().run;
  // What ends between the two looks is then in both rather than in none.
  TRY(run.under_way, journal.open_backups());
  TRY(run.ended, journal.backups({.run = chosen.run}));
  std::erase_if(run.under_way, [&](const OpenBackup& open) {
    return open.run != chosen.run ||
           std::ranges::find(run.ended, open.instance, &BackupRecord::instance) != run.ended.end();
  });
  if (options.output == "json") {
    write_past_run_json(run, arguments.failed, surroundings.output);
  } else {
    surroundings.output << past_run_text(run, arguments.failed) << std::flush;
  }
  return {};
}

Task<Status> show_backup(BackupId backup, GlobalOptions options, Surroundings& surroundings,
                         BackupReport& report) {
  CO_TRY(const auto sites, Ec2Sites::open(options, surroundings));
  BackupSearch search{.backup = backup};
  CO_TRY(const auto list,
         co_await known_backups(sites, std::move(search), options, surroundings, report));
  if (list.backups.empty()) {
    co_return fail(ErrorKind::not_found, fmt::format("EC2 has no backup {}", backup.str()),
                   "pitstop list shows those that there are; check the region (--region) and the "
                   "account (--profile)");
  }
  for (const auto& each : list.backups) {
    if (options.output == "json") {
      write_backup_details_json(each, surroundings.output);
    } else {
      surroundings.output << backup_details_text(each, list.now) << std::flush;
    }
  }
  co_return Status();
}

}  // namespace

Task<ExitStatus> run_show(ShowArguments arguments, GlobalOptions options,
                          Surroundings& surroundings, BackupReport& report) {
  if (arguments.what.starts_with("rs-")) {
    co_return co_await run_show_restore(RestoreId(arguments.what), std::move(options), surroundings,
                                        report);
  }
  Status shown;
  if (arguments.what.starts_with("b-")) {
    shown =
        co_await show_backup(BackupId(arguments.what), std::move(options), surroundings, report);
  } else {
    shown = show_past_run(arguments, options, surroundings);
  }
  co_return shown ? ExitStatus::done : give_up(shown.error(), report);
}

}  // namespace pitstop
