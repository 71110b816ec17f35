#include "cli/show_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "cli/exit_status.hpp"
#include "cli/wiring.hpp"
#include "report/past_run_json.hpp"
#include "report/past_run_text.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_show(CLI::App& app, ShowArguments& arguments) {
  auto* command = app.add_subcommand(
      "show",
      "Everything about a run: what came of each server, and why.\n\n"
      "Reads the journal that pitstop backup keeps on this machine; asks nothing of AWS. Of each\n"
      "server: outcome, consistency, downtime and its phases, gate, image, snapshots, error and\n"
      "hint. A run that is under way is shown as far as it has come; so is one that was\n"
      "interrupted and not recovered yet.");
  const auto* group = "What to show";
  command
      ->add_option("run", arguments.run,
                   "The run: its id, or the beginning of it (default: the latest)")
      ->type_name("RUN")
      ->group(group);
  command
      ->add_flag("--failed", arguments.failed,
                 "Only servers that have no backup, or were left down, or are under way")
      ->group(group);
  command->footer(
      "Examples:\n"
      "  pitstop show\n"
      "  pitstop show r-0123456789ab --failed\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage}));
  return command;
}

// Run.

namespace {

/// So many are named in an error.
constexpr std::size_t most_runs_named = 5;

std::string named(const RunRecord& run) {
  return fmt::format("{} ({}, {} servers)", run.run.str(), rfc3339(run.begun),
                     run.ended + run.under_way);
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

}  // namespace

Status run_show(const ShowArguments& arguments, const GlobalOptions& options,
                const Surroundings& surroundings) {
  TRY(const auto journal, find_journal(options, surroundings));
  TRY(const auto runs, journal.runs());
  TRY(const auto chosen, choose_run(arguments.run, runs));
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

}  // namespace pitstop
