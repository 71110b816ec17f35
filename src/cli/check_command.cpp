#include "cli/check_command.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/this_coro.hpp>

#include "base/concurrently.hpp"
#include "base/contains.hpp"
#include "base/log.hpp"
#include "cli/backup_options.hpp"
#include "cli/drawing.hpp"
#include "cli/due.hpp"
#include "cli/ec2_sites.hpp"
#include "cli/give_up.hpp"
#include "report/figures.hpp"

namespace pitstop {

// Options and declaration.

CLI::App* declare_check(CLI::App& app, BackupArguments& arguments) {
  auto* command = app.add_subcommand(
      "check",
      "Say what a backup would do to servers, and whether it is safe.\n\n"
      "Finds what would make an outage longer or a server not come back: missing permissions,\n"
      "snapshots that hold the gate shut, what a stop destroys, who else would react, and more.\n"
      "A finding refuses a server, warns, or informs; its code goes to --accept. Takes the "
      "options\n"
      "of pitstop backup, which checks the same before each stop. Changes nothing.");
  declare_backup_options(*command, arguments);
  command->footer(
      "Examples:\n"
      "  pitstop check i-0abc1234def567890\n"
      "  pitstop check --all --output json\n\n" +
      exit_status_help({ExitStatus::done, ExitStatus::failed, ExitStatus::usage,
                        ExitStatus::some_failed, ExitStatus::refused, ExitStatus::held,
                        ExitStatus::interrupted}));
  return command;
}

// Run.

namespace {

/// What this machine knows of the past: nothing, if it has no journal that can be read.
Journal journal_or_none(const GlobalOptions& options, const Surroundings& surroundings) {
  auto journal = find_journal(options, surroundings);
  if (!journal) {
    log::debug("nothing is known of earlier backups: {}", journal.error().message);
    return Journal::in_memory();
  }
  return *std::move(journal);
}

void add_history(std::vector<Checked>& all, const Journal& journal, WallTime now) {
  const auto records = journal.backups();
  if (!records) {
    log::debug("no downtime is known: {}", records.error().message);
    return;
  }
  const auto figures = figures_of(*records, {.since = {}, .until = now});
  for (auto& checked : all) {
    const auto known =
        std::ranges::find(figures.servers, checked.instance.id, &ServerFigures::instance);
    if (known != figures.servers.end() && known->figures.downtime.median) {
      const auto& downtime = known->figures.downtime;
      checked.past_downtime = {*downtime.median, *downtime.worst};
    }
  }
}

Task<void> check_site(FleetTools tools, std::size_t site, std::vector<SelectedServer> servers,
                      BackupOptions options, RunId run, std::vector<Checked>& all) {
  std::vector<SelectedServer> here;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (servers[i].site == site) {
      places.push_back(i);
      here.push_back(std::move(servers[i]));
    }
  }
  auto checked = co_await check_fleet(tools, std::move(here), std::move(options), std::move(run));
  for (std::size_t i = 0; i < places.size(); ++i) {
    all[places[i]] = std::move(checked[i]);
  }
}

/// Those that are due, if a policy asks.
Task<Result<std::vector<SelectedServer>>> find_due(const Ec2Sites& sites,
                                                   std::vector<SelectedServer> selected,
                                                   BackupRequest request, const Journal& past,
                                                   BackupReport& report, RunSummary& summary,
                                                   WallTime now) {
  if (request.options.policy.empty()) {
    co_return selected;
  }
  const auto passed_over = pass_over_restored(selected, request.selection);
  PolicyState state{.policy = request.options.policy,
                    .selected = selected.size(),
                    .passed_over = passed_over,
                    .dry_run = request.dry_run};
  std::vector<DueQuestion> questions{due_question(request, std::move(selected))};
  CO_TRY(auto due, co_await those_due(sites.callers(), std::move(questions), past, now));
  for (const auto& [site, error] : due.silent_sites) {
    summary.silent_sites.push_back(sites.all()[site].name());
    report.site_failed(summary.silent_sites.back(), error);
  }
  state.due = due.servers.front().size();
  state.standing = state.due == 0 ? Standing::not_due : Standing::due;
  report.policy(state);
  co_return std::move(due.servers.front());
}

Task<Result<std::vector<Checked>>> check_sites(const Ec2Sites& sites, BackupRequest request,
                                               BackupReport& report, State& state,
                                               RunSummary& summary) {
  CO_TRY(auto selected, co_await select_for(sites.callers(), request));
  for (const auto& [site, error] : selected.silent_sites) {
    summary.silent_sites.push_back(sites.all()[site].name());
    report.site_failed(summary.silent_sites.back(), error);
  }
  const auto tools = sites.tools(report, state.logbook);
  const auto now = tools.front().clock.wall();
  CO_TRY(const auto servers, co_await find_due(sites, std::move(selected.servers), request,
                                               state.journal, report, summary, now));
  report.begun(instances_of(servers));
  std::vector<Checked> all(servers.size());
  std::vector<Task<void>> tasks;
  for (std::size_t site = 0; site < tools.size(); ++site) {
    tasks.push_back(check_site(tools[site], site, servers, request.options, summary.run, all));
  }
  co_await concurrently(std::move(tasks));
  co_return all;
}

bool is_held_by_another(const Checked& checked) {
  return contains(checked.findings, FindingCode::held, &Finding::code);
}

ExitStatus status_of(const RunSummary& summary, bool some_are_held) {
  if (summary.refused > 0) {
    return some_are_held ? ExitStatus::held : ExitStatus::refused;
  }
  return summary.silent_sites.empty() ? ExitStatus::done : ExitStatus::some_failed;
}

Task<Result<ExitStatus>> check_all(BackupRequest request, GlobalOptions options,
                                   Surroundings& surroundings, BackupReport& report) {
  const Instant begun = surroundings.clock.now();
  CO_TRY(auto sites, Ec2Sites::open(options, surroundings));
  co_await sites.look_at_own_host();
  const auto state = std::make_unique<State>(journal_or_none(options, surroundings), RunLocks(),
                                             surroundings.clock);
  RunSummary summary;
  summary.run = new_run_id(surroundings);
  summary.dry_run = true;
  bool some_are_held = false;
  {
    const Executor executor = co_await boost::asio::this_coro::executor;
    const Drawing drawing(executor, report, surroundings.clock, surroundings.redraw_every,
                          [&sites] { return sites.congestion(); });
    CO_TRY(auto all, co_await check_sites(sites, request, report, *state, summary));
    add_history(all, state->journal, surroundings.clock.wall());
    for (const auto& checked : all) {
      report.checked(checked);
    }
    some_are_held = std::ranges::any_of(all, is_held_by_another);
    summary.checked = all.size();
    summary.refused = static_cast<std::size_t>(
        std::ranges::count_if(all, [](const Checked& checked) { return !checked.may_begin(); }));
  }
  const auto status = status_of(summary, some_are_held);
  if (request.schedule && summary.checked == 0 && summary.silent_sites.empty()) {
    co_return status;  // nothing is due: that is said already
  }
  summary.exit_status = number(status);
  summary.policy = request.options.policy;
  summary.api_calls = sites.calls();
  summary.took = surroundings.clock.now() - begun;
  report.ended(summary);
  co_return status;
}

}  // namespace

Task<ExitStatus> run_check(BackupArguments arguments, GlobalOptions options,
                           Surroundings& surroundings, BackupReport& report) {
  auto request = parse_request(arguments, surroundings.environment);
  if (!request) {
    co_return give_up(request.error(), report);
  }
  co_return co_await run_check(*std::move(request), std::move(options), surroundings, report);
}

Task<ExitStatus> run_check(BackupRequest request, GlobalOptions options, Surroundings& surroundings,
                           BackupReport& report) {
  const auto checked =
      co_await check_all(std::move(request), std::move(options), surroundings, report);
  co_return checked ? *checked : give_up(checked.error(), report);
}

}  // namespace pitstop
